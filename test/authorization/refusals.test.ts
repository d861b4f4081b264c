/** What the authorization endpoint refuses: on a page while the redirect URI is in doubt, else to the client. */
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  answerOf,
  beginJourney,
  ISSUER,
  type Journey,
  postDecision,
  postLogin,
  REDIRECT_URI,
  reachConsent,
} from '../support/journey.ts';
import { PRODUCTION } from '../support/production.ts';

type Changes = Readonly<Record<string, string | undefined>>;

async function expectPage(journey: Journey, url: string, status = 400): Promise<void> {
  const landed = await journey.browser().get(url);
  expect(landed).toMatchObject({ status, location: undefined, form: undefined });
  expect(landed.html).toContain(landed.headers.get('x-fapi-interaction-id'));
}

describe('on a page', () => {
  it.each<[string, Changes]>([
    ['no client_id', { client_id: undefined }],
    ['an unknown client', { client_id: crypto.randomUUID() }],
    ['a client_id that is none', { client_id: "1' OR '1'='1" }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['a redirect_uri of somebody else', { redirect_uri: 'https://evil.example/callback' }],
    ['a redirect_uri by another scheme', { redirect_uri: 'http://client.example/callback' }],
    ['an unknown request_uri', { request_uri: `urn:ietf:params:oauth:request_uri:${'0'.repeat(64)}` }],
    ['a request_uri that is a URL', { request_uri: 'https://client.example/request.jwt' }],
  ])('%s', async (_name, changes) => {
    const journey = await beginJourney();
    await expectPage(journey, journey.url(changes));
  });

  it.each(['client_id', 'redirect_uri', 'request_uri'])('%s sent twice', async (name) => {
    const journey = await beginJourney();
    const value = journey.parameters()[name] ?? 'urn:ietf:params:oauth:request_uri:x';
    await expectPage(journey, `${journey.url()}&${name}=${value}&${name}=${value}`);
  });

  it.each(['suspended', 'ended'] as const)(
    'a client that is %s, from the next request on',
    async (status) => {
      const journey = await beginJourney();
      const browser = journey.browser();
      const login = await browser.get(journey.url());
      const pushed = await journey.pushedUrl();
      await journey.client.change({ status });
      await expectPage(journey, journey.url());
      await expectPage(journey, pushed);
      expect(await postLogin(browser, login)).toMatchObject({ status: 400, location: undefined });
    },
  );

  it('a redirect URI that was taken away, from the next request on', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const pushed = await journey.pushedUrl();
    await journey.client.change({ redirectUris: ['https://client.example/new'] });
    await expectPage(journey, journey.url());
    await expectPage(journey, pushed);
    expect(await postDecision(browser, consent)).toMatchObject({ status: 400, location: undefined });
    expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });

  it('what was wrong, for the developers of the app and folded away from the customer', async () => {
    const journey = await beginJourney();
    const { html } = await journey.browser().get(journey.url({ redirect_uri: undefined }));
    const [before = '', folded = ''] = html.split('<details>');
    expect(before).not.toContain('redirect_uri');
    expect(folded).toContain('redirect_uri is missing.');
  });

  it('nothing of the request, unescaped', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(journey.url({ redirect_uri: '<script>alert(1)</script>' }));
    expect(landed.html).not.toContain('<script>alert');
  });
});

describe('to the client', () => {
  it.each<[string, string, Changes]>([
    ['invalid_request', 'no response_type', { response_type: undefined }],
    ['unsupported_response_type', 'response_type token', { response_type: 'token' }],
    ['invalid_request', 'response_mode fragment', { response_mode: 'fragment' }],
    ['request_not_supported', 'a request object', { request: 'eyJ' }],
    ['invalid_scope', 'a scope not registered', { scope: 'openid payments' }],
    ['invalid_scope', 'accounts without a consent', { consent_id: undefined }],
    [
      'invalid_request',
      'a plain challenge',
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
    ],
    ['invalid_request', 'an unknown consent', { consent_id: `consent_ais_${'0'.repeat(64)}` }],
    ['invalid_request', 'a consent of another form', { consent_id: 'consent_1' }],
    ['interaction_required', 'prompt=none with a consent', { prompt: 'none' }],
    [
      'login_required',
      'prompt=none without a consent',
      { prompt: 'none', consent_id: undefined, scope: 'openid' },
    ],
    ['invalid_request', 'a forged id_token_hint', { id_token_hint: 'eyJhbGciOiJub25lIn0.e30.' }],
  ])('%s: %s', async (error, _name, changes) => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(journey.url(changes));
    expect(landed).toMatchObject({ status: 303, html: '' });
    expect(landed.headers.get('cache-control')).toBe('no-store');
    expect(answerOf(landed)).toEqual({
      at: REDIRECT_URI,
      error,
      error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
      state: 'state-1',
      iss: ISSUER,
    });
  });

  it('without state where none was sent', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(journey.url({ state: undefined, response_type: 'token' }));
    expect(answerOf(landed)).not.toHaveProperty('state');
  });

  it('a parameter sent twice', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(`${journey.url()}&scope=openid`);
    expect(answerOf(landed)).toMatchObject({ error: 'invalid_request', state: 'state-1' });
  });

  it('one text for a consent of another client and for one that does not exist', async () => {
    const [mine, theirs] = [await beginJourney(), await beginJourney()];
    const foreign = await mine.browser().get(mine.url({ consent_id: theirs.consentId }));
    const unknown = await mine.browser().get(mine.url({ consent_id: `consent_ais_${'0'.repeat(64)}` }));
    expect(answerOf(foreign)).toEqual(answerOf(unknown));
  });

  it('a consent that is decided', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    await postDecision(browser, await reachConsent(browser, journey.url()));
    expect(answerOf(await browser.get(journey.url()))).toMatchObject({ error: 'invalid_request' });
  });

  it('a consent that expired or was ended while the customer read', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const other = journey.browser();
    await postDecision(other, await reachConsent(other, journey.url()), 'deny', []);
    expect(answerOf(await postDecision(browser, consent))).toMatchObject({ error: 'invalid_request' });
  });

  it('scopes taken away since they were registered', async () => {
    const journey = await beginJourney();
    await journey.browser().get(journey.url());
    await journey.client.change({ scopes: ['openid'] });
    expect(answerOf(await journey.browser().get(journey.url()))).toMatchObject({ error: 'invalid_scope' });
  });
});

describe('elsewhere', () => {
  it('in production without a second factor: 503', async () => {
    const app = testApp({ origin: PRODUCTION.ISSUER, bindings: { ...PRODUCTION, CODE_SENDER: undefined } });
    const landed = await app.request('/oauth/authorize?client_id=x');
    expect(landed.status).toBe(503);
    expect(landed.headers.get('retry-after')).toBe('60');
  });

  it('on the developers’ host there are no customer pages', async () => {
    const app = testApp({ bindings: { DEVELOPER_HOST: 'developer.example' } });
    const journey = await beginJourney({ app });
    const landed = await journey.browser().get(`http://developer.example${journey.url()}`);
    expect(landed.status).toBe(404);
  });

  it('beyond the limit of a source: 429 before anything is read', async () => {
    const limit = () => Promise.resolve({ success: false });
    const app = testApp({ bindings: { LOCAL_SOURCE_LIMIT: { limit }, DB: { withSession: () => ({}) } } });
    const landed = await app.request('/oauth/authorize?client_id=x');
    expect(landed.status).toBe(429);
    expect(landed.headers.get('retry-after')).toBe('60');
    expect(landed.headers.get('content-type')).toContain('text/html');
  });

  it('of an interaction nobody has: a page', async () => {
    const journey = await beginJourney();
    await expectPage(journey, `/oauth/authorize/${'0'.repeat(64)}`, 404);
    await expectPage(journey, '/oauth/authorize/x', 404);
  });
});

describe('an outage', () => {
  function broken(name: string): Record<string, unknown> {
    const fail = () => {
      throw Object.assign(new Error('object reset'), { retryable: true, durableObjectReset: true });
    };
    return {
      [name]: { idFromString: () => ({}), newUniqueId: () => ({}), idFromName: () => ({}), get: fail },
    };
  }

  it('once the redirect URI is known is told to the client', async () => {
    const journey = await beginJourney();
    const app = testApp({ bindings: broken('CONSENTS') });
    const answer = await app.request(journey.url(), { redirect: 'manual' });
    expect(answerOf({ location: answer.headers.get('location') ?? undefined })).toMatchObject({
      error: 'temporarily_unavailable',
      state: 'state-1',
    });
  });

  it('before that is a page', async () => {
    const journey = await beginJourney();
    const app = testApp({ bindings: broken('INTERACTIONS') });
    const answer = await app.request(await journey.pushedUrl());
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('of the consent after the decision returns to the client all the same', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    let calls = 0;
    const { CONSENTS } = (await import('cloudflare:workers')).env;
    const app = testApp({
      bindings: {
        CONSENTS: {
          idFromString: (id: string) => CONSENTS.idFromString(id),
          get: (id: DurableObjectId) => {
            calls += 1;
            if (calls > 1) throw Object.assign(new Error('object reset'), { durableObjectReset: true });
            return CONSENTS.get(id);
          },
        },
      },
    });
    const answer = await app.request('/oauth/authorize/consent', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        interaction: consent.interaction,
        decision: 'approve',
        account_id: 'acc_1234567890',
      }),
      headers: { origin: ISSUER, cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') },
    });
    expect(answerOf({ location: answer.headers.get('location') ?? undefined })).toMatchObject({
      at: REDIRECT_URI,
      error: 'temporarily_unavailable',
      state: 'state-1',
    });
  });
});
