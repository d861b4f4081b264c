/**
 * Delivers the outbox: at least once, in the order written, later again when a handler fails. D1: two calls a batch of
 * 50. Objects: what the handlers call.
 */
import { describeError } from '#edge/log.ts';
import { claimDueRows, deleteRows, type OutboxRow } from '#edge/outbox.store.ts';
import type { Scope } from '#edge/scope.ts';

/** One row as a handler sees it. */
export interface OutboxDelivery {
  readonly topic: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Epoch seconds of the change. */
  readonly createdAt: number;
  /** This one included: 1 at first. */
  readonly attempts: number;
}

/** Delivers one row; it may come again, so it must do no harm twice. Throwing means: again later. */
export type OutboxHandler = (scope: Scope, delivery: OutboxDelivery) => Promise<void>;

/** Rows claimed together. */
const BATCH_ROWS = 50;
/** Batches of one drain: what is left waits for the next. */
const BATCHES = 10;
/** From this attempt on a failure is an error for a person to look at (about four hours after the change). */
const STUCK_ATTEMPTS = 9;

export interface DrainReport {
  readonly delivered: number;
  readonly failed: number;
}

async function deliver(
  scope: Scope,
  handlers: Readonly<Record<string, OutboxHandler>>,
  row: OutboxRow,
): Promise<boolean> {
  const { topic, subject, createdAt, attempts } = row;
  try {
    const handler = Object.hasOwn(handlers, topic) ? handlers[topic] : undefined;
    if (handler === undefined) throw new Error('no handler');
    const payload = JSON.parse(row.payload) as Record<string, unknown>;
    await handler(scope, { topic, subject, payload, createdAt, attempts });
    return true;
  } catch (error) {
    scope.log(attempts >= STUCK_ATTEMPTS ? 'error' : 'warn', {
      event: attempts >= STUCK_ATTEMPTS ? 'outbox_stuck' : 'outbox_retry',
      request_id: scope.requestId,
      reason: `${topic} of ${subject}, attempt ${attempts}: ${describeError(error)}`,
    });
    return false;
  }
}

/** Delivers what is due, at most 500 rows. A row of an unknown topic stays, and is logged. */
export async function drainOutbox(
  scope: Scope,
  handlers: Readonly<Record<string, OutboxHandler>>,
): Promise<DrainReport> {
  let delivered = 0;
  let failed = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const rows = await claimDueRows(scope.database, scope.now, BATCH_ROWS);
    const done: number[] = [];
    // One after the other: rows about one thing arrive in the order they were written.
    for (const row of rows) if (await deliver(scope, handlers, row)) done.push(row.id);
    if (done.length > 0) await deleteRows(scope.database, done);
    delivered += done.length;
    failed += rows.length - done.length;
    if (rows.length < BATCH_ROWS) break;
  }
  if (delivered + failed > 0) {
    scope.log('info', {
      event: 'outbox_drained',
      request_id: scope.requestId,
      reason: `${delivered} delivered, ${failed} put off`,
    });
  }
  return { delivered, failed };
}
