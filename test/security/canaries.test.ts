/** Secrets of a journey are found nowhere: no log line, D1 row, object storage, error body or URL but the one redirect. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import {
  MAIN_ACCOUNT,
  ONE_TIME_CODE,
  PASSWORD,
  postCode,
  postDecision,
  postLogin,
} from '../support/journey.ts';
import { linkTpp, ownTokenOf } from '../support/linked-tpp.ts';
import { ASSERTION_TYPE } from '../support/test-client.ts';

/** Everything D1 holds, as text. */
async function database(): Promise<string> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()),
  );
  return JSON.stringify(tables.map((table) => table.results));
}

/** Everything one object holds, in tables and by key. */
async function storage(stub: DurableObjectStub): Promise<string> {
  return runInDurableObject(stub as never, async (_object: unknown, state: DurableObjectState) => {
    const { sql } = state.storage;
    const names = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('_cf_') && !name.startsWith('sqlite_'));
    const rows = names.map((name) => sql.exec(`SELECT * FROM "${name}"`).toArray());
    return JSON.stringify([rows, [...(await state.storage.list())]]);
  });
}

it('keeps no secret of a journey', async () => {
  const app = testApp();
  const tpp = await linkTpp(app);
  const password = 'canary-wrong-password';
  const wrongCode = '998877';

  // A second consent, walked on the pages, with a wrong password and a wrong code on the way.
  const ownToken = await ownTokenOf(app, tpp);
  const consent = await app.sendJson(
    '/open-banking/v1/consents',
    { consent_type: 'account-access', permissions: ['ReadAccounts'] },
    { headers: { authorization: `Bearer ${ownToken}` } },
  );
  const { consent_id } = await consent.json<{ consent_id: string }>();
  const assertion = await tpp.assertion();
  const pushed = await app.sendForm('/oauth/par', {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    client_id: tpp.clientId,
    redirect_uri: tpp.redirectUri,
    response_type: 'code',
    scope: 'openid accounts',
    state: 'canary-state',
    consent_id,
  });
  const { request_uri } = await pushed.json<{ request_uri: string }>();
  const browser = testBrowser(app);
  const query = new URLSearchParams({ client_id: tpp.clientId, request_uri });
  const login = await browser.get(`/oauth/authorize?${query.toString()}`);
  const refused = await browser.follow(await postLogin(browser, login, { password }));
  const first = await postLogin(browser, { ...login, interaction: refused.interaction || login.interaction });
  const asking = await browser.follow(first);
  const again = await browser.follow(await postCode(browser, asking, wrongCode));
  const second = await postCode(browser, again.form === 'otp' ? again : asking, ONE_TIME_CODE);
  const deciding = await browser.follow(second);
  const end = await postDecision(browser, deciding, 'approve', [MAIN_ACCOUNT]);
  const code = new URL(end.location ?? '').searchParams.get('code') ?? '';
  expect(code).toMatch(/^c\./);

  const secrets: Readonly<Record<string, string>> = {
    password,
    'right password': PASSWORD,
    'wrong one-time code': wrongCode,
    'access token': tpp.accessToken,
    'refresh token': tpp.refreshToken.split('.')[2] ?? '',
    'id token': tpp.idToken,
    'own token': ownToken,
    code: code.split('.')[2] ?? '',
    'used code': tpp.code.split('.')[2] ?? '',
    assertion,
    'API key': tpp.organisation.apiKey,
    'registration token': tpp.registrationToken,
  };
  const request = request_uri.split(':').at(-1) ?? '';
  const places: Readonly<Record<string, string>> = {
    log: JSON.stringify(app.lines),
    D1: await database(),
    'client object': await storage(env.CLIENTS.get(env.CLIENTS.idFromName(tpp.clientId))),
    'consent object': await storage(env.CONSENTS.get(env.CONSENTS.idFromString(consent_id.slice(-64)))),
    'first consent object': await storage(
      env.CONSENTS.get(env.CONSENTS.idFromString(tpp.consentId.slice(-64))),
    ),
    'interaction object': await storage(env.INTERACTIONS.get(env.INTERACTIONS.idFromString(request))),
    URLs: JSON.stringify([login, refused, first, second, deciding].map((page) => page.location)),
    pages: JSON.stringify(
      [login, refused, asking, again, deciding].map((page) => page.html.replace(/hamster-wheel/g, '')),
    ),
  };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length).toBeGreaterThan(2);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length).toBeGreaterThan(5);
      expect([place, name, text.includes(secret)]).toEqual([place, name, false]);
    }
  }
});

it('echoes nothing it refuses', async () => {
  const app = testApp();
  const canary = 'canary-7c1f';
  const answers = await Promise.all([
    app.sendForm('/oauth/token', {
      grant_type: canary,
      client_id: canary,
      code: canary,
      client_assertion: canary,
    }),
    app.sendForm('/oauth/par', { client_id: canary, request_uri: canary }),
    app.sendJson('/register', { software_statement: canary, redirect_uris: [canary], [canary]: canary }),
    app.request(`/register/${canary}`, { headers: { authorization: `Bearer ${canary}` } }),
    app.request(`/open-banking/v1/accounts/${canary}`, { headers: { authorization: `Bearer ${canary}` } }),
    app.request(`/${canary}`),
    app.request(`/oauth/authorize?client_id=${canary}&redirect_uri=https://${canary}/`),
    app.request(`/oauth/authorize/${canary}`),
    app.sendJson(
      '/sandbox/software-statements',
      { [canary]: canary },
      { headers: { authorization: `Bearer sk_sandbox_${canary}` } },
    ),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toContain(canary);
    expect(JSON.stringify([...answer.headers])).not.toContain(canary);
  }
  expect(JSON.stringify(app.lines)).not.toContain(canary);
});
