/** Payers in parallel: each payment is asked for until its outcome is known, some beside a revocation of their consent. */
import { randomUUID } from 'node:crypto';
import { authorizePayments, payRequest } from '../../scripts/bench/client.mjs';

/** Of so many payments one is beside a revocation. */
const REVOKED_SHARE = 20;
/** Of so many payments one is asked for again under its key, though its outcome is known. */
const REPEATED_SHARE = 10;
/** Consents authorized by one request. */
const ORDER = 25;

/** Runs `work` for each of `things`, `workers` at once. */
export async function inParallel(workers, things, work) {
  const pending = things.values();
  const run = async () => {
    for (const thing of pending) await work(thing);
  };
  await Promise.all(Array.from({ length: workers }, run));
}

/** Has customers authorize the payments; each becomes a call with its consent, token and key. */
export async function authorizeAll(bank, drawn) {
  const orders = Array.from({ length: Math.ceil(drawn.length / ORDER) }, (_, index) =>
    drawn.slice(index * ORDER, (index + 1) * ORDER),
  );
  const calls = [];
  await inParallel(4, orders, async (order) => {
    const { tenantId, authorized } = await authorizePayments(bank.ask, bank.clientId, order);
    calls.push(...order.map((one, index) => ({ ...one, ...authorized[index], tenantId, key: randomUUID() })));
  });
  return calls;
}

/** The outcome of one call, as its payer was told. */
async function settle(bank, call, ownToken, index) {
  const pay = payRequest(call);
  const revoke = {
    method: 'DELETE',
    path: `/open-banking/v1/consents/${call.consentId}`,
    headers: { authorization: `Bearer ${ownToken}` },
  };
  const [paid, revoked] = await Promise.all([
    bank.ask(pay),
    index % REVOKED_SHARE === 0 ? bank.ask(revoke) : undefined,
  ]);
  // A payment that was refused may go through when it is asked for again: only a 201 stands for ever.
  const isRepeated = paid.status === 201 && index % REPEATED_SHARE === 1;
  const again = isRepeated ? await bank.ask(pay) : undefined;
  const body = JSON.parse(paid.text);
  return {
    ...call,
    status: paid.status,
    code: body.code,
    paymentId: body.payment_id,
    isReplayed: paid.headers['idempotency-replayed'] === 'true',
    revoked: revoked?.status,
    isRepeatedAlike: again === undefined || (again.status === 201 && again.text === paid.text),
  };
}

/**
 * Makes the payments with `payers` at once. `onPaid` hears of each outcome. Resolves to all outcomes.
 */
export async function payAll(bank, calls, { payers, onPaid }) {
  const ownToken = await bank.ownToken();
  const outcomes = [];
  await inParallel(payers, [...calls.entries()], async ([index, call]) => {
    outcomes.push(await settle(bank, call, ownToken, index));
    onPaid(outcomes.length);
  });
  return outcomes;
}
