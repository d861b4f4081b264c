/**
 * `npm run verify-audit`: follows an audit's chain of hashes from its first row to its last and says where it is broken.
 *
 * Without a file: the operators' audit, read from the bank. Rows cut off the end leave a whole chain: keep the last line
 * printed, and give it the next time with --expect, or --heads.
 * With --file: audit logs of organisations, from the dashboard's audit.csv or from `wrangler d1 execute --json`; --all says
 * that the file has the rows of all organisations.
 * --heads is a file of the bank's own log, whose `audit_heads` lines tell every hour where each audit ended.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { followChain, OPERATORS_LOG } from '#operator/operator-action.ts';
import { findHeads, reportLogs } from './audit/verify-logs.mjs';
import { CONNECTION_OPTIONS, connect, Refused } from './operator/connection.mjs';

const PAGE = 500;

function readOptions() {
  try {
    return parseArgs({
      options: {
        ...CONNECTION_OPTIONS,
        expect: { type: 'string' },
        file: { type: 'string' },
        heads: { type: 'string' },
        all: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(
      `${error.message}\n\nnpm run verify-audit [-- --expect END] [--heads FILE] [--file FILE [--all]] [--base-url URL] [--key KEY]`,
    );
    return process.exit(2);
  }
}

const { values } = readOptions();

function rowOf({ request_id: requestId, previous_hash: previousHash, ...row }) {
  return { ...row, requestId, previousHash };
}

/** Follows all pages; the end of the chain, and which of the `expected` ends were not passed on the way. */
async function verify(send, expected) {
  let end = EMPTY_CHAIN;
  const missing = new Set(expected);
  for (;;) {
    const { actions } = await send('GET', `/audit?after=${end.sequence}&limit=${PAGE}`);
    const followed = await followChain(end, actions.map(rowOf));
    if ('fault' in followed) throw new Refused(`The audit is broken: ${followed.fault}.`);
    for (const { sequence, hash } of actions) missing.delete(`${sequence}:${hash}`);
    end = followed.end;
    if (actions.length < PAGE) return { end, missing };
  }
}

async function verifyOperators() {
  const logged = readHeads()
    .filter(({ organisationId }) => organisationId === OPERATORS_LOG)
    .map(({ sequence, hash }) => `${sequence}:${hash}`);
  const given = values.expect === undefined ? [] : [values.expect];
  const { end, missing } = await verify(connect(values), [...given, ...logged]);
  const [first] = missing;
  if (first !== undefined)
    throw new Refused(`The audit does not hold ${first}: rows were cut off or made anew.`);
  const heads = values.heads === undefined ? '' : `, ${logged.length} logged ends`;
  console.log(`The audit is whole: ${end.sequence} rows${heads}.`);
  console.log(`${end.sequence}:${end.hash}`);
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Refused(`${path} cannot be read.`, 2);
  }
}

const readHeads = () => (values.heads === undefined ? [] : findHeads(readText(values.heads)));

async function verifyFile(path) {
  const heads = readHeads().filter(({ organisationId }) => organisationId !== OPERATORS_LOG);
  const { lines, refusal } = await reportLogs(readText(path), { heads, isWhole: values.all });
  for (const line of lines) console.log(line);
  if (refusal !== undefined) throw new Refused(`${path}: ${refusal.message}.`, refusal.exitCode);
}

try {
  await (values.file === undefined ? verifyOperators() : verifyFile(values.file));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
