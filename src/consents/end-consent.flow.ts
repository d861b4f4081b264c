/** Ends consents for good. D1: none but the object's own row; one read a page where all of a client end. Objects: one a consent. */

import { readConsentPage } from '#consents/consent.store.ts';
import type { Consent, RevokedBy } from '#consents/consent.ts';
import { reachConsent } from '#consents/grant-stubs.store.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface Ending {
  readonly by: RevokedBy;
  /** Where set, another client's consent is not found. */
  readonly clientId?: string;
  /** Kept in the history. */
  readonly note?: string;
}

/**
 * Ends a consent; one that is over already stays as it is. Refuses with `not_found`, and with `consent_consumed` where
 * its payment was made.
 */
export async function endConsent(
  scope: Scope,
  consentId: string,
  { by, clientId, note }: Ending,
): Promise<Result<Consent>> {
  const reach = reachConsent(scope, consentId);
  if (reach === undefined) return refuse('not_found', 'no consent id of ours');
  const answer = await callObject(scope, () =>
    reach().revoke({ nowMs: scope.nowMs, consentId, by, clientId, note }),
  );
  if (answer.outcome === 'not_found') return refuse('not_found', 'no such consent of this client');
  if (answer.outcome === 'consumed') return refuse('consent_consumed', 'consent was consumed');
  return ok(answer.consent);
}

/** Consents read at once while ending all of a client. */
const PAGE_SIZE = 50;

/**
 * Ends every consent of a client that is not over yet, newest first, for who takes the client away. May be run again
 * after a failure: what was ended stays so.
 */
export async function endConsentsOfClient(
  scope: Scope,
  clientId: string,
  ending: Omit<Ending, 'clientId'>,
): Promise<void> {
  let page: readonly Consent[] = [];
  do {
    const last = page.at(-1);
    page = await readConsentPage(scope.database, {
      clientId,
      limit: PAGE_SIZE,
      toward: 'older',
      ...(last === undefined ? {} : { beyond: last }),
    });
    await Promise.all(
      page
        .filter(({ status }) => status === 'awaiting_authorization' || status === 'authorized')
        .map(({ consentId }) => endConsent(scope, consentId, { ...ending, clientId })),
    );
  } while (page.length === PAGE_SIZE);
}
