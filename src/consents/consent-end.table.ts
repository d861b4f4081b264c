/**
 * How payment consents ended in D1: the first row of a consent stands for ever (a trigger refuses changes), so that of a
 * payment and a revocation exactly one happens.
 */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const paymentConsentEndsTable = sqliteTable('payment_consent_ends', {
  consentId: text().primaryKey(),
  /** `consumed` or `revoked`. */
  outcome: text().notNull(),
  at: integer().notNull(),
  /** The payment that consumed it; null when it was revoked. */
  paymentId: text(),
});
