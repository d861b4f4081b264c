/**
 * How payment consents end in D1: statements for the batch that ends one. The first row of a consent stands for ever,
 * so that of a payment and a revocation exactly one happens. Times are epoch seconds.
 */
import { eq } from 'drizzle-orm';
import { paymentConsentEndsTable } from '#consents/consent-end.table.ts';
import type { ConsentEnd, ConsentEndOutcome } from '#consents/consent-end.ts';
import type { Database } from '#edge/database.ts';

export interface NewConsentEnd extends ConsentEnd {
  readonly consentId: string;
}

/** Ends the consent; the batch aborts where it has ended (`payment_consent_ends.consent_id`). */
export function endStatement(database: Database, end: NewConsentEnd) {
  return database.insert(paymentConsentEndsTable).values(end);
}

/** Ends the consent unless it has ended: read `consentEndStatement` behind it in the same batch. */
export function endUnlessEndedStatement(database: Database, end: NewConsentEnd) {
  return endStatement(database, end).onConflictDoNothing();
}

/** Reads the end of a consent, for `toConsentEnd`. */
export function consentEndStatement(database: Database, consentId: string) {
  return database
    .select()
    .from(paymentConsentEndsTable)
    .where(eq(paymentConsentEndsTable.consentId, consentId));
}

/** The row that `consentEndStatement` found; undefined while the consent has not ended in D1. */
export function toConsentEnd(
  row: typeof paymentConsentEndsTable.$inferSelect | null | undefined,
): ConsentEnd | undefined {
  if (!row) return undefined;
  const { outcome, at, paymentId } = row;
  return { outcome: outcome as ConsentEndOutcome, at, ...(paymentId === null ? {} : { paymentId }) };
}
