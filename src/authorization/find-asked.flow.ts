/** What a logged-in customer is asked: the facts of the consent page. D1: one read. Objects: the consent's, one read. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { checkConsent } from '#authorization/check-request.flow.ts';
import type { LoggedInCustomer } from '#authorization/interaction.ts';
import type { Asked, OfferedAccount } from '#authorization/journey-props.ts';
import { type Account, maskAccountNumber } from '#bank/account.ts';
import { accountsOfCustomer } from '#bank/find-accounts.flow.ts';
import type { Client } from '#clients/client.ts';
import { requestOf } from '#consents/consent.ts';
import type { Scope } from '#edge/scope.ts';
import { pairwiseSubject } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface AskedOf {
  readonly asked: Asked;
  /** Who the customer is to this client's organisation. */
  readonly subject: string;
}

function offer(account: Account, chosen: ReadonlySet<string>): OfferedAccount {
  return {
    accountId: account.accountId,
    nickname: account.nickname,
    accountType: account.accountType,
    maskedNumber: maskAccountNumber(account.accountNumber),
    balance: { amountMinor: account.bookedMinor, currency: account.currency },
    joint: account.joint,
    chosen: chosen.has(account.accountId),
  };
}

/**
 * What the request asks of this customer, with the accounts they may choose. Refuses with `login_required` (the client
 * named another customer), `invalid_request` (the consent no longer awaits anybody) or `access_denied` (no account
 * fits).
 */
export async function findAsked(
  scope: Scope,
  client: Client,
  request: AuthorizationRequest,
  { tenantId, customerId }: Pick<LoggedInCustomer, 'tenantId' | 'customerId'>,
  chosen: ReadonlySet<string> = new Set(),
): Promise<Result<AskedOf>> {
  const keys = await signingKeys(scope);
  const subject = await pairwiseSubject(keys, client.organisationId, tenantId, customerId);
  // OpenID Connect Core section 3.1.2.2: never a positive answer about somebody else.
  if (request.subject !== undefined && request.subject !== subject) {
    return refuse('login_required', 'another customer than the one named');
  }
  if (request.consentId === undefined) {
    const staysSignedIn = request.scopes.includes('offline_access');
    return ok({ subject, asked: { type: 'identity', staysSignedIn } });
  }
  const [consent, accounts] = await Promise.all([
    checkConsent(scope, request.clientId, request.consentId),
    accountsOfCustomer(scope, tenantId, customerId),
  ]);
  if (!consent.ok) return consent;
  const eligible = accounts.filter((account) => account.status === 'enabled');
  if (eligible.length === 0) return refuse('access_denied', 'no account fits');
  const { permissions, expiresAt, transactionFrom, transactionTo } = requestOf(
    consent.value,
    'account-access',
  );
  return ok({
    subject,
    asked: {
      type: 'account-access',
      permissions,
      accounts: eligible.map((account) => offer(account, chosen)),
      expiresAt,
      ...(transactionFrom === undefined ? {} : { transactionFrom }),
      ...(transactionTo === undefined ? {} : { transactionTo }),
    },
  });
}
