/**
 * `npm run verify-audit`: follows an audit's chain of hashes from its first row to its last and says where it is broken.
 *
 * Without a file: the operators' audit, read from the bank. Rows cut off the end leave a whole chain: keep the last line
 * printed, and give it the next time with --expect.
 * With --file: audit logs of organisations, from the dashboard's audit.csv or from `wrangler d1 execute --json`; --heads
 * is a file of the bank's own log, whose `audit_heads` lines tell where each log ended; --all says that the file has the
 * rows of all organisations.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { followChain } from '#operator/operator-action.ts';
import { findHeads, parseRowsFile, verifyLogs } from './audit/verify-logs.mjs';
import { CONNECTION_OPTIONS, connect, Refused } from './operator/connection.mjs';

const PAGE = 500;

const { values } = parseArgs({
  options: {
    ...CONNECTION_OPTIONS,
    expect: { type: 'string' },
    file: { type: 'string' },
    heads: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});

function rowOf({ request_id: requestId, previous_hash: previousHash, ...row }) {
  return { ...row, requestId, previousHash };
}

/** Follows all pages; the end of the chain, and whether `expected` was passed on the way. */
async function verify(send, expected) {
  let end = EMPTY_CHAIN;
  let isSeen = expected === undefined;
  for (;;) {
    const { actions } = await send('GET', `/audit?after=${end.sequence}&limit=${PAGE}`);
    const followed = await followChain(end, actions.map(rowOf));
    if ('fault' in followed) throw new Refused(`The audit is broken: ${followed.fault}.`);
    isSeen ||= actions.some(({ sequence, hash }) => `${sequence}:${hash}` === expected);
    end = followed.end;
    if (actions.length < PAGE) return { end, isSeen };
  }
}

async function verifyOperators() {
  const { end, isSeen } = await verify(connect(values), values.expect);
  if (!isSeen) throw new Refused(`The audit does not hold ${values.expect}: rows were cut off or made anew.`);
  console.log(`The audit is whole: ${end.sequence} rows.`);
  console.log(`${end.sequence}:${end.hash}`);
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Refused(`${path} cannot be read.`, 2);
  }
}

async function verifyFile(path) {
  const rows = parseRowsFile(readText(path));
  if ('fault' in rows) throw new Refused(`${path}: ${rows.fault}.`);
  const heads = values.heads === undefined ? [] : findHeads(readText(values.heads));
  const logs = await verifyLogs(rows, heads, values.all);
  for (const log of logs) {
    console.log(
      log.fault === undefined
        ? `${log.organisationId} is whole: ${log.rows} rows, ${log.heads} logged ends.`
        : `${log.organisationId} is broken: ${log.fault}.`,
    );
    if (log.fault === undefined && log.rows > 0) console.log(`${log.organisationId}:${log.rows}:${log.end}`);
  }
  const broken = logs.filter(({ fault }) => fault !== undefined).length;
  if (broken > 0) throw new Refused(`${broken} of ${logs.length} audit logs are broken.`);
  if (logs.length === 0) throw new Refused(`${path} has no rows.`, 2);
}

try {
  await (values.file === undefined ? verifyOperators() : verifyFile(values.file));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
