/** Payers, their TPP and their authorized payments: a tenant with accounts of the test's own, made through statements and objects. */
import { env } from 'cloudflare:workers';
import { transferStatements } from '#bank/transfer.statements.ts';
import { balancedEntries, openingAccount, settlementAccount } from '#bank/transfer.ts';
import { openDatabase } from '#edge/database.ts';
import type { Scope } from '#edge/scope.ts';
import type { TestApp } from './app.ts';
import { insertTestAccount, newTenantId } from './bank-rows.ts';
import { authorizedConsent } from './consents.ts';
import { DOMESTIC_PAYMENT, paymentRequestOf } from './payments.ts';
import { testScope } from './scope.ts';
import { makeClient, type TestClient } from './test-client.ts';
import { accessToken, bearer } from './tokens.ts';

export const PAYMENTS_PATH = '/open-banking/v1/payments';
export const PAYER = 'acc_11111111';
export const PAYEE = 'acc_22222222';
/** `PAYEE` as payments name it. */
export const PAYEE_ID = '608371-22222222';
export const CUSTOMER = 'cus_hazel';

export interface AccountParts {
  readonly bookedMinor?: number;
  readonly overdraftLimitMinor?: number;
  readonly status?: string;
}

/** Adds an account that begins with its balance by a journal of its own. */
export async function openTestAccount(
  tenantId: string,
  accountId: string,
  { bookedMinor = 0, overdraftLimitMinor = 0, status = 'enabled' }: AccountParts = {},
): Promise<void> {
  await insertTestAccount(tenantId, accountId, status, { bookedMinor: 0, overdraftLimitMinor });
  if (bookedMinor === 0) return;
  const database = openDatabase(env.DB);
  const words = { type: 'opening_balance', description: 'Opening balance', currency: 'GBP' } as const;
  const entries = balancedEntries([
    { ...words, accountId, amountMinor: bookedMinor },
    { ...words, accountId: openingAccount('GBP'), amountMinor: -bookedMinor },
  ]);
  const journalId = `jrn_opening_${accountId}`;
  const [first, ...others] = transferStatements(database, {
    tenantId,
    journalId,
    kind: 'history',
    now: 0,
    entries,
  });
  if (first !== undefined) await database.batch([first, ...others]);
}

export interface PayingParts {
  /** What the payer's account begins with, minor units. */
  readonly bookedMinor?: number;
  readonly overdraftLimitMinor?: number;
  readonly client?: TestClient;
}

/** A tenant with a payer and a payee, and the PISP they use. */
export interface Paying {
  readonly tenantId: string;
  readonly client: TestClient;
}

export async function openPaying({
  bookedMinor = 1_000_000,
  overdraftLimitMinor = 0,
  client,
}: PayingParts = {}): Promise<Paying> {
  const tenantId = newTenantId();
  // In use, so that no tick of the schedule removes it.
  await env.DB.prepare('INSERT INTO tenants VALUES (?1, ?1, ?2, ?2)').bind(tenantId, testScope().now).run();
  await openTestAccount(tenantId, PAYER, { bookedMinor, overdraftLimitMinor });
  await openTestAccount(tenantId, PAYEE);
  await env.DB.prepare('INSERT INTO customers VALUES (?1, ?2, ?2, ?3, ?4, 0)')
    .bind(tenantId, CUSTOMER, 'Hazel Nutkin', 'none')
    .run();
  const pisp = client ?? (await makeClient({ roles: ['PISP'], scopes: ['openid', 'payments'] }));
  return { tenantId, client: pisp };
}

/** An authorized payment with what a TPP needs to make it. */
export interface Payable {
  readonly consentId: string;
  readonly payment: object;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PayableParts {
  readonly payment?: object;
  readonly accountId?: string;
  readonly scope?: Scope;
  readonly scopes?: readonly string[];
}

export async function newPayable(
  { tenantId, client }: Paying,
  { payment = DOMESTIC_PAYMENT, accountId = PAYER, scope = testScope(), scopes }: PayableParts = {},
): Promise<Payable> {
  const { clientId } = client;
  const { consentId } = await authorizedConsent(scope, {
    clientId,
    organisationId: client.client.organisationId,
    request: paymentRequestOf(scope, payment),
    tenantId,
    customerId: CUSTOMER,
    accountIds: [accountId],
  });
  const headers = await payableHeaders(clientId, consentId, scope, scopes);
  return { consentId, payment, headers };
}

/** The headers of a call under a payment consent, with a token as of the scope's time. */
export async function payableHeaders(
  clientId: string,
  consentId: string,
  scope: Scope = testScope(),
  scopes: readonly string[] = ['openid', 'payments'],
): Promise<Record<string, string>> {
  const token = await accessToken(clientId, { consentId, scopes: [...scopes], subject: 'subject' }, scope);
  return bearer(token, { 'x-consent-id': consentId });
}

/** Sends POST /payments. */
export function sendPayment(
  app: TestApp,
  { payment, headers }: Payable,
  { key = crypto.randomUUID(), ...more }: { readonly key?: string; readonly payment?: object } = {},
): Promise<Response> {
  return app.sendJson(
    PAYMENTS_PATH,
    { payment: more.payment ?? payment },
    { headers: { ...headers, 'idempotency-key': key } },
  );
}

/** Booked and held of an account, minor units. */
export async function balanceOf(tenantId: string, accountId = PAYER): Promise<[number, number]> {
  const row = await env.DB.prepare(
    'SELECT booked_minor, held_minor FROM accounts WHERE tenant_id = ?1 AND account_id = ?2',
  )
    .bind(tenantId, accountId)
    .first<{ booked_minor: number; held_minor: number }>();
  return [row?.booked_minor ?? Number.NaN, row?.held_minor ?? Number.NaN];
}

/** The sum of an internal account's entries, minor units. */
export async function sumOf(
  tenantId: string,
  accountId: string = settlementAccount('GBP', 'fps'),
): Promise<number> {
  const row = await env.DB.prepare(
    `SELECT coalesce(sum(amount_minor), 0) AS amount FROM transactions
     WHERE tenant_id = ?1 AND account_id = ?2 AND status = 'booked'`,
  )
    .bind(tenantId, accountId)
    .first<{ amount: number }>();
  return row?.amount ?? Number.NaN;
}
