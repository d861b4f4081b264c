/**
 * Ends consents for good. D1: none but the object's own row; a payment consent's end, in one batch; one read a page where
 * all of a client end; one read where the object knows it not. Objects: one a consent, two a payment consent.
 */

import {
  type ConsentPosition,
  type ConsentRow,
  readConsentPage,
  readLiveConsents,
} from '#consents/consent.store.ts';
import { CONSENT_CAP_SECONDS, type Consent, isFinal, type RevokedBy } from '#consents/consent.ts';
import { enterRevocation, readConsentEnd } from '#consents/consent-end.flow.ts';
import { learnConsentEnd } from '#consents/learn-consent-end.flow.ts';
import { reachConsent } from '#consents/reach-consent.flow.ts';
import { readForgottenConsent } from '#consents/read-consent.flow.ts';
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
  if (answer.outcome === 'not_found') return leaveForgotten(scope, consentId, clientId);
  return answer.outcome === 'payment'
    ? endPaymentConsent(scope, answer.consent, { by, note })
    : ok(answer.consent);
}

/** A consent that its object has forgotten ended long ago; the object says `not_found` of others' and unknown ones too. */
async function leaveForgotten(
  scope: Scope,
  consentId: string,
  clientId: string | undefined,
): Promise<Result<Consent>> {
  const consent = await readForgottenConsent(scope, consentId);
  if (consent === undefined || (clientId !== undefined && consent.clientId !== clientId)) {
    return refuse('not_found', 'no such consent of this client');
  }
  return consent.status === 'consumed' ? refuse('consent_consumed', 'consent was consumed') : ok(consent);
}

/**
 * Ends a payment consent where payment and revocation are put in order, before anybody is told. One that is over by time
 * or by the customer is left so, unless a payment that began before has consumed it.
 */
async function endPaymentConsent(
  scope: Scope,
  consent: Consent,
  doer: { readonly by: RevokedBy; readonly note: string | undefined },
): Promise<Result<Consent>> {
  const { consentId, status } = consent;
  if (status === 'consumed') return refuse('consent_consumed', 'consent was consumed');
  const end = isFinal(status)
    ? await readConsentEnd(scope, consentId)
    : await enterRevocation(scope, consentId);
  if (end === undefined) return ok(consent);
  const ended = status === end.outcome ? consent : await learnConsentEnd(scope, consentId, end, doer);
  return end.outcome === 'consumed'
    ? refuse('consent_consumed', 'consent was consumed')
    : ok(ended ?? consent);
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
  let page: readonly ConsentRow[] = [];
  do {
    const last = page.at(-1)?.consent;
    const position = last && ({ createdAt: last.createdAt, id: last.consentId, direction: 'next' } as const);
    page = await readConsentPage(scope.database, { clientId, limit: PAGE_SIZE, position });
    await Promise.all(
      page
        .filter(({ consent }) => !isFinal(consent.status))
        .map(({ consent: { consentId } }) => endConsent(scope, consentId, { ...ending, clientId })),
    );
  } while (page.length === PAGE_SIZE);
}

export interface OrganisationEnding extends Omit<Ending, 'clientId'> {
  /** Epoch seconds: consents created later are left alone. */
  readonly createdTo: number;
  /** Most consents to end in this run. */
  readonly maximum: number;
}

/**
 * Ends the consents of all of an organisation's clients that are not over yet. `done` is false where `maximum` was
 * reached first: run it again. What was ended stays so.
 */
export async function endConsentsOfOrganisation(
  scope: Scope,
  organisationId: string,
  { createdTo, maximum, ...ending }: OrganisationEnding,
): Promise<{ readonly ended: number; readonly done: boolean }> {
  let ended = 0;
  let page: readonly ConsentPosition[] = [];
  do {
    page = await readLiveConsents(scope.database, {
      organisationId,
      // Whatever is older is over: no consent lives longer, nor waits longer for its customer.
      createdFrom: scope.now - CONSENT_CAP_SECONDS,
      createdTo,
      limit: Math.min(PAGE_SIZE, maximum - ended),
      beyond: page.at(-1),
    });
    await Promise.all(page.map(({ consentId }) => endConsent(scope, consentId, ending)));
    ended += page.length;
  } while (page.length === PAGE_SIZE && ended < maximum);
  return { ended, done: ended < maximum };
}
