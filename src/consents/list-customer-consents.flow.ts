/** Lists what one customer has consented to, newest first, page by page. D1: one read. Objects: none. */
import { type CustomerPart, readCustomerConsents } from '#consents/consent.store.ts';
import { type Consent, consentAt } from '#consents/consent.ts';
import { endedAs } from '#consents/consent-end.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

export interface CustomerConsentList {
  readonly consents: readonly Consent[];
  /** The consent after which the next page begins, while there is one. */
  readonly next?: string;
}

/**
 * The consents that the customer decided, as their rows have them: those that open something now (`live`), those to
 * accounts and funds that do not (`past`), or all to make payments (`payments`). What others of a joint account gave is
 * theirs. A row may be late by a moment: before anything is done to a consent, its object is read.
 */
export async function listCustomerConsents(
  scope: Scope,
  customer: { readonly tenantId: string; readonly customerId: string },
  { part, limit, after }: { readonly part: CustomerPart; readonly limit: number; readonly after?: string },
): Promise<CustomerConsentList> {
  const { database, now } = scope;
  const asked = { ...customer, part, now, limit: limit + 1, after };
  const rows = await retryRead(scope, () => readCustomerConsents(database, asked));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const consents = rows.slice(0, limit).map(({ consent, end }) => endedAs(consentAt(consent, now), end));
  return {
    consents: part === 'live' ? consents.filter(({ status }) => status === 'authorized') : consents,
    ...(last === undefined ? {} : { next: last.consent.consentId }),
  };
}
