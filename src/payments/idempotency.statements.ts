/** Statements on idempotency keys, for the batches of the payments they stand for. Times are epoch seconds. */
import { and, eq, lte } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { idempotencyKeysTable } from '#payments/idempotency.table.ts';
import { type KeptKey, PAYMENTS_ROUTE } from '#payments/idempotency.ts';

/** Whose key; the key itself is kept as a digest only. */
export interface KeyOwner {
  readonly clientId: string;
  readonly keyDigest: string;
}

function isOwned({ clientId, keyDigest }: KeyOwner) {
  return and(
    eq(idempotencyKeysTable.clientId, clientId),
    eq(idempotencyKeysTable.route, PAYMENTS_ROUTE),
    eq(idempotencyKeysTable.keyDigest, keyDigest),
  );
}

/** Reads what a key stands for; at most one row, a `KeptKey`. */
export function keptKeyStatement(database: Database, owner: KeyOwner) {
  const { consentId, bodyDigest, paymentId, answer, createdAt } = idempotencyKeysTable;
  return database
    .select({ consentId, bodyDigest, paymentId, answer, createdAt })
    .from(idempotencyKeysTable)
    .where(isOwned(owner));
}

/** Keeps a key; the batch aborts where another request has kept it (`idempotency_keys.client_id, ...`). */
export function keepKeyStatement(database: Database, { clientId, keyDigest }: KeyOwner, kept: KeptKey) {
  return database
    .insert(idempotencyKeysTable)
    .values({ clientId, route: PAYMENTS_ROUTE, keyDigest, ...kept });
}

/** Forgets a key that was kept at `until` or earlier; a younger row stays. */
export function forgetKeyStatement(database: Database, owner: KeyOwner, until: number) {
  return database
    .delete(idempotencyKeysTable)
    .where(and(isOwned(owner), lte(idempotencyKeysTable.createdAt, until)));
}
