/** What a payment costs: D1 round trips, object calls and rows, before its answer and with what comes after it. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { countingEnv, type Hops } from '../support/counting-env.ts';
import {
  newPayable,
  openPaying,
  PAYMENTS_PATH,
  type Payable,
  type Paying,
  payableHeaders,
} from '../support/paying.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { TEST_NOW_MS } from '../support/scope.ts';
import { accessToken, bearer } from '../support/tokens.ts';

const counted = countingEnv();
const app = createApp({ clock: { nowMs: () => TEST_NOW_MS }, log: () => undefined });
let paying: Paying;

interface Cost extends Hops {
  readonly status: number;
  readonly text: string;
  /** With what comes after the answer. */
  readonly inAll: Hops;
}

/** Sends one request and says what it cost before its answer, and in all. */
async function cost(path: string, init: RequestInit): Promise<Cost> {
  const context = createExecutionContext();
  counted.reset();
  const answer = await app.fetch(new Request(`http://localhost:8787${path}`, init), counted.env, context);
  const before = { ...counted.hops, calls: [...counted.hops.calls] };
  const text = await answer.text();
  await waitOnExecutionContext(context);
  return { ...before, status: answer.status, text, inAll: { ...counted.hops } };
}

function pay({ payment, headers }: Payable, key: string): Promise<Cost> {
  return cost(PAYMENTS_PATH, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ payment }),
  });
}

beforeAll(async () => {
  paying = await openPaying();
  // A warm isolate: keys, settings, and the day's use of the tenant noted.
  await pay(await newPayable(paying), 'warm');
});

describe('POST /payments', () => {
  it.each([
    ['a domestic', DOMESTIC_PAYMENT],
    ['an international', INTERNATIONAL_PAYMENT],
  ])('%s payment makes two D1 round trips and three object calls', async (type, payment) => {
    const hops = await pay(await newPayable(paying, { payment }), type);
    expect(hops).toMatchObject({ status: 201, d1: 2 });
    expect(hops.inAll.objects).toBe(3);
    // Two together, two batches one after the other; the consent's object is told once the last is committed.
    const [guards, [read, write, told]] = [hops.inAll.calls.slice(0, 2), hops.inAll.calls.slice(2)];
    expect(guards.toSorted()).toEqual(['CLIENTS.admit', 'CONSENTS.use']);
    expect([read, write, told]).toEqual(['D1 batch', 'D1 batch', 'CONSENTS.learnEnd']);
  });

  it('a replay makes one D1 round trip and two object calls, and writes no row', async () => {
    const held = await newPayable(paying);
    const first = await pay(held, 'again');
    const second = await pay(held, 'again');
    expect(second).toMatchObject({ status: 201, text: first.text, d1: 1, objects: 2 });
    expect(second.inAll).toMatchObject({ d1: 1, objects: 2, rowsWritten: 0 });
  });

  it('makes three D1 round trips at most where it lost to others, and one of them pays', async () => {
    const held = await newPayable(paying);
    const isolates = Array.from({ length: 8 }, (_, index) => {
      const own = countingEnv();
      const isolate = createApp({ clock: { nowMs: () => TEST_NOW_MS }, log: () => undefined });
      return { own, isolate, key: `twin-${index % 2}` };
    });
    const statuses = await Promise.all(
      isolates.map(async ({ own, isolate, key }) => {
        const context = createExecutionContext();
        const request = new Request(`http://localhost:8787${PAYMENTS_PATH}`, {
          method: 'POST',
          headers: { ...held.headers, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify({ payment: held.payment }),
        });
        const { status } = await isolate.fetch(request, own.env, context);
        // Reading the keys of this issuer is a cold isolate's, and none of the payment's.
        const trips = own.hops.calls.filter((call) => call === 'D1 batch').length;
        await waitOnExecutionContext(context);
        return [status, trips] as const;
      }),
    );
    expect(statuses.map(([status]) => status).filter((status) => status === 201)).toHaveLength(4);
    expect(new Set(statuses.map(([status]) => status))).toEqual(new Set([201, 409]));
    for (const [, trips] of statuses) expect(trips).toBeLessThanOrEqual(3);
    expect(statuses.some(([, trips]) => trips === 3)).toBe(true);
  });

  it('refused, writes no row', async () => {
    const poor = await openPaying({ bookedMinor: 0, client: paying.client });
    const held = await newPayable(poor);
    expect((await pay(held, 'poor')).inAll).toMatchObject({ d1: 1, objects: 2, rowsWritten: 0 });
    const used = await newPayable(paying);
    await pay(used, 'used');
    expect(await pay(used, 'other')).toMatchObject({ status: 409, d1: 1, rowsWritten: 0 });
  });

  it('refused by token, header, key or body alone, asks nothing of D1', async () => {
    const { headers, consentId } = await newPayable(paying);
    const { authorization = '' } = headers;
    const post = (own: Record<string, string>, body = '{}') =>
      cost(PAYMENTS_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...own },
        body,
      });
    expect(await post({ authorization })).toMatchObject({ status: 400, d1: 0, objects: 1 });
    expect(await post({ ...headers })).toMatchObject({ status: 400, d1: 0, objects: 2 });
    expect(await post({ ...headers, 'idempotency-key': 'k' }, '{')).toMatchObject({ status: 400, d1: 0 });
    const narrow = await payableHeaders(paying.client.clientId, consentId, undefined, ['openid']);
    expect(await post(narrow)).toMatchObject({ status: 403, d1: 0, objects: 1 });
  });
});

describe('GET /payments/{id}', () => {
  it('makes one D1 round trip and one object call, and writes no row', async () => {
    const held = await newPayable(paying);
    const { payment_id: paymentId } = JSON.parse((await pay(held, 'read')).text) as { payment_id: string };
    const own = bearer(await accessToken(paying.client.clientId));
    for (const headers of [held.headers, own]) {
      expect(await cost(`${PAYMENTS_PATH}/${paymentId}`, { headers })).toMatchObject({
        status: 200,
        d1: 1,
        objects: 1,
        rowsWritten: 0,
      });
    }
  });
});
