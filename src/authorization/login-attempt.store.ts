/** The count of failed log-ins per tenant and submitted name: one conditional write before anything is compared. */
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { type AttemptKey, clearAttemptsStatement } from '#authorization/login-attempt.statements.ts';
import { loginAttemptsTable } from '#authorization/login-attempt.table.ts';
import {
  ATTEMPTS_BEFORE_REFUSAL,
  FIRST_REFUSAL_SECONDS,
  LONGEST_REFUSAL_SECONDS,
} from '#authorization/login-attempt.ts';
import type { Database } from '#edge/database.ts';

const { tenantId, nameDigest, failures, refusals, refusedUntil, updatedAt } = loginAttemptsTable;

/** Doublings after which the longest refusal is certainly reached; more would overflow. */
const DOUBLINGS = 16;
const isFresh = sql`${refusedUntil} = 0`;
const isLast = sql`(${isFresh} AND ${failures} + 1 >= ${ATTEMPTS_BEFORE_REFUSAL})`;

function ofKey(key: AttemptKey) {
  return and(eq(tenantId, key.tenantId), eq(nameDigest, key.nameDigest));
}

/**
 * Counts one attempt as failed, before it is looked at; the fifth refuses the name from now on. False, and nothing is
 * written, while the name is refused.
 */
export async function reserveAttempt(database: Database, key: AttemptKey, now: number): Promise<boolean> {
  const length = sql`min(${FIRST_REFUSAL_SECONDS} << min(${refusals}, ${DOUBLINGS}), ${LONGEST_REFUSAL_SECONDS})`;
  const written = await database
    .insert(loginAttemptsTable)
    .values({ ...key, failures: 1, refusals: 0, refusedUntil: 0, updatedAt: now })
    .onConflictDoUpdate({
      target: [tenantId, nameDigest],
      set: {
        failures: sql`CASE WHEN ${isFresh} THEN ${failures} + 1 ELSE 1 END`,
        refusals: sql`${refusals} + ${isLast}`,
        refusedUntil: sql`CASE WHEN ${isLast} THEN ${now} + ${length} ELSE 0 END`,
        updatedAt: now,
      },
      setWhere: lte(refusedUntil, now),
    })
    .returning({ failures });
  return written.length > 0;
}

/** The attempt was right after all (the password of a log-in that goes on): takes it back, and its refusal with it. */
export async function releaseAttempt(database: Database, key: AttemptKey): Promise<void> {
  const wasLast = sql`(${refusedUntil} > 0 AND ${failures} = ${ATTEMPTS_BEFORE_REFUSAL})`;
  await database
    .update(loginAttemptsTable)
    .set({
      failures: sql`max(${failures} - 1, 0)`,
      refusals: sql`max(${refusals} - ${wasLast}, 0)`,
      refusedUntil: sql`CASE WHEN ${wasLast} THEN 0 ELSE ${refusedUntil} END`,
    })
    .where(ofKey(key));
}

/** A complete log-in: the name begins anew. */
export async function clearAttempts(database: Database, key: AttemptKey): Promise<void> {
  await clearAttemptsStatement(database, key);
}

/** Forgets names nobody tried since (epoch seconds). */
export async function deleteAttemptsBefore(database: Database, before: number): Promise<void> {
  await database.delete(loginAttemptsTable).where(lt(updatedAt, before));
}
