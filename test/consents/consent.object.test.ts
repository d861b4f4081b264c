/** The consent's object: one writer, its alarm, and the row in D1 that follows it. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { projectConsent } from '#consents/consent.store.ts';
import type { Consent } from '#consents/consent.ts';
import type { ConsentRecord } from '#consents/consent-record.ts';
import { approveConsent, denyConsent } from '#consents/decide-consent.flow.ts';
import { endConsent, endConsentsOfClient } from '#consents/end-consent.flow.ts';
import type { DenyRequest } from '#consents/grant-calls.ts';
import { readConsent, readConsentWithHistory } from '#consents/read-consent.flow.ts';
import { openDatabase } from '#edge/database.ts';
import { renderConsentId } from '#kernel/consent-id.ts';
import { authorizedConsent, awaitingConsent, codeBinding, consentStub } from '../support/consents.ts';
import { DOMESTIC_PAYMENT, paymentRequestOf } from '../support/payments.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const scope = testScope();
const DAY = 86_400;
const later = (seconds: number) => testScope({ nowMs: TEST_NOW_MS + seconds * 1000 });

async function rowOf(consentId: string) {
  return env.DB.prepare('SELECT status, version, document FROM consents WHERE consent_id = ?')
    .bind(consentId)
    .first<{ status: string; version: number; document: string }>();
}

async function record(consentId: string): Promise<ConsentRecord | undefined> {
  return runInDurableObject(consentStub(consentId), (_object, state) =>
    state.storage.kv.get<ConsentRecord>('consent'),
  );
}

/** Seconds after the test's beginning for which the alarm is set, or null. */
async function alarmIn(consentId: string): Promise<number | null> {
  return runInDurableObject(consentStub(consentId), async (_object, state) => {
    const setting = state.storage.kv.get<{ dueMs: number; ownMs: number }>('alarm');
    expect(await state.storage.getAlarm()).toBe(setting?.ownMs ?? null);
    return setting === undefined ? null : (setting.dueMs - TEST_NOW_MS) / 1000;
  });
}

function approval(consent: Pick<Consent, 'consentId' | 'clientId'>) {
  return {
    consentId: consent.consentId,
    tenantId: 'tenant',
    customerId: 'customer',
    accountIds: ['one', 'two'],
    binding: codeBinding(scope, consent),
  };
}

/** Lets the object meet a D1 that fails, hangs, or works again. */
async function breakDatabase(consentId: string, how: 'fails' | 'hangs' | 'works'): Promise<void> {
  await runInDurableObject(consentStub(consentId), (object) => {
    const broken = {
      withSession: () => ({
        prepare: () => ({
          bind: () => ({
            run: async () =>
              how === 'fails' ? Promise.reject(new Error('D1 is away')) : new Promise(() => {}),
          }),
        }),
      }),
    };
    (object as unknown as { env: Env }).env = (how === 'works' ? env : { ...env, DB: broken }) as Env;
  });
}

describe('decisions', () => {
  it('keeps whose accounts were chosen, by whom and with what note', async () => {
    const consent = await awaitingConsent(scope);
    expect((await approveConsent(later(60), { ...approval(consent), note: 'sandbox helper' })).ok).toBe(true);
    const reading = await readConsentWithHistory(later(60), consent.consentId);
    expect(reading?.consent).toMatchObject({
      status: 'authorized',
      tenantId: 'tenant',
      customerId: 'customer',
      accountIds: ['one', 'two'],
      statusUpdatedAt: scope.now + 60,
    });
    expect(reading?.history).toEqual([
      { at: scope.now, event: 'created', by: 'tpp' },
      { at: scope.now + 60, event: 'authorized', by: 'customer', note: 'sandbox helper' },
    ]);
  });

  it.each([
    ['just before a day has passed', DAY - 1, true],
    ['a day after creation', DAY, false],
  ])('may be approved %s', async (_when, seconds, isGood) => {
    const consent = await awaitingConsent(scope);
    expect((await approveConsent(later(seconds), approval(consent))).ok).toBe(isGood);
    expect((await readConsent(later(seconds), consent.consentId))?.status).toBe(
      isGood ? 'authorized' : 'expired',
    );
  });

  it.each([
    ['another client', { binding: codeBinding(scope) }],
    ['the id of another type', { consentId: 'pis' }],
    ['an id that is none', { consentId: 'consent' }],
  ])('refuses %s and changes nothing', async (_what, changes) => {
    const consent = await awaitingConsent(scope);
    const wrong = { ...approval(consent), ...changes };
    const objectId = consent.consentId.slice(-64);
    if (wrong.consentId === 'pis') {
      wrong.consentId = renderConsentId({ type: 'payment', objectId });
      wrong.accountIds = wrong.accountIds.slice(0, 1);
    }
    expect(await approveConsent(scope, wrong)).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request' },
    });
    expect((await record(consent.consentId))?.consent).toEqual(consent);
  });

  it.each([true, false])(
    'counts one of many browsers deciding at once (one denying: %s), again across an eviction',
    async (withDenial) => {
      const consent = await awaitingConsent(scope);
      const { consentId, clientId } = consent;
      const who = { tenantId: 'tenant', customerId: 'customer' };
      // Approvals race among themselves too: a denial, having less to prepare, always arrives first.
      const decide = () => [
        ...Array.from({ length: 10 }, () => approveConsent(scope, approval(consent))),
        ...(withDenial ? [denyConsent(scope, { consentId, clientId, ...who })] : []),
      ];
      const answers = await Promise.all(decide());
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      await evictDurableObject(consentStub(consentId));
      expect((await Promise.all(decide())).filter(({ ok }) => ok)).toHaveLength(0);
    },
  );

  it('repeats the answer to a denial that is made again because its answer was lost', async () => {
    const { consentId, clientId } = await awaitingConsent(scope);
    let calls = 0;
    const losing = {
      idFromString: (id: string) => env.CONSENTS.idFromString(id),
      get: (id: DurableObjectId) => ({
        async deny(request: DenyRequest) {
          const answer = await env.CONSENTS.get(id).deny(request);
          calls += 1;
          if (calls === 1) throw Object.assign(new Error('gone'), { retryable: true });
          return answer;
        },
      }),
    };
    const denial = { consentId, clientId, tenantId: 'tenant', customerId: 'customer' };
    const answer = await denyConsent(testScope({ bindings: { CONSENTS: losing } }), denial);
    expect([answer.ok, calls]).toEqual([true, 2]);
    expect((await record(consentId))?.history.map(({ event }) => event)).toEqual(['created', 'rejected']);
  });

  it('refuses a denial of what is decided, and nobody can do anything to a rejected consent', async () => {
    const consent = await awaitingConsent(scope);
    const denial = { ...consent, tenantId: 'tenant', customerId: 'customer' };
    expect((await denyConsent(scope, denial)).ok).toBe(true);
    expect((await denyConsent(scope, denial)).ok).toBe(false);
    expect((await approveConsent(scope, approval(consent))).ok).toBe(false);
    expect(await endConsent(scope, consent.consentId, { by: 'bank' })).toMatchObject({
      ok: true,
      value: { status: 'rejected' },
    });
  });

  it.each(['tpp', 'customer', 'bank'] as const)('is ended by the %s, once', async (by) => {
    const { consentId } = await authorizedConsent(scope);
    for (const seconds of [1, 2]) {
      expect(await endConsent(later(seconds), consentId, { by, note: 'why' })).toMatchObject({
        value: { status: 'revoked', revokedBy: by, statusUpdatedAt: scope.now + 1 },
      });
    }
    expect((await record(consentId))?.history).toHaveLength(3);
    expect((await record(consentId))?.grant).toBeUndefined();
  });

  it('ends all of a client', async () => {
    const clientId = crypto.randomUUID();
    const ids = [];
    for (let index = 0; index < 3; index += 1) {
      ids.push(
        (await awaitingConsent(scope, { clientId })).consentId,
        (await authorizedConsent(scope, { clientId })).consentId,
      );
    }
    const other = await awaitingConsent(scope);
    await endConsentsOfClient(scope, clientId, { by: 'bank', note: 'client ended' });
    for (const id of ids) expect((await readConsent(scope, id))?.status).toBe('revoked');
    expect((await readConsent(scope, other.consentId))?.status).toBe('awaiting_authorization');
  });
});

it('was never created: answers so to every call, and keeps nothing', async () => {
  const id = env.CONSENTS.newUniqueId();
  const stub = env.CONSENTS.get(id);
  const nowMs = TEST_NOW_MS;
  const consentId = renderConsentId({ type: 'account-access', objectId: id.toString() });
  const who = {
    nowMs,
    consentId,
    clientId: 'client',
    tenantId: 'tenant',
    customerId: 'customer',
    note: undefined,
  };
  const binding = codeBinding(scope);
  const secret = { nowMs, attempt: 'one', clientId: 'client', secretDigest: 'digest' };
  expect(await stub.read(nowMs)).toBeUndefined();
  expect(await stub.use(nowMs)).toEqual({ found: false });
  expect(await stub.approve({ ...who, accountIds: ['a'], binding, codeDigest: 'd' })).toEqual({
    outcome: 'not_found',
  });
  expect(await stub.deny({ ...who, attempt: 'a' })).toEqual({ outcome: 'not_found' });
  expect(await stub.revoke({ ...who, by: 'tpp' })).toEqual({ outcome: 'not_found' });
  const redemption = {
    ...secret,
    redirectUri: undefined,
    codeVerifier: undefined,
    clientScopes: ['accounts'],
    refreshDigest: 'r',
  };
  expect((await stub.redeem(redemption)).ok).toBe(false);
  expect((await stub.refresh(secret)).ok).toBe(false);
  const kept = await runInDurableObject(stub, async (object, state) => {
    await object.alarm();
    return [
      ...state.storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
      await state.storage.getAlarm(),
    ];
  });
  expect(kept).toEqual([null]);
});

describe('the alarm', () => {
  it('is set to the earliest due time', async () => {
    const { consentId, clientId } = await awaitingConsent(scope);
    expect(await alarmIn(consentId)).toBe(DAY);
    await approveConsent(scope, approval({ consentId, clientId }));
    expect(await alarmIn(consentId)).toBe(60);
  });

  it('forgets a code that expired unspent, then waits for the end and notes it', async () => {
    const { consentId } = await authorizedConsent(scope);
    expect(await runDurableObjectAlarm(consentStub(consentId))).toBe(true);
    expect((await record(consentId))?.grant).not.toHaveProperty('code');
    expect(await alarmIn(consentId)).toBe(90 * DAY);
    expect(await runDurableObjectAlarm(consentStub(consentId))).toBe(true);
    expect((await record(consentId))?.consent).toMatchObject({
      status: 'expired',
      statusUpdatedAt: scope.now + 90 * DAY,
    });
    expect((await rowOf(consentId))?.status).toBe('expired');
    expect(await alarmIn(consentId)).toBe(120 * DAY);
  });

  it('runs again without harm', async () => {
    const { consentId } = await awaitingConsent(scope);
    await runDurableObjectAlarm(consentStub(consentId));
    const before = await readConsent(scope, consentId);
    expect(before?.status).toBe('expired');
    // Once it has forgotten the consent, and once more.
    for (let n = 0; n < 2; n += 1) {
      await runInDurableObject(consentStub(consentId), async (object) => object.alarm());
      expect(await readConsent(scope, consentId)).toEqual(before);
    }
  });
});

describe('the row in D1', () => {
  it('follows each change before its caller is answered', async () => {
    const consent = await awaitingConsent(scope);
    expect(await rowOf(consent.consentId)).toMatchObject({ status: 'awaiting_authorization', version: 1 });
    await approveConsent(scope, approval(consent));
    expect(await rowOf(consent.consentId)).toMatchObject({ status: 'authorized', version: 2 });
    await endConsent(scope, consent.consentId, { by: 'customer' });
    const row = await rowOf(consent.consentId);
    expect(row).toMatchObject({ status: 'revoked', version: 3 });
    expect(JSON.parse(row?.document ?? '')).toEqual(await readConsent(scope, consent.consentId));
  });

  it('never goes back, whatever the order of arrival', async () => {
    const consent = await awaitingConsent(scope);
    await endConsent(scope, consent.consentId, { by: 'tpp' });
    const database = openDatabase(env.DB);
    await projectConsent(database, consent);
    expect((await rowOf(consent.consentId))?.status).toBe('revoked');
  });

  it.each(['fails', 'hangs'] as const)('is brought later by the alarm when D1 %s', async (how) => {
    const { consentId } = await awaitingConsent(scope);
    await breakDatabase(consentId, how);
    const beganMs = Date.now();
    expect((await endConsent(scope, consentId, { by: 'customer' })).ok).toBe(true);
    expect(Date.now() - beganMs).toBeLessThan(3_000);
    expect((await readConsent(scope, consentId))?.status).toBe('revoked');
    expect((await rowOf(consentId))?.status).toBe('awaiting_authorization');
    expect(await alarmIn(consentId)).toBe(5);
    await runDurableObjectAlarm(consentStub(consentId));
    expect((await record(consentId))?.projection).toMatchObject({ acknowledged: 1, failures: 2 });
    expect(await alarmIn(consentId)).toBe(15);
    await breakDatabase(consentId, 'works');
    await runDurableObjectAlarm(consentStub(consentId));
    expect((await rowOf(consentId))?.status).toBe('revoked');
    expect(await alarmIn(consentId)).toBe(30 * DAY);
  });

  it('learns of a use from the alarm, at most once an hour, and the call waits for neither', async () => {
    const { consentId } = await authorizedConsent(scope);
    const used = async (seconds: number) => {
      await consentStub(consentId).use(scope.nowMs + seconds * 1000);
      return (await readConsent(scope, consentId))?.lastUsedAt;
    };
    expect((await readConsent(scope, consentId))?.lastUsedAt).toBeUndefined();
    expect(await used(0)).toBe(scope.now);
    expect(await rowOf(consentId)).toMatchObject({ version: 2 });
    await runDurableObjectAlarm(consentStub(consentId));
    const row = await rowOf(consentId);
    expect(row).toMatchObject({ version: 3, status: 'authorized' });
    expect(JSON.parse(row?.document ?? '')).toMatchObject({ lastUsedAt: scope.now });
    expect(await used(3_599)).toBe(scope.now);
    expect((await record(consentId))?.consent.version).toBe(3);
    expect(await used(3_600)).toBe(scope.now + 3_600);
  });

  it.each(['awaiting', 'ended', 'payment'] as const)(
    'learns of no use of a consent that is %s',
    async (which) => {
      const parts = which === 'payment' ? { request: paymentRequestOf(scope, DOMESTIC_PAYMENT) } : {};
      const { consentId } = await (which === 'awaiting' ? awaitingConsent : authorizedConsent)(scope, parts);
      if (which === 'ended') await endConsent(scope, consentId, { by: 'customer' });
      const before = await record(consentId);
      await consentStub(consentId).use(scope.nowMs);
      expect(await record(consentId)).toEqual(before);
    },
  );

  it('has the customer, for lists of theirs, and no secret', async () => {
    const { consentId, code } = await authorizedConsent(scope, { customerId: 'hazel', tenantId: 'bank' });
    const row = await env.DB.prepare('SELECT * FROM consents WHERE consent_id = ?').bind(consentId).first();
    expect(row).toMatchObject({ customer_id: 'hazel', tenant_id: 'bank' });
    const secret = code.split('.')[2] ?? '';
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(JSON.stringify(row)).not.toContain('codeDigest');
  });
});
