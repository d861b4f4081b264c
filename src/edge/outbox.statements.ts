/** What other rooms put into their batches so that another store hears of a change. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
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

/** A row to be delivered at least once from `now` on: put it into the batch that makes the change. */
export function outboxStatement(database: Database, { topic, subject, payload, now }: OutboxEntry) {
  return database
    .insert(outboxTable)
    .values({ topic, subject, payload: JSON.stringify(payload), createdAt: now, dueAt: now, attempts: 0 });
}

/** The same where a condition holds, for a batch that may turn out to change nothing. */
export function outboxStatementWhere(
  database: Database,
  { topic, subject, payload, now }: OutboxEntry,
  condition: SQL,
) {
  return database
    .insert(outboxTable)
    .select(
      sql`SELECT NULL, ${topic}, ${subject}, ${JSON.stringify(payload)}, ${now}, ${now}, 0 WHERE ${condition}`,
    );
}

/**
 * A row that the request itself delivers right after its answer, by `deliverClaimed`: it is born with that attempt
 * counted, and due again a minute later, should the request die before. Its result is the row.
 */
export function claimedOutboxStatement(database: Database, { topic, subject, payload, now }: OutboxEntry) {
  return database
    .insert(outboxTable)
    .values({
      topic,
      subject,
      payload: JSON.stringify(payload),
      createdAt: now,
      dueAt: now + FIRST_PAUSE_SECONDS,
      attempts: 1,
    })
    .returning();
}
