/**
 * Makes a payment. D1: two calls, one batch of reads and the one batch that pays; a third where it lost to another
 * request. Objects: none (the guard has asked the client's and the consent's; the latter learns of it afterwards).
 *
 * The batch is what decides: its keys let a payment happen once a key and once a consent, its CHECK once there is money.
 */
import { violatedConstraint } from '#bank/constraint.ts';
import { noteTenantUse } from '#bank/note-tenant-use.flow.ts';
import {
  type PaymentAccounts,
  type PaymentAccountsQuestion,
  paymentAccountsStatement,
  readPaymentAccounts,
} from '#bank/payment-accounts.statements.ts';
import { holdStatements, transferStatements } from '#bank/transfer.statements.ts';
import { type Consent, type PaymentRequest, requestOf } from '#consents/consent.ts';
import { consentEndStatement, endStatement, toConsentEnd } from '#consents/consent-end.statements.ts';
import { type ConsentEnd, endedAs } from '#consents/consent-end.ts';
import { standingOf } from '#consents/consent-standing.ts';
import { canonicalPayment, type PaymentInstruction } from '#consents/payment-instruction.ts';
import type { Statement } from '#edge/database.ts';
import { retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { ClaimedRow } from '#edge/outbox.flow.ts';
import { claimedOutboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Refusal, type Refused, type Result, refuse } from '#kernel/result.ts';
import { mismatchOf, refusePayment } from '#payments/check-payment.ts';
import {
  forgetKeyStatement,
  type KeyOwner,
  keepKeyStatement,
  keptKeyStatement,
} from '#payments/idempotency.statements.ts';
import { judgeKey, KEY_LIFETIME_SECONDS, type KeptKey, type KeyedRequest } from '#payments/idempotency.ts';
import { paymentStatements } from '#payments/payment.statements.ts';
import { holdKeyOf, type Payment, totalDebitOf } from '#payments/payment.ts';
import { debitWords, domesticEntries, type Payer, schemeOf } from '#payments/payment-entries.ts';
import { POSTED_TOPIC, SETTLE_TOPIC } from '#payments/payment-topics.ts';
import { refuseStanding } from '#tokens/access.ts';

export interface PaymentCall {
  /** In whatever state, as its object says. */
  readonly consent: Consent;
  readonly key: string;
  /** As sent; refused only where it is well-formed but of a currency the bank does not have. */
  readonly instruction: Result<PaymentInstruction>;
  /** The body of the 201, which is kept with the key. */
  readonly render: (payment: Payment) => unknown;
}

export interface MadePayment {
  /** The body of the 201, JSON. */
  readonly answer: string;
  /** Made by an earlier request with the same key. */
  readonly isReplay: boolean;
  /** What is to be delivered after the answer. */
  readonly outbox: readonly ClaimedRow[];
}

/** Broken by a payment that is more than what is available. */
const OVER_LIMIT = 'accounts_balance_within_limit';
/** Broken where the account, or the whole tenant, was taken away since it was read. */
const ACCOUNT_GONE = new Set(['entry_without_account', 'journal_without_tenant', 'transactions.currency']);

interface Asked extends KeyedRequest, KeyOwner {
  readonly call: PaymentCall;
  readonly request: PaymentRequest;
}

function accountsQuestion({ call: { consent }, request: { payment } }: Asked): PaymentAccountsQuestion {
  return {
    // Before the customer chose there is no account to find; the consent's state then refuses the call.
    tenantId: consent.tenantId ?? '',
    customerId: consent.customerId ?? '',
    debtorAccountId: consent.accountIds[0] ?? '',
    creditor: payment.type === 'domestic' ? payment.creditor.account : undefined,
  };
}

/** How key, consent and accounts stand in D1. */
interface Found extends PaymentAccounts {
  readonly kept: KeptKey | undefined;
  readonly end: ConsentEnd | undefined;
}

async function readAll({ database }: Scope, asked: Asked): Promise<Found> {
  const question = accountsQuestion(asked);
  const [keys, ends, accounts] = await database.batch([
    keptKeyStatement(database, asked),
    consentEndStatement(database, asked.consentId),
    paymentAccountsStatement(database, question),
  ]);
  return { kept: keys[0], end: toConsentEnd(ends[0]), ...readPaymentAccounts(accounts, question) };
}

/** What key and consent say alone: the first answer again, or a refusal; undefined where the payment may go on. */
function answerByStanding(
  { now }: Scope,
  { call: { consent }, ...asked }: Asked,
  { kept, end }: Found,
  ownPaymentId?: string,
): Result<MadePayment> | undefined {
  const verdict = judgeKey(kept, asked, now);
  if (verdict === 'reused') return refuse('idempotency_key_reused', 'key kept for another consent or body');
  if (verdict === 'replay' && kept !== undefined) {
    return ok({ answer: kept.answer, isReplay: kept.paymentId !== ownPaymentId, outbox: [] });
  }
  return refuseStanding(standingOf(endedAs(consent, end)));
}

/** No consent is in a currency that the bank does not have: such a payment is another than the consent's. */
function refuseForeignCurrency({ reason, errors = [] }: Refusal): Refused {
  return refuse('payment_mismatch', reason, { errors: errors.map(({ field }) => mismatchOf(field)) });
}

/** What the payment is made of, once nothing stands against it: it is the consent's own, member by member. */
interface Ready extends Found {
  readonly payer: Payer;
}

/** The payment as it will be: domestic ones are completed with their batch, others are pending. */
function newPayment(
  { now }: Scope,
  { clientId, consentId, call: { consent }, request: { payment: instruction, quote } }: Asked,
  { payer, payee }: Ready,
): Payment {
  const isDomestic = instruction.type === 'domestic';
  const status = isDomestic ? 'completed' : 'pending';
  return {
    instruction,
    quote,
    scheme: payee === undefined ? schemeOf(instruction) : undefined,
    tenantId: payer.account.tenantId,
    paymentId: `pay_${newUuid()}`,
    consentId,
    clientId,
    organisationId: consent.organisationId,
    customerId: consent.customerId ?? '',
    debtorAccountId: payer.account.accountId,
    totalDebitMinor: totalDebitOf(instruction, quote),
    uetr: isDomestic ? undefined : newUuid(),
    status,
    createdAt: now,
    statusUpdatedAt: now,
    events: [{ sequence: 1, status, at: now }],
  };
}

/** What moves the money: a domestic payment is posted, an international one holds its amount until it is sent. */
function moneyStatements({ database, now }: Scope, payment: Payment, { payer, payee }: Ready) {
  const { tenantId, paymentId, instruction, totalDebitMinor: amountMinor } = payment;
  if (instruction.type === 'domestic') {
    const entries = domesticEntries(instruction, payer, payee);
    const journalId = `jrn_${paymentId}`;
    return transferStatements(database, { tenantId, journalId, kind: 'payment', paymentId, now, entries });
  }
  const { currency } = instruction.instructedAmount;
  return holdStatements(database, {
    ...debitWords(instruction),
    ...holdKeyOf(payment),
    amountMinor,
    currency,
  });
}

/** The one batch. The key stands first and the consent's end second: which of them fails tells what happened. */
function batchOf(
  scope: Scope,
  asked: Asked,
  payment: Payment,
  ready: Ready,
  answer: string,
): readonly [Statement, ...Statement[]] {
  const { database, now } = scope;
  const { consentId, bodyDigest = '' } = asked;
  const { tenantId, paymentId } = payment;
  const outbox = { subject: paymentId, now };
  const batch = [
    keepKeyStatement(database, asked, { consentId, bodyDigest, paymentId, answer, createdAt: now }),
    endStatement(database, { consentId, outcome: 'consumed', at: now, paymentId }),
    ...paymentStatements(database, payment),
    ...moneyStatements(scope, payment, ready),
    claimedOutboxStatement(database, {
      ...outbox,
      topic: POSTED_TOPIC,
      payload: { consentId, at: now },
    }),
    ...(payment.status === 'pending'
      ? [claimedOutboxStatement(database, { ...outbox, topic: SETTLE_TOPIC, payload: { tenantId } })]
      : []),
  ] as const;
  // A key that was used more than 24 hours ago makes room.
  return ready.kept === undefined
    ? batch
    : [forgetKeyStatement(database, asked, now - KEY_LIFETIME_SECONDS), ...batch];
}

async function post(scope: Scope, asked: Asked, ready: Ready): Promise<Result<MadePayment>> {
  const payment = newPayment(scope, asked, ready);
  const answer = JSON.stringify(asked.call.render(payment));
  const batch = batchOf(scope, asked, payment, ready, answer);
  try {
    const results: readonly unknown[] = await retryKeyedWrite(scope, () => scope.database.batch(batch));
    const written = results.slice(payment.status === 'pending' ? -2 : -1) as ClaimedRow[][];
    return ok({ answer, isReplay: false, outbox: written.flat() });
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === undefined) throw error;
    if (constraint === OVER_LIMIT) return refuse('insufficient_funds', 'spent by another payment meanwhile');
    if (ACCOUNT_GONE.has(constraint)) return refuse('account_restricted', `account gone: ${constraint}`);
    // Another was first, or the connection was lost after this one happened: D1 knows which.
    const found = await retryRead(scope, () => readAll(scope, asked));
    const outcome = answerByStanding(scope, asked, found, payment.paymentId);
    if (outcome === undefined) throw error;
    return outcome;
  }
}

/**
 * Makes the payment of a consent, once. Refuses, in this order: `idempotency_key_reused`; the consent's state
 * (`consent_expired`, `consent_revoked`, `invalid_consent`, `consent_consumed`, `quote_expired`); `payment_mismatch`,
 * `unsupported_currency`, `account_restricted`, `insufficient_funds`. Nothing is posted then. An outage leaves the outcome
 * unknown: the same key tells it, and cannot pay twice.
 */
export async function makePayment(scope: Scope, call: PaymentCall): Promise<Result<MadePayment>> {
  const { consent, key, instruction } = call;
  const { clientId, consentId } = consent;
  const request = requestOf(consent, 'payment');
  const [keyDigest, bodyDigest] = await Promise.all([
    digestOf(key),
    instruction.ok ? digestOf(canonicalPayment(instruction.value)) : undefined,
  ]);
  const asked: Asked = { call, request, clientId, consentId, keyDigest, bodyDigest };
  const found = await retryRead(scope, () => readAll(scope, asked));
  const early = answerByStanding(scope, asked, found);
  if (early !== undefined) return early;
  if (!instruction.ok) return refuseForeignCurrency(instruction.refusal);
  const { payer, payee } = found;
  const refused = refusePayment(request, instruction.value, { debtor: payer?.account, payee });
  if (refused !== undefined) return refused;
  if (payer === undefined) throw new Error('a payment was let through without its payer');
  noteTenantUse(scope, payer.account.tenantId);
  return post(scope, asked, { ...found, payer });
}
