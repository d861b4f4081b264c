/** The audit log as a CSV file: every column that is hashed, so that whoever has the file can verify it. */
import type { AuditRow } from '#developers/audit.ts';
import { parseCsv, renderCsvLine } from '#kernel/csv.ts';
import { parseInstant, renderInstant } from '#kernel/time.ts';

type Column = readonly [name: string, pick: (row: AuditRow) => string | number];

/** In the order of the file. `time` says for people what `at` says in epoch seconds. */
const COLUMNS: readonly Column[] = [
  ['sequence', (row) => row.sequence],
  ['time', (row) => renderInstant(row.at)],
  ['actor', (row) => row.actor],
  ['action', (row) => row.action],
  ['subject', (row) => row.subject],
  ['detail', (row) => row.detail],
  ['source', (row) => row.source],
  ['request_id', (row) => row.requestId],
  ['at', (row) => row.at],
  ['actor_id', (row) => row.actorId],
  ['organisation_id', (row) => row.organisationId],
  ['previous_hash', (row) => row.previousHash],
  ['hash', (row) => row.hash],
];

export function auditCsvHead(): string {
  return renderCsvLine(COLUMNS.map(([name]) => name));
}

export function auditCsvLine(row: AuditRow): string {
  return renderCsvLine(COLUMNS.map(([, pick]) => pick(row)));
}

/** The rows of a file, or what is wrong with it. */
export function parseAuditCsv(text: string): readonly AuditRow[] | { readonly fault: string } {
  const [head, ...records] = parseCsv(text) ?? [];
  if (head?.join() !== COLUMNS.map(([name]) => name).join()) {
    return { fault: 'the file does not begin as an audit log does, or ends within a cell' };
  }
  const rows: AuditRow[] = [];
  for (const [index, cells] of records.entries()) {
    const cell = (name: string) => cells[COLUMNS.findIndex(([column]) => column === name)] ?? '';
    const row: AuditRow = {
      sequence: Number(cell('sequence')),
      actor: cell('actor'),
      action: cell('action'),
      subject: cell('subject'),
      detail: cell('detail'),
      source: cell('source'),
      requestId: cell('request_id'),
      at: Number(cell('at')),
      actorId: cell('actor_id'),
      organisationId: cell('organisation_id'),
      previousHash: cell('previous_hash'),
      hash: cell('hash'),
    };
    // All else is under the hash.
    const isTime = cells.length === COLUMNS.length && parseInstant(cell('time')) === row.at;
    if (!isTime) return { fault: `record ${index + 1} of the file was changed` };
    rows.push(row);
  }
  return rows;
}
