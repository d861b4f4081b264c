/**
 * What a client's object itself has to end in D1: it alone knows that the client lapsed or was replaced, and its alarm
 * sees to the row until D1 has answered. One row in the object's own storage; times are epoch milliseconds by its clock.
 */
import { endClientStatement } from '#clients/client.statements.ts';
import { openDatabase } from '#edge/database.ts';
import { consoleLog, describeError } from '#edge/log.ts';
import { withDeadline } from '#edge/outage.ts';
import { DAY_SECONDS, toSeconds } from '#kernel/time.ts';

interface RowEnd extends Record<string, SqlStorageValue> {
  readonly client_id: string;
  readonly due_at_ms: number;
  readonly failures: number;
}

export const ROW_END_TABLE = `
  CREATE TABLE IF NOT EXISTS row_end (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    client_id TEXT NOT NULL,
    due_at_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0
  ) STRICT`;

/** A client that has not authenticated itself so long after it was registered lapses. Source: decision record 18. */
export const LAPSE_MS = DAY_SECONDS * 1000;
/** The registration that replaces a client ends its row itself; should it die, the alarm does after this long. */
export const REPLACED_ROW_MS = 60_000;
/** Longest wait for D1, and the pauses between attempts, which double up to the longest: 1 to 64 minutes. */
const DEADLINE_MS = 5_000;
const FIRST_PAUSE_MS = 60_000;
const MOST_DOUBLINGS = 6;

/** What is to be ended at `nowMs`; undefined where nothing is due. */
export function findDueRowEnd(sql: SqlStorage, nowMs: number): RowEnd | undefined {
  return sql.exec<RowEnd>('SELECT * FROM row_end WHERE due_at_ms <= ?', nowMs).toArray()[0];
}

/** The row of the client whose object this is. An alarm may not know the object's name, so it is kept. */
export function expectRowEnd(sql: SqlStorage, { name }: DurableObjectId, atMs: number): void {
  if (name === undefined) throw new Error('a client object is asked by its name');
  sql.exec('INSERT OR REPLACE INTO row_end (one, client_id, due_at_ms) VALUES (1, ?, ?)', name, atMs);
}

export function postponeRowEnd(sql: SqlStorage, atMs: number, failures: number): void {
  sql.exec('UPDATE row_end SET due_at_ms = ?, failures = ?', atMs, failures);
}

/** How long after an attempt that fails the next is due. */
export function pauseMsAfter({ failures }: RowEnd): number {
  return FIRST_PAUSE_MS * 2 ** Math.min(failures, MOST_DOUBLINGS);
}

export function forgetRowEnd(sql: SqlStorage): void {
  sql.exec('DELETE FROM row_end');
}

/** Ends the row in D1, which does no harm twice. False, and a line in the log, when D1 did not answer. */
export async function endRow(binding: D1Database, clientId: string, nowMs: number): Promise<boolean> {
  try {
    const ending = endClientStatement(openDatabase(binding), clientId, toSeconds(nowMs)).run();
    await withDeadline(ending, DEADLINE_MS, 'D1');
    return true;
  } catch (error) {
    const reason = describeError(error);
    consoleLog('warn', { event: 'client_row_not_ended', client_id: clientId, reason });
    return false;
  }
}
