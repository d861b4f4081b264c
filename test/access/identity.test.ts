/** Apps that may ask again who the customer is, without a consent: seen at /my/access, and stopped there. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { grantIdentity } from '#consents/decide-consent.flow.ts';
import { forgetIdentityGrants } from '#consents/identity-grants.flow.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { headingOf, textOf, visitorOf } from '../support/access.ts';
import { testApp } from '../support/app.ts';
import { linkTpp } from '../support/linked-tpp.ts';
import { testScope } from '../support/scope.ts';

const ABILITY = 'Can know who you are';

/** A TPP of a customer who is logged in at /my/access. */
async function known() {
  const app = testApp();
  const tpp = await linkTpp(app);
  const { tenantId = '', customerId = '' } = (await readConsent(testScope(), tpp.consentId)) ?? {};
  const { browser } = await visitorOf(app, tpp.organisation.organisationId);
  const ask = async (parameters: Readonly<Record<string, string>>) => {
    const answer = await app.sendForm('/oauth/token', { ...parameters, ...(await tpp.credentials()) });
    return { status: answer.status, body: await answer.json<Record<string, string>>() };
  };
  return {
    app,
    tpp,
    browser,
    /** The customer says who they are, so many seconds after the beginning; the code of it. */
    give: async (scopes: readonly string[], laterSeconds = 0): Promise<string> => {
      const scope = testScope({ nowMs: testScope().nowMs + laterSeconds * 1000 });
      const { clientId, redirectUri } = tpp;
      const binding = { clientId, redirectUri, scopes, authTime: scope.now, subject: 'sub' };
      const granted = await grantIdentity(scope, { tenantId, customerId, binding });
      return granted.ok ? granted.value.code : '';
    },
    exchange: (code: string) =>
      ask({ grant_type: 'authorization_code', code, redirect_uri: tpp.redirectUri }),
    refresh: (token = '') => ask({ grant_type: 'refresh_token', refresh_token: token }),
    stop: `/my/access/identity/${tpp.clientId}/stop`,
  };
}

it('is listed with the app from its refresh token on, until when, and stopped by one confirmation', async () => {
  const { browser, tpp, give, exchange, refresh, stop } = await known();
  const code = await give(['openid', 'offline_access']);
  expect(textOf(await browser.get('/my/access'))).not.toContain(ABILITY);
  const { body } = await exchange(code);
  expect((await refresh(body['refresh_token'])).body).toHaveProperty('id_token');
  const listed = textOf(await browser.get('/my/access'));
  expect(listed).toMatch(
    /Can know who you are That it is you, and nothing else of you\. Since 22 November 2026 ?, until 20 February 2027 ?\./,
  );
  // One app is one card.
  expect(listed.split(tpp.organisation.name)).toHaveLength(2);
  const question = await browser.get(stop);
  expect(headingOf(question)).toBe('Stop letting Nutkin know who you are?');
  expect(textOf(question)).toContain('Nutkin is not told any more that it is you');
  const running = await give(['openid', 'offline_access']);
  const stopped = await browser.follow(await browser.post(stop, {}));
  expect(textOf(stopped)).toContain('You stopped it.');
  expect(textOf(stopped)).not.toContain(ABILITY);
  for (const answer of [await refresh(body['refresh_token']), await exchange(running)]) {
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  }
  // Twice is once; and there is nothing to ask any more.
  expect((await browser.post(stop, {})).status).toBe(303);
  expect(await browser.get(stop)).toMatchObject({ status: 303 });
  expect(textOf(await browser.get('/my/access'))).toContain('Can see your accounts');
});

it('counts anew once the customer gives it anew, and what was stopped stays so', async () => {
  const { app, browser, give, exchange, refresh, stop } = await known();
  const former = (await exchange(await give(['openid', 'offline_access']))).body['refresh_token'];
  await browser.post(stop, {});
  app.advance(86_400_000);
  const later = (await exchange(await give(['openid', 'offline_access'], 86_400))).body['refresh_token'];
  expect((await refresh(later)).status).toBe(200);
  expect((await refresh(former)).status).toBe(400);
});

it('is not listed where nothing lasts: without offline_access, and for a deleted app', async () => {
  const { app, browser, tpp, give, exchange } = await known();
  expect((await exchange(await give(['openid']))).status).toBe(200);
  expect(textOf(await browser.get('/my/access'))).not.toContain(ABILITY);
  await exchange(await give(['openid', 'offline_access']));
  await app.request(`/register/${tpp.clientId}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${tpp.registrationToken}` },
  });
  expect(textOf(await browser.get('/my/access'))).not.toContain(ABILITY);
});

it('is the customer’s own to see and to stop', async () => {
  const { app, tpp, give, exchange, refresh, stop } = await known();
  const { body } = await exchange(await give(['openid', 'offline_access']));
  const basil = await visitorOf(app, tpp.organisation.organisationId, 'basil');
  expect(textOf(await basil.browser.get('/my/access'))).not.toContain(ABILITY);
  expect((await basil.browser.get(stop)).status).toBe(303);
  for (const path of [stop, '/my/access/identity/x/stop']) {
    expect((await basil.browser.post(path, {})).status).toBe(404);
  }
  expect((await refresh(body['refresh_token'])).status).toBe(200);
});

it('is forgotten when the last of it is over, and not before', async () => {
  const { tpp, give, exchange } = await known();
  await exchange(await give(['openid', 'offline_access']));
  const rows = async () =>
    (await env.DB.prepare('SELECT * FROM identity_grants WHERE client_id = ?').bind(tpp.clientId).all())
      .results.length;
  const end = testScope().nowMs + 90 * 86_400_000;
  await forgetIdentityGrants(testScope({ nowMs: end - 1000 }));
  expect(await rows()).toBe(1);
  await forgetIdentityGrants(testScope({ nowMs: end }));
  expect(await rows()).toBe(0);
});
