/** What a logged-in customer is asked: the facts of the consent page. D1: one read; a payment: two. Objects: the
 * consent's, one read. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import { checkConsent } from '#authorization/check-request.flow.ts';
import type { LoggedInCustomer } from '#authorization/interaction.ts';
import type { Asked } from '#authorization/journey-props.ts';
import { debitOf, offerAccount, offerForPayment } from '#authorization/offered-account.ts';
import { type Account, isNamedBy } from '#bank/account.ts';
import { accountsOfCustomer } from '#bank/find-accounts.flow.ts';
import type { Client } from '#clients/client.ts';
import type {
  AccountAccessRequest,
  ConsentRequest,
  FundsConfirmationRequest,
  PaymentRequest,
} from '#consents/consent.ts';
import type { Scope } from '#edge/scope.ts';
import { pairwiseSubject } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface AskedOf {
  readonly asked: Asked;
  /** Who the customer is to this client's organisation. */
  readonly subject: string;
}

const NO_ACCOUNT = refuse('access_denied', 'no account fits');

/** What access to accounts asks; refuses a customer without an account to share. */
function askAccess(
  { permissions, expiresAt, transactionFrom, transactionTo }: AccountAccessRequest,
  accounts: readonly Account[],
  chosen: ReadonlySet<string>,
): Result<Asked> {
  const eligible = accounts.filter((account) => account.status === 'enabled');
  if (eligible.length === 0) return NO_ACCOUNT;
  return ok({
    type: 'account-access',
    permissions,
    accounts: eligible.map((account) => offerAccount(account, chosen)),
    expiresAt,
    transactionFrom,
    transactionTo,
  });
}

/**
 * What a payment asks. Refuses where no account could make it, and alike where the one the TPP named is not the
 * customer's or cannot pay: the TPP learns neither.
 */
function askPayment(
  request: PaymentRequest,
  accounts: readonly Account[],
  chosen: ReadonlySet<string>,
): Result<Asked> {
  const { payment, quote } = request;
  const { debtorAccount } = payment;
  const debit = debitOf(request);
  const offered = accounts
    .filter((account) => debtorAccount === undefined || isNamedBy(account, debtorAccount))
    .map((account) => offerForPayment(account, debit, chosen));
  if (offered.every(({ cannotPay }) => cannotPay !== undefined)) return NO_ACCOUNT;
  return ok({ type: 'payment', payment, quote, accounts: offered });
}

/** What a funds confirmation asks; refuses like `askPayment`. */
function askFunds(
  { debtorAccount, expiresAt }: FundsConfirmationRequest,
  accounts: readonly Account[],
  chosen: ReadonlySet<string>,
): Result<Asked> {
  const named = accounts.find((account) => account.status === 'enabled' && isNamedBy(account, debtorAccount));
  if (named === undefined) return NO_ACCOUNT;
  return ok({ type: 'funds-confirmation', accounts: [offerAccount(named, chosen)], expiresAt });
}

function ask(
  request: ConsentRequest,
  accounts: readonly Account[],
  chosen: ReadonlySet<string>,
): Result<Asked> {
  if (request.type === 'payment') return askPayment(request, accounts, chosen);
  if (request.type === 'funds-confirmation') return askFunds(request, accounts, chosen);
  return askAccess(request, accounts, chosen);
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
    return refuse('login_required', 'another customer');
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
  const asked = ask(consent.value.request, accounts, chosen);
  return asked.ok ? ok({ subject, asked: asked.value }) : asked;
}
