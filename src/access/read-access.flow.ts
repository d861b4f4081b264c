/**
 * What a customer let apps do: lists of it by the rows in D1, one thing by its own object. D1: at most two reads together,
 * then four; one thing: at most four together. Objects: none; one thing: its consent's, once. Writes nothing.
 */
import { type AccessEntry, type AccessPart, entryOf, type IdentityEntry } from '#access/access-entry.ts';
import type { SessionCustomer } from '#access/session.ts';
import { accountsByIds } from '#bank/find-accounts.flow.ts';
import { namesOfClients } from '#clients/client-names.flow.ts';
import type { Consent, HistoryEntry } from '#consents/consent.ts';
import type { ConsentReading } from '#consents/grant-calls.ts';
import { listIdentityGrants } from '#consents/identity-grants.flow.ts';
import { listCustomerConsents } from '#consents/list-customer-consents.flow.ts';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { type CheckList, listChecks } from '#funds/list-checks.flow.ts';
import { parseConsentId } from '#kernel/consent-id.ts';
import { paymentsOfConsents } from '#payments/payments-of-consents.flow.ts';

/** Entries a page. */
const PAGE_SIZE = 20;

export interface AccessList {
  readonly entries: readonly AccessEntry[];
  /** Where the next page begins, while there is one. */
  readonly next: string | undefined;
}

async function entriesOf(
  scope: Scope,
  { tenantId }: SessionCustomer,
  consents: readonly Consent[],
): Promise<readonly AccessEntry[]> {
  if (consents.length === 0) return [];
  const paid = consents.filter(({ type }) => type === 'payment');
  const [accounts, names, payments] = await Promise.all([
    accountsByIds(scope, tenantId, [...new Set(consents.flatMap(({ accountIds }) => accountIds))]),
    namesOfClients(
      scope,
      consents.map(({ clientId }) => clientId),
    ),
    paymentsOfConsents(
      scope,
      tenantId,
      paid.map(({ consentId }) => consentId),
    ),
  ]);
  return consents.map((consent) => entryOf(consent, { accounts, names, payments }));
}

/** One page of a part, newest first; `after` as an earlier page said it, any other text begins at the newest. */
export async function listAccess(
  scope: Scope,
  session: SessionCustomer,
  part: AccessPart,
  after: string | undefined,
): Promise<AccessList> {
  const begin = after === undefined || parseConsentId(after) === undefined ? {} : { after };
  const list = await listCustomerConsents(scope, session, { part, limit: PAGE_SIZE, ...begin });
  return { entries: await entriesOf(scope, session, list.consents), next: list.next };
}

/** Apps that may ask again who the customer is, newest first. */
export async function listIdentities(
  scope: Scope,
  session: SessionCustomer,
): Promise<readonly IdentityEntry[]> {
  const grants = await listIdentityGrants(scope, session);
  const names = await namesOfClients(
    scope,
    grants.map(({ clientId }) => clientId),
  );
  return grants.flatMap(({ clientId, givenAt, expiresAt }) => {
    const named = names.get(clientId);
    // Of a deleted client no token is good.
    if (named === undefined || named.isEnded) return [];
    const { softwareName, organisationName } = named;
    return [{ clientId, softwareName, organisationName, givenAt, expiresAt }];
  });
}

export interface AccessDetail {
  readonly entry: AccessEntry;
  /** Who did what, oldest first; empty once the consent has been over for long. */
  readonly history: readonly HistoryEntry[];
  /** Of a consent to ask about funds. */
  readonly funds: CheckList | undefined;
}

/** The consent, if this very customer decided it; what others of a joint account gave is theirs. */
export async function findOwnConsent(
  scope: Scope,
  { tenantId, customerId }: SessionCustomer,
  consentId: string,
): Promise<ConsentReading | undefined> {
  const reading = await readConsentWithHistory(scope, consentId);
  const isOwn = reading?.consent.tenantId === tenantId && reading.consent.customerId === customerId;
  return isOwn ? reading : undefined;
}

/** One thing in full, as it stands this moment; undefined for another customer's and for none. */
export async function readAccess(
  scope: Scope,
  session: SessionCustomer,
  consentId: string,
  checksAfter?: string,
): Promise<AccessDetail | undefined> {
  const reading = await findOwnConsent(scope, session, consentId);
  if (reading === undefined) return undefined;
  const { consent, history } = reading;
  const { tenantId } = session;
  const [[entry], funds] = await Promise.all([
    entriesOf(scope, session, [consent]),
    consent.type === 'funds-confirmation'
      ? listChecks(scope, { tenantId, consentId }, checksAfter)
      : undefined,
  ]);
  return entry && { entry, history, funds };
}
