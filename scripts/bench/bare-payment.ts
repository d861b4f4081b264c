/**
 * A domestic payment to another bank by hand: the same two batches as the Worker's, in SQL as a person would write it, and
 * the same answer.
 */
import { violatedConstraint } from '#bank/constraint.ts';
import type { Consent } from '#consents/consent.ts';

/** As its TPP sends it. */
export interface BarePayment {
  readonly type: 'domestic';
  readonly instructed_amount: { readonly amount: string; readonly currency: string };
  readonly creditor: { readonly name: string; readonly account: { readonly id: string } };
  readonly reference?: string;
  readonly end_to_end_id: string;
}

interface Call {
  readonly consent: Consent;
  readonly payment: BarePayment;
  /** Epoch seconds. */
  readonly now: number;
  readonly keyDigest: string;
  readonly bodyDigest: string;
}

const ROUTE = 'POST /open-banking/v1/payments';
const SETTLEMENT = 'internal:settlement:GBP:fps';

const KEPT_KEY = `
  SELECT consent_id, body_digest, payment_id, answer, created_at FROM idempotency_keys
  WHERE client_id = ?1 AND route = ?2 AND key_digest = ?3`;
const CONSENT_END =
  'SELECT consent_id, outcome, at, payment_id FROM payment_consent_ends WHERE consent_id = ?1';
const ACCOUNTS = `
  SELECT tenant_id, account_id, status, currency, account_type, nickname, sort_code, account_number, iban, booked_minor,
    held_minor, overdraft_limit_minor, withdrawals_restricted, joint,
    (SELECT display_name FROM customers WHERE tenant_id = ?1 AND customer_id = ?2) AS payer_name
  FROM accounts
  WHERE (tenant_id = ?1 AND account_id = ?3) OR (tenant_id = ?1 AND sort_code = ?4 AND account_number = ?5)`;

const KEEP_KEY = 'INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)';
const END_CONSENT = "INSERT INTO payment_consent_ends VALUES (?1, 'consumed', ?2, ?3)";
const INSERT_PAYMENT = `
  INSERT INTO payments VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'domestic', 'completed', NULL, ?7, 'GBP', ?8, ?9, NULL, ?10, ?10)`;
const INSERT_EVENT = "INSERT INTO payment_events VALUES (?1, ?2, 1, 'completed', NULL, ?3)";
const INSERT_JOURNAL = "INSERT INTO journals VALUES (?1, ?2, 'payment', ?3, ?4)";
const CHANGE_BALANCE =
  'UPDATE accounts SET booked_minor = booked_minor + ?3 WHERE tenant_id = ?1 AND account_id = ?2';
const INSERT_ENTRIES = `
  INSERT INTO transactions
  SELECT ?1, value->>0, at, 'txn_' || printf('%06d', place) || lower(hex(randomblob(8))), 'booked',
    value->>1, 'GBP', at, date(at, 'unixepoch'), 'transfer', 'Faster Payment sent', ?4, ?5, ?6, NULL, NULL,
    (SELECT booked_minor FROM accounts WHERE tenant_id = ?1 AND account_id = value->>0), ?2
  FROM (
    SELECT value, max(?3, coalesce(newest.created_at, 0)) AS at,
      CASE WHEN newest.created_at >= ?3 THEN CAST(substr(newest.transaction_id, 5, 6) AS INTEGER) + 1 ELSE 0 END AS place
    FROM json_each(?7) LEFT JOIN transactions AS newest ON newest.rowid = (
      SELECT rowid FROM transactions WHERE tenant_id = ?1 AND account_id = value->>0
      ORDER BY created_at DESC, transaction_id DESC LIMIT 1)
  )`;
const INSERT_OUTBOX = `
  INSERT INTO outbox (topic, subject, payload, created_at, due_at, attempts)
  VALUES ('payment.posted', ?1, ?2, ?3, ?3 + 60, 1) RETURNING *`;
const FORGET_OUTBOX = 'DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1))';

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Pays; `forget` takes the outbox row away once the consent's object was told. */
export async function pay(session: D1DatabaseSession, call: Call) {
  const { consent, payment, now, keyDigest, bodyDigest } = call;
  const { consentId, clientId, organisationId, tenantId = '', customerId = '' } = consent;
  const [accountId = ''] = consent.accountIds;
  const { creditor, instructed_amount, reference = null } = payment;
  const [sortCode = '', accountNumber = ''] = creditor.account.id.split('-');
  const [kept, ends, accounts] = await session.batch<Record<string, unknown>>([
    session.prepare(KEPT_KEY).bind(clientId, ROUTE, keyDigest),
    session.prepare(CONSENT_END).bind(consentId),
    session.prepare(ACCOUNTS).bind(tenantId, customerId, accountId, sortCode, accountNumber),
  ]);
  const [payer] = accounts?.results ?? [];
  const amountMinor = Math.round(Number(instructed_amount.amount) * 100);
  const available = Number(payer?.['booked_minor']) - Number(payer?.['held_minor']);
  if (kept?.results.length !== 0 || ends?.results.length !== 0 || amountMinor > available) {
    throw new Error('cannot be paid');
  }
  const paymentId = `pay_${crypto.randomUUID()}`;
  const journalId = `jrn_${paymentId}`;
  const body = {
    payment_id: paymentId,
    consent_id: consentId,
    status: 'completed',
    payment,
    created_at: instant(now),
    status_updated_at: instant(now),
    status_history: [{ status: 'completed', at: instant(now) }],
    links: { self: `/payments/${paymentId}` },
  };
  const document = JSON.stringify({ instruction: payment, scheme: 'fps' });
  const entries = JSON.stringify([
    [accountId, -amountMinor],
    [SETTLEMENT, amountMinor],
  ]);
  const { name, account } = creditor;
  try {
    const results = await session.batch<{ readonly id: number }>([
      session
        .prepare(KEEP_KEY)
        .bind(clientId, ROUTE, keyDigest, consentId, bodyDigest, paymentId, JSON.stringify(body), now),
      session.prepare(END_CONSENT).bind(consentId, now, paymentId),
      session
        .prepare(INSERT_PAYMENT)
        .bind(
          tenantId,
          paymentId,
          consentId,
          clientId,
          organisationId,
          customerId,
          accountId,
          amountMinor,
          document,
          now,
        ),
      session.prepare(INSERT_EVENT).bind(tenantId, paymentId, now),
      session.prepare(INSERT_JOURNAL).bind(tenantId, journalId, paymentId, now),
      session.prepare(CHANGE_BALANCE).bind(tenantId, accountId, -amountMinor),
      session.prepare(INSERT_ENTRIES).bind(tenantId, journalId, now, reference, name, account.id, entries),
      session.prepare(INSERT_OUTBOX).bind(paymentId, JSON.stringify({ consentId, at: now }), now),
    ]);
    const written = results.at(-1)?.results ?? [];
    const forget = () =>
      session
        .prepare(FORGET_OUTBOX)
        .bind(JSON.stringify(written.map(({ id }) => id)))
        .run();
    return { paymentId, body, forget };
  } catch (error) {
    throw new Error(`not paid: ${violatedConstraint(error)}`, { cause: error });
  }
}
