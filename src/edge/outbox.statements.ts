/** What other rooms put into their batches so that another store hears of a change. */
import type { SQL } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';
import { FIRST_PAUSE_SECONDS } from '#edge/outbox.store.ts';
import { outboxTable } from '#edge/outbox.table.ts';

export interface OutboxEntry {
  /** Names the handler: `client.changed`, `client.ended`. */
  readonly topic: string;
  /** The id of the thing it is about. */
  readonly subject: string;
  /** What the handler needs, JSON values only; no secrets. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Epoch seconds. */
  readonly now: number;
}

function rowOf({ topic, subject, payload, now }: OutboxEntry) {
  return { topic, subject, payload: JSON.stringify(payload), createdAt: now, dueAt: now, attempts: 0 };
}

/** A row to be delivered at least once from `now` on: put it into the batch that makes the change. */
export function outboxStatement(database: Database, entry: OutboxEntry) {
  return database.insert(outboxTable).values(rowOf(entry));
}

/** The same where a condition holds, for a batch that may turn out to change nothing. */
export function outboxStatementWhere(database: Database, entry: OutboxEntry, condition: SQL) {
  return insertWhere(database, outboxTable, rowOf(entry), condition);
}

/**
 * A row that the request itself delivers right after its answer, by `deliverClaimed`: it is born with that attempt
 * counted, and due again a minute later, should the request die before. Its result is the row.
 */
export function claimedOutboxStatement(database: Database, entry: OutboxEntry) {
  return database
    .insert(outboxTable)
    .values({ ...rowOf(entry), dueAt: entry.now + FIRST_PAUSE_SECONDS, attempts: 1 })
    .returning();
}
