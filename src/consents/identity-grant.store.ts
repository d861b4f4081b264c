/** Which clients may ask again who a customer is, in D1. Times are epoch seconds. */
import { and, desc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import { identityGrantsTable } from '#consents/identity-grant.table.ts';
import type { Database } from '#edge/database.ts';

const { tenantId, customerId, clientId, givenAt, expiresAt, stoppedAt } = identityGrantsTable;

/** Whose, and to whom. */
export interface IdentityGrantKey {
  readonly tenantId: string;
  readonly customerId: string;
  readonly clientId: string;
}

export interface IdentityGrantRow extends IdentityGrantKey {
  readonly givenAt: number;
  readonly expiresAt: number;
}

function isOf(key: IdentityGrantKey) {
  return and(eq(tenantId, key.tenantId), eq(customerId, key.customerId), eq(clientId, key.clientId));
}

const isUnstopped = or(isNull(stoppedAt), gt(givenAt, stoppedAt));

function stopStatement(database: Database, key: IdentityGrantKey) {
  return database.select({ stoppedAt }).from(identityGrantsTable).where(isOf(key));
}

/** When the customer stopped it last; undefined where they never did. */
export async function readStop(database: Database, key: IdentityGrantKey): Promise<number | undefined> {
  const [row] = await stopStatement(database, key);
  return row?.stoppedAt ?? undefined;
}

/** Enters a grant, harmless to repeat, and answers like `readStop`. One batch. */
export async function enterGrant(database: Database, grant: IdentityGrantRow): Promise<number | undefined> {
  const [, [row]] = await database.batch([
    database
      .insert(identityGrantsTable)
      .values(grant)
      .onConflictDoUpdate({
        target: [tenantId, customerId, clientId],
        set: {
          givenAt: sql`CASE WHEN ${and(isUnstopped, gt(expiresAt, grant.givenAt))} THEN ${givenAt} ELSE ${grant.givenAt} END`,
          expiresAt: sql`max(${expiresAt}, ${grant.expiresAt})`,
        },
      }),
    stopStatement(database, grant),
  ]);
  return row?.stoppedAt ?? undefined;
}

/** What a customer has not stopped and is not over at `now`, newest first. */
export async function selectGrants(
  database: Database,
  customer: Omit<IdentityGrantKey, 'clientId'>,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly IdentityGrantRow[]> {
  return await database
    .select()
    .from(identityGrantsTable)
    .where(
      and(
        eq(tenantId, customer.tenantId),
        eq(customerId, customer.customerId),
        gt(expiresAt, now),
        isUnstopped,
      ),
    )
    .orderBy(desc(givenAt))
    .limit(limit);
}

/** Ends what was given at `now` or before; whether there was a row. */
export async function stopGrants(database: Database, key: IdentityGrantKey, now: number): Promise<boolean> {
  const stopped = await database
    .update(identityGrantsTable)
    .set({ stoppedAt: now })
    .where(isOf(key))
    .returning({ clientId });
  return stopped.length > 0;
}

/** Forgets what is over at `now`, whose objects have forgotten it too. */
export async function deleteGrantsBefore(database: Database, now: number): Promise<void> {
  await database.delete(identityGrantsTable).where(lte(expiresAt, now));
}
