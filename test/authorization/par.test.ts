/** Pushed authorization requests: taken, refused, opened, spent. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  answerOf,
  beginJourney,
  postCode,
  postDecision,
  postLogin,
  reachConsent,
} from '../support/journey.ts';

type Changes = Readonly<Record<string, string | undefined>>;

it('answers with a request_uri that lives 60 s', async () => {
  const journey = await beginJourney();
  const answer = await journey.push();
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
  expect(await answer.json()).toEqual({
    request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[0-9a-f]{64}$/),
    expires_in: 60,
  });
});

it('needs no client_id beside the assertion', async () => {
  const journey = await beginJourney();
  expect((await journey.push({ client_id: undefined })).status).toBe(201);
});

describe('refuses, as at the authorization endpoint,', () => {
  it.each<[string, string, Changes]>([
    [
      'invalid_request',
      'a request_uri',
      { request_uri: `urn:ietf:params:oauth:request_uri:${'0'.repeat(64)}` },
    ],
    ['request_not_supported', 'a request object', { request: 'eyJ' }],
    ['invalid_request', 'no redirect_uri', { redirect_uri: undefined }],
    ['invalid_request', 'a redirect_uri of somebody else', { redirect_uri: 'https://evil.example/' }],
    ['unsupported_response_type', 'response_type token', { response_type: 'token' }],
    ['invalid_scope', 'a scope not registered', { scope: 'openid payments' }],
    ['invalid_request', 'an unknown consent', { consent_id: `consent_ais_${'0'.repeat(64)}` }],
    ['access_denied', 'an essential acr', { claims: '{"id_token":{"acr":{"essential":true,"value":"a"}}}' }],
  ])('%s: %s', async (code, _name, changes) => {
    const journey = await beginJourney();
    const answer = await journey.push(changes);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: code, code, request_id: expect.any(String) });
  });

  it('a client that proves nothing', async () => {
    const journey = await beginJourney();
    const answer = await journey.app.sendForm('/oauth/par', journey.parameters());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('a client_id that is not the assertion’s', async () => {
    const journey = await beginJourney();
    const other = await beginJourney();
    const form = {
      ...journey.parameters(),
      ...(await journey.client.credentials()),
      client_id: other.client.clientId,
    };
    expect((await journey.app.sendForm('/oauth/par', form)).status).toBe(401);
  });

  it('another method and another content type', async () => {
    const { app } = await beginJourney();
    const put = await app.request('/oauth/par', { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await app.sendJson('/oauth/par', {})).status).toBe(415);
  });
});

it('caps the live request_uris of a client', async () => {
  const app = testApp({ bindings: { LIVE_REQUEST_URIS_PER_CLIENT: '2' } });
  const journey = await beginJourney({ app });
  const statuses = [await journey.push(), await journey.push(), await journey.push()].map(
    ({ status }) => status,
  );
  expect(statuses).toEqual([201, 201, 429]);
  journey.app.advance(60_000);
  expect((await journey.push()).status).toBe(201);
});

describe('a request_uri', () => {
  it('can be opened several times before someone logs in, in one browser and in several', async () => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl();
    const [one, other] = [journey.browser(), journey.browser()];
    const first = await one.get(url);
    expect((await one.get(url)).form).toBe('login');
    const second = await other.get(url);
    expect(second.form).toBe('login');
    expect((await one.follow(await postLogin(one, first))).form).toBe('otp');
    // The log-in bound it to the one browser.
    expect(await postLogin(other, second)).toMatchObject({ status: 400, location: undefined });
    expect(await other.get(url)).toMatchObject({ status: 400, location: undefined });
    expect((await one.follow(await one.get(url))).form).toBe('otp');
  });

  it.each([
    [59_999, 200],
    [60_000, 400],
  ])('opens its first page within 60 s: after %i ms status %i', async (ms, status) => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl();
    journey.app.advance(ms);
    expect((await journey.browser().get(url)).status).toBe(status);
  });

  it('leaves 10 minutes from its first page', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const url = await journey.pushedUrl();
    journey.app.advance(59_000);
    const login = await browser.get(url);
    journey.app.advance(540_000);
    const code = await browser.follow(await postLogin(browser, login));
    expect(code.form).toBe('otp');
    journey.app.advance(59_000);
    const consent = await browser.follow(await postCode(browser, code));
    expect(consent.form).toBe('consent');
    journey.app.advance(1_000);
    expect(answerOf(await postDecision(browser, consent))).toMatchObject({ error: 'access_denied' });
  });

  it('is spent by its answer', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const url = await journey.pushedUrl();
    await postDecision(browser, await reachConsent(browser, url), 'deny', []);
    expect(await browser.get(url)).toMatchObject({ status: 400, location: undefined });
  });

  it('is spent by an error too', async () => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl({ prompt: 'none' });
    expect(answerOf(await journey.browser().get(url))).toMatchObject({ error: 'interaction_required' });
    expect(await journey.browser().get(url)).toMatchObject({ status: 400, location: undefined });
  });

  it('is of its own client alone', async () => {
    const [mine, theirs] = [await beginJourney(), await beginJourney()];
    const url = await theirs.pushedUrl();
    const stolen = url.replace(theirs.client.clientId, mine.client.clientId);
    expect(await mine.browser().get(stolen)).toMatchObject({ status: 400, location: undefined });
    expect((await theirs.browser().get(url)).form).toBe('login');
  });

  it('counts alone: what stands beside it in the query changes nothing', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const url = `${await journey.pushedUrl({ state: undefined })}&state=outside&scope=openid&redirect_uri=https://evil.example/`;
    const answer = answerOf(await postDecision(browser, await reachConsent(browser, url)));
    expect(answer).toHaveProperty('code');
    expect(answer).not.toHaveProperty('state');
  });

  it('tells the client of a parameter sent twice beside it', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(`${await journey.pushedUrl()}&x=1&x=2`);
    expect(answerOf(landed)).toMatchObject({ error: 'invalid_request', state: 'state-1' });
  });

  it('of a consent that was decided since tells the client so', async () => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl();
    const browser = journey.browser();
    await postDecision(browser, await reachConsent(browser, journey.url()));
    expect(answerOf(await browser.get(url))).toMatchObject({ error: 'invalid_request' });
  });

  it('that was invented reaches no object', async () => {
    const journey = await beginJourney();
    const reached: string[] = [];
    const app = testApp({
      bindings: {
        INTERACTIONS: {
          idFromString: (id: string) => env.INTERACTIONS.idFromString(id),
          get: (id: DurableObjectId) => {
            reached.push(id.toString());
            return env.INTERACTIONS.get(id);
          },
        },
      },
    });
    for (const digit of '0123456789abcdef') {
      const request_uri = `urn:ietf:params:oauth:request_uri:${digit.repeat(64)}`;
      const query = new URLSearchParams({ client_id: journey.client.clientId, request_uri }).toString();
      expect((await app.request(`/oauth/authorize?${query}`)).status).toBe(400);
    }
    expect(reached).toEqual([]);
  });
});

describe('a request_uri posted from another site, where the browser leaves out its cookies', () => {
  const CROSS_SITE = { headers: { 'sec-fetch-site': 'cross-site' } };

  it('is sent on as a GET, which brings them, so that no other tab loses its own', async () => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl();
    const search = url.slice(url.indexOf('?') + 1);
    const browser = journey.browser();
    const first = await browser.get(url);
    const form = Object.fromEntries(new URLSearchParams(search));
    const posted = await journey.app.sendForm('/oauth/authorize', form, CROSS_SITE);
    expect([posted.status, posted.headers.get('location')]).toEqual([
      303,
      `${env.ISSUER}/oauth/authorize?${search}`,
    ]);
    expect(posted.headers.has('set-cookie')).toBe(false);
    expect((await browser.get(posted.headers.get('location') ?? '')).form).toBe('login');
    expect((await postLogin(browser, first)).status).toBe(303);
  });

  it('is answered as before where it came from this site, was plain or is too long for an address', async () => {
    const journey = await beginJourney();
    const url = await journey.pushedUrl();
    const form = Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1)));
    expect((await journey.app.sendForm('/oauth/authorize', form)).status).toBe(200);
    const plain = await journey.app.sendForm('/oauth/authorize', journey.parameters(), CROSS_SITE);
    expect(plain.status).toBe(200);
    const long = { ...form, x: 'x'.repeat(2_000) };
    expect((await journey.app.sendForm('/oauth/authorize', long, CROSS_SITE)).status).toBe(200);
  });
});
