/** What is wrong after a crash: each a sentence; none when the bank kept every promise. */
import { LEDGER_RULES } from '../support/ledger-rules.ts';
import { inParallel } from './payers.mjs';
import { ACCOUNTS } from './payments.mjs';

/** Each finds the rows of payments that break one rule; ?1 is the tenant. */
const PAYMENT_RULES = {
  'a payment without the end of its consent': `
    SELECT payment_id FROM payments AS p WHERE tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM payment_consent_ends AS e
      WHERE e.consent_id = p.consent_id AND e.outcome = 'consumed' AND e.payment_id = p.payment_id)`,
  'a consumed consent without its payment': `
    SELECT consent_id FROM payment_consent_ends AS e WHERE outcome = 'consumed' AND ?1 <> '' AND NOT EXISTS
      (SELECT 1 FROM payments AS p WHERE p.payment_id = e.payment_id AND p.consent_id = e.consent_id)`,
  'a payment without its key': `
    SELECT payment_id FROM payments AS p WHERE tenant_id = ?1
      AND NOT EXISTS (SELECT 1 FROM idempotency_keys AS k WHERE k.consent_id = p.consent_id AND k.payment_id = p.payment_id)`,
  'a key without its payment': `
    SELECT key_digest FROM idempotency_keys AS k WHERE ?1 <> '' AND NOT EXISTS
      (SELECT 1 FROM payments AS p WHERE p.payment_id = k.payment_id AND p.consent_id = k.consent_id)`,
  'a payment that is completed and posted nothing': `
    SELECT payment_id FROM payments AS p WHERE tenant_id = ?1 AND status = 'completed' AND NOT EXISTS
      (SELECT 1 FROM journals AS j WHERE j.tenant_id = ?1 AND j.payment_id = p.payment_id)`,
  'a payment that posted twice': `
    SELECT payment_id FROM journals WHERE tenant_id = ?1 AND payment_id IS NOT NULL
      GROUP BY payment_id, kind HAVING count(*) > 1`,
  'a payment without history': `
    SELECT payment_id FROM payments AS p WHERE tenant_id = ?1 AND NOT EXISTS (SELECT 1 FROM payment_events AS e
      WHERE e.tenant_id = ?1 AND e.payment_id = p.payment_id AND e.status = p.status)`,
};
/** Of each rule this many rows are told. */
const TOLD_MAXIMUM = 3;

/** What breaks the rules that hold at any moment. */
export async function ruleFaults(bank, tenantId) {
  const faults = [];
  for (const [rule, sql] of Object.entries({ ...LEDGER_RULES, ...PAYMENT_RULES })) {
    const rows = await bank.read(sql, tenantId);
    if (rows.length === 0) continue;
    faults.push(`${rule} (${rows.length}): ${JSON.stringify(rows.slice(0, TOLD_MAXIMUM))}`);
  }
  return faults;
}

/** Payments whose payers were told of them and that are not there, and payments that nobody was told of. */
export async function comparePayments(bank, tenantId, outcomes) {
  const rows = await bank.read(
    'SELECT payment_id, consent_id, status FROM payments WHERE tenant_id = ?1',
    tenantId,
  );
  const found = new Map(rows.map((row) => [row.payment_id, row]));
  const told = new Map(
    outcomes.flatMap(({ status, paymentId, consentId }) => (status === 201 ? [[paymentId, consentId]] : [])),
  );
  const lost = [...told].filter(([paymentId, consentId]) => found.get(paymentId)?.consent_id !== consentId);
  const duplicated = rows.filter((row) => told.get(row.payment_id) !== row.consent_id);
  const unlike = outcomes.filter(({ isRepeatedAlike }) => !isRepeatedAlike);
  return {
    lost: lost.length,
    duplicated: duplicated.length + unlike.length,
    statusOf: (paymentId) => found.get(paymentId)?.status,
  };
}

const PAID = { 201: [undefined], 422: ['insufficient_funds'], 401: ['consent_revoked'] };

/** Answers that contradict each other, or that no payment here should get. */
export function answerFaults(outcomes) {
  const faults = [];
  for (const { status, code, revoked, consentId } of outcomes) {
    if (PAID[status]?.includes(code) !== true) faults.push(`${consentId} answered ${status} ${code}`);
    const expected = status === 201 ? 409 : 204;
    if (revoked !== undefined && revoked !== expected) {
      faults.push(`${consentId} answered ${status} to its payment and ${revoked} to its revocation`);
    }
    if (revoked === undefined && code === 'consent_revoked')
      faults.push(`${consentId} was revoked by nobody`);
  }
  return faults;
}

/** Each consent as its TPP reads it: consumed with its payment, revoked, or still to be used. */
export async function consentFaults(bank, outcomes, readers) {
  const token = await bank.ownToken();
  const faults = [];
  await inParallel(readers, outcomes, async ({ consentId, status, paymentId, revoked }) => {
    const answer = await bank.ask({
      method: 'GET',
      path: `/open-banking/v1/consents/${consentId}`,
      headers: { authorization: `Bearer ${token}` },
    });
    const consent = JSON.parse(answer.text);
    const expected = status === 201 ? 'consumed' : revoked === undefined ? 'authorized' : 'revoked';
    if (consent.status !== expected || consent.payment_id !== (status === 201 ? paymentId : undefined)) {
      faults.push(`${consentId} reads ${consent.status} ${consent.payment_id}, not ${expected} ${paymentId}`);
    }
  });
  return faults;
}

/** Booked and held of the accounts, minor units. */
export async function readBalances(bank, tenantId) {
  const rows = await bank.read(
    'SELECT account_id, booked_minor, held_minor FROM accounts WHERE tenant_id = ?1',
    tenantId,
  );
  const of = (accountId) => rows.find((row) => row.account_id === accountId);
  return Object.fromEntries(ACCOUNTS.map((each) => [each, [of(each)?.booked_minor, of(each)?.held_minor]]));
}

/** Balances that are not what they were and what was paid; outcomes of settlement that are not what they must be. */
export function settledFaults({ opening, closing, outcomes, statusOf }) {
  const faults = [];
  const paid = outcomes.filter(({ status }) => status === 201);
  for (const [accountId, [openingMinor, heldMinor]] of Object.entries(opening)) {
    const changes = paid.flatMap((one) => one.changes.filter(([changed]) => changed === accountId));
    const expected = [changes.reduce((sum, [, changeMinor]) => sum + changeMinor, openingMinor), heldMinor];
    const [found, wanted] = [closing[accountId], expected].map((pair) => JSON.stringify(pair));
    if (found !== wanted) {
      faults.push(`${accountId} has booked, held ${found}, not ${wanted}`);
    }
  }
  for (const { paymentId, ends } of paid) {
    if (statusOf(paymentId) !== ends) faults.push(`${paymentId} is ${statusOf(paymentId)}, not ${ends}`);
  }
  return faults;
}
