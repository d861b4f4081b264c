/**
 * Delivers the outbox: at least once, in the order written, later again when a handler fails. D1: two calls a batch of
 * 50, one for rows just written. Objects: what the handlers call.
 */
import { describeError } from '#edge/log.ts';
import { claimDueRows, deleteRows, type OutboxRow } from '#edge/outbox.store.ts';
import type { Scope } from '#edge/scope.ts';

/** A row that `claimedOutboxStatement` wrote. */
export type ClaimedRow = OutboxRow;

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

/** What a handler resolves with where nothing failed but there is more to come: the row is delivered again later. */
export const LATER = 'later';

/** Delivers one row; it may come again, so it must do no harm twice. Throwing means: it failed, again later. */
export type OutboxHandler = (scope: Scope, delivery: OutboxDelivery) => Promise<unknown>;

export type OutboxHandlers = Readonly<Record<string, OutboxHandler>>;

/** Rows claimed together. */
const BATCH_ROWS = 50;
/** Batches of one drain: what is left waits for the next. */
const BATCHES = 10;
/** From this attempt on a failure is an error for a person to look at (about four hours after the change). */
const STUCK_ATTEMPTS = 9;

export interface DrainReport {
  readonly delivered: number;
  /** Not over yet, by their handlers' word. */
  readonly waiting: number;
  readonly failed: number;
}

async function deliver(scope: Scope, handlers: OutboxHandlers, row: OutboxRow): Promise<keyof DrainReport> {
  const { topic, subject, createdAt, attempts } = row;
  try {
    const handler = Object.hasOwn(handlers, topic) ? handlers[topic] : undefined;
    if (handler === undefined) throw new Error('no handler');
    const payload = JSON.parse(row.payload) as Record<string, unknown>;
    const more = await handler(scope, { topic, subject, payload, createdAt, attempts });
    return more === LATER ? 'waiting' : 'delivered';
  } catch (error) {
    const isStuck = attempts >= STUCK_ATTEMPTS;
    scope.log(isStuck ? 'error' : 'warn', {
      event: isStuck ? 'outbox_stuck' : 'outbox_retry',
      request_id: scope.requestId,
      reason: `${topic} of ${subject}, attempt ${attempts}: ${describeError(error)}`,
    });
    return 'failed';
  }
}

function logDrain(scope: Scope, { delivered, waiting, failed }: DrainReport): void {
  if (delivered + waiting + failed === 0) return;
  scope.log('info', {
    event: 'outbox_drained',
    request_id: scope.requestId,
    reason: `${delivered} delivered, ${waiting} waiting, ${failed} put off`,
  });
}

/** What became of rows so far. */
type Counts = { -readonly [K in keyof DrainReport]: DrainReport[K] };

function noRows(): Counts {
  return { delivered: 0, waiting: 0, failed: 0 };
}

/** Delivers claimed rows one after the other, so that rows about one thing arrive in the order they were written. */
async function deliverRows(
  scope: Scope,
  handlers: OutboxHandlers,
  rows: readonly OutboxRow[],
  counts: Counts,
): Promise<void> {
  const done: number[] = [];
  for (const row of rows) {
    const outcome = await deliver(scope, handlers, row);
    counts[outcome] += 1;
    if (outcome === 'delivered') done.push(row.id);
  }
  if (done.length > 0) await deleteRows(scope.database, done);
}

/** Delivers the rows of `claimedOutboxStatement`, in their order; for `scope.defer`. What fails is due again by itself. */
export async function deliverClaimed(
  scope: Scope,
  handlers: OutboxHandlers,
  rows: readonly ClaimedRow[],
): Promise<DrainReport> {
  const counts = noRows();
  await deliverRows(scope, handlers, rows, counts);
  logDrain(scope, counts);
  return counts;
}

/** Delivers what is due, at most 500 rows. A row of an unknown topic stays, and is logged. */
export async function drainOutbox(scope: Scope, handlers: OutboxHandlers): Promise<DrainReport> {
  const counts = noRows();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const rows = await claimDueRows(scope.database, scope.now, BATCH_ROWS);
    await deliverRows(scope, handlers, rows, counts);
    if (rows.length < BATCH_ROWS) break;
  }
  logDrain(scope, counts);
  return counts;
}
