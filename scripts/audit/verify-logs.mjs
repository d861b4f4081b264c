/** Verifies audit logs of organisations: each a whole chain from its first row, which holds each of its ends that was logged. */
import { followAudit } from '#developers/audit.ts';
import { parseAuditCsv } from '#developers/audit-csv.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';

/** `organisation:sequence:hash` wherever it stands in a line: log stores wrap lines each in their own way. */
const HEAD = /([A-Za-z0-9_-]+):([1-9]\d*):([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g;

/** The ends of logs that lines of a log tell of. */
export function findHeads(text) {
  return text
    .split('\n')
    .filter((line) => line.includes('audit_heads'))
    .flatMap((line) => Array.from(line.matchAll(HEAD)))
    .map(([, organisationId, sequence, hash]) => ({ organisationId, sequence: Number(sequence), hash }));
}

function rowOf({
  organisation_id: organisationId,
  actor_id: actorId,
  request_id: requestId,
  previous_hash: previousHash,
  ...row
}) {
  return { ...row, organisationId, actorId, requestId, previousHash };
}

/** Rows as `wrangler d1 execute --json` prints them. */
function parseRows(text) {
  return JSON.parse(text)
    .flatMap((answer) => answer.results)
    .map(rowOf);
}

/** The rows of a file: CSV from the dashboard, or JSON from the database. `{ fault }` where it is neither. */
function parseRowsFile(text) {
  if (!text.startsWith('[')) return parseAuditCsv(text);
  try {
    return parseRows(text);
  } catch {
    return { fault: 'the file is no JSON that `wrangler d1 execute --json` prints' };
  }
}

/** One log against its logged ends: why it cannot be what was written, or undefined. */
async function findFault(rows, heads) {
  const followed = await followAudit(EMPTY_CHAIN, rows);
  if ('fault' in followed) return followed.fault;
  for (const { sequence, hash } of heads) {
    const row = rows[sequence - 1];
    if (row === undefined) {
      return `rows ${rows.length + 1} to ${sequence} are missing: row ${sequence} was logged as the last`;
    }
    if (row.hash !== hash) return `row ${sequence} or one before it was made anew: another hash was logged`;
  }
  return undefined;
}

/**
 * Each organisation's log: `{ organisationId, rows, end, heads, fault }`. One that only the heads know has lost all rows,
 * if `isWhole`: the rows are those of all organisations.
 */
async function verifyLogs(rows, heads, isWhole) {
  const logs = Map.groupBy(rows, (row) => row.organisationId);
  if (isWhole)
    for (const { organisationId } of heads) if (!logs.has(organisationId)) logs.set(organisationId, []);
  return Promise.all(
    [...logs].map(async ([organisationId, log]) => {
      const own = heads.filter((head) => head.organisationId === organisationId);
      return {
        organisationId,
        rows: log.length,
        end: log.at(-1)?.hash ?? '',
        heads: own.length,
        fault: await findFault(log, own),
      };
    }),
  );
}

/**
 * What a file of audit logs is told to be: lines to print, and why it is refused, if it is.
 * @param {string} file
 * @param {{ heads: readonly { organisationId: string, sequence: number, hash: string }[], isWhole: boolean }} against
 * @returns {Promise<{ lines: readonly string[], refusal?: { message: string, exitCode: number } }>}
 */
export async function reportLogs(file, { heads, isWhole }) {
  const rows = parseRowsFile(file);
  if ('fault' in rows) return { lines: [], refusal: { message: rows.fault, exitCode: 1 } };
  const logs = await verifyLogs(rows, heads, isWhole);
  const lines = logs.flatMap((log) => {
    if (log.fault !== undefined) return [`${log.organisationId} is broken: ${log.fault}.`];
    const whole = `${log.organisationId} is whole: ${log.rows} rows, ${log.heads} logged ends.`;
    return log.rows === 0 ? [whole] : [whole, `${log.organisationId}:${log.rows}:${log.end}`];
  });
  const broken = logs.filter(({ fault }) => fault !== undefined).length;
  if (broken > 0) {
    return { lines, refusal: { message: `${broken} of ${logs.length} audit logs are broken`, exitCode: 1 } };
  }
  return logs.length === 0 ? { lines, refusal: { message: 'no rows', exitCode: 2 } } : { lines };
}
