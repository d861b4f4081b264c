/** Reads of kept funds confirmations. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { fundsConfirmationsTable } from '#funds/funds-confirmation.table.ts';
import type { FundsConfirmation } from '#funds/funds-confirmation.ts';
import type { Currency } from '#kernel/money.ts';

/** A place in the list of a consent's checks. */
export interface CheckPosition {
  readonly createdAt: number;
  readonly fundsConfirmationId: string;
}

/** The checks made under a consent, newest first. */
export async function readFundsConfirmations(
  database: Database,
  { tenantId, consentId }: { readonly tenantId: string; readonly consentId: string },
  { limit, beyond }: { readonly limit: number; readonly beyond?: CheckPosition | undefined },
): Promise<readonly FundsConfirmation[]> {
  const { createdAt, fundsConfirmationId } = fundsConfirmationsTable;
  const older =
    beyond === undefined
      ? undefined
      : sql`(${createdAt}, ${fundsConfirmationId}) < (${beyond.createdAt}, ${beyond.fundsConfirmationId})`;
  const rows = await database
    .select()
    .from(fundsConfirmationsTable)
    .where(
      and(
        eq(fundsConfirmationsTable.tenantId, tenantId),
        eq(fundsConfirmationsTable.consentId, consentId),
        older,
      ),
    )
    .orderBy(desc(createdAt), desc(fundsConfirmationId))
    .limit(limit);
  return rows.map((row) => ({
    fundsConfirmationId: row.fundsConfirmationId,
    consentId: row.consentId,
    createdAt: row.createdAt,
    reference: row.reference,
    amount: { amountMinor: row.amountMinor, currency: row.currency as Currency },
    fundsAvailable: row.fundsAvailable === 1,
  }));
}
