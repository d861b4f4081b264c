/** Commands on what customers have: a consent ended by the bank, a payment looked at, a name that may log in again. */
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { beginJourney, PASSWORD, postLogin } from '../support/journey.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { actionsOn, insertOperator } from '../support/operator.ts';
import { newPayable, openPaying, sendPayment } from '../support/paying.ts';

const REASON = { reason: 'asked by the customer' };

describe('ending a consent', () => {
  it('refuses its token at the next request, as revoked by the bank, and is told once', async () => {
    const app = testApp();
    const tpp = await linkTpp(app);
    const operator = await insertOperator();
    for (let n = 0; n < 2; n += 1) {
      const answer = await operator.command(app, `/consents/${tpp.consentId}/end`, REASON);
      expect([answer.status, await answer.json()]).toMatchObject([
        200,
        { status: 'revoked', revoked_by: 'bank' },
      ]);
    }
    const read = await app.request('/open-banking/v1/accounts', { headers: tpp.headers });
    expect([read.status, await read.json()]).toMatchObject([401, { code: 'consent_revoked' }]);
    expect((await actionsOn(tpp.consentId)).map(({ action }) => action)).toEqual(['consent.end']);
    const shown = await operator.command(app, `/consents/${tpp.consentId}`);
    const { history } = await shown.json<{ history: object[] }>();
    expect(history.at(-1)).toMatchObject({ event: 'revoked', by: 'bank', note: REASON.reason });
  });

  it('ends a payment consent for good, and refuses one that was used', async () => {
    const app = testApp();
    const operator = await insertOperator();
    const open = await newPayable(await openPaying());
    const ended = await operator.command(app, `/consents/${open.consentId}/end`, REASON);
    expect(await ended.json()).toMatchObject({ status: 'revoked' });
    expect((await sendPayment(app, open)).status).toBe(401);

    const used = await newPayable(await openPaying());
    const paid = await sendPayment(app, used);
    const { payment_id: paymentId } = await paid.json<{ payment_id: string }>();
    const refused = await operator.command(app, `/consents/${used.consentId}/end`, REASON);
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'consent_consumed' }]);
    expect(await actionsOn(used.consentId)).toEqual([]);

    const payment = await operator.command(app, `/payments/${paymentId}`);
    expect([payment.status, await payment.json()]).toMatchObject([
      200,
      { payment_id: paymentId, consent_id: used.consentId, status: 'completed' },
    ]);
    expect((await actionsOn(paymentId)).map(({ action }) => action)).toEqual(['payment.find']);
  });

  it.each(['consent_ais_x', `consent_ais_${'0'.repeat(64)}`, 'x'.repeat(300)])(
    'finds none for %s',
    async (id) => {
      const operator = await insertOperator();
      expect((await operator.command(testApp(), `/consents/${id}/end`, REASON)).status).toBe(404);
      expect((await operator.command(testApp(), `/consents/${id}`)).status).toBe(404);
      expect((await operator.command(testApp(), `/payments/${id}`)).status).toBe(404);
    },
  );
});

describe('unlocking a customer', () => {
  it('lets a name log in again that was refused after five failures', async () => {
    const journey = await beginJourney();
    const operator = await insertOperator();
    const tenant_id = await journey.tenantId();
    const logIn = async (username: string, password: string) => {
      const browser = journey.browser();
      return postLogin(browser, await browser.get(journey.url()), { username, password });
    };
    for (let n = 0; n < 5; n += 1) await logIn('hazel', 'wrong');
    expect((await logIn('hazel', PASSWORD)).status).toBe(400);
    const body = { tenant_id, username: ' HAZEL ', ...REASON };
    const answer = await operator.command(journey.app, '/customers/unlock', body);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { tenant_id, customer_id: 'cus_hazel', locked: false },
    ]);
    expect((await logIn('hazel', PASSWORD)).status).toBe(303);
  });

  it("leaves the bank's own lock, unless told to lift it too", async () => {
    const journey = await beginJourney();
    const operator = await insertOperator();
    const body = { tenant_id: await journey.tenantId(), username: 'sorrel', ...REASON };
    const unlock = async (more = {}) =>
      (await operator.command(journey.app, '/customers/unlock', { ...body, ...more })).json();
    const logIn = async () => {
      const browser = journey.browser();
      const page = await browser.get(journey.url());
      return (await postLogin(browser, page, { username: 'sorrel', password: PASSWORD })).status;
    };
    expect(await unlock()).toMatchObject({ locked: true });
    expect(await logIn()).toBe(400);
    expect(await unlock({ lift_lock: true })).toMatchObject({ locked: false });
    expect(await logIn()).toBe(303);
  });

  it('finds nobody elsewhere', async () => {
    const operator = await insertOperator();
    const body = { username: 'hazel', ...REASON };
    expect((await operator.command(testApp(), '/customers/unlock', body)).status).toBe(404);
  });
});
