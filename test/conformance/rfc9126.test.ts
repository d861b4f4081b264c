/** Pushed authorization requests: one test a MUST of RFC 9126. */
import { expect, it } from 'vitest';
import { beginJourney, ISSUER, postDecision, reachConsent } from '../support/journey.ts';

async function errorOf(answer: Response): Promise<string> {
  return `${answer.status} ${(await answer.json<{ error: string }>()).error}`;
}

it('2: the endpoint MUST accept HTTP POST with parameters in application/x-www-form-urlencoded format', async () => {
  const journey = await beginJourney();
  expect((await journey.push()).status).toBe(201);
  expect((await journey.app.sendJson('/oauth/par', journey.parameters())).status).toBe(415);
});

it.each(['', '/oauth/token', '/oauth/par'])(
  '2: the server MUST accept its issuer, token endpoint or PAR endpoint as a value that identifies it as an intended audience (%s)',
  async (path) => {
    const journey = await beginJourney();
    const credentials = await journey.client.credentials({ claims: { aud: `${ISSUER}${path}` } });
    const answer = await journey.app.sendForm('/oauth/par', { ...journey.parameters(), ...credentials });
    expect(answer.status).toBe(201);
  },
);

it('2.1: the request_uri authorization request parameter is one exception, and it MUST NOT be provided', async () => {
  const journey = await beginJourney();
  const request_uri = `urn:ietf:params:oauth:request_uri:${'0'.repeat(64)}`;
  expect(await errorOf(await journey.push({ request_uri }))).toBe('400 invalid_request');
});

it('2.1-1: the server MUST authenticate the client in the same way as at the token endpoint', async () => {
  const journey = await beginJourney();
  expect(await errorOf(await journey.app.sendForm('/oauth/par', journey.parameters()))).toBe(
    '401 invalid_client',
  );
});

it('2.3: who tried by the Authorization header is answered in the scheme it used (RFC 6749 section 5.2)', async () => {
  const journey = await beginJourney();
  const headers = { authorization: 'Basic eDp5' };
  const answer = await journey.app.sendForm('/oauth/par', journey.parameters(), { headers });
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  expect(await errorOf(answer)).toBe('401 invalid_client');
});

it('2.1-2: the server MUST reject the request if the request_uri parameter is provided', async () => {
  const journey = await beginJourney();
  expect((await journey.push({ request_uri: 'https://client.example/r' })).status).toBe(400);
});

it('2.1-3: the server MUST validate the pushed request as it would an authorization request sent to the authorization endpoint', async () => {
  const journey = await beginJourney();
  expect(await errorOf(await journey.push({ response_type: 'token' }))).toBe('400 unsupported_response_type');
  expect(await errorOf(await journey.push({ redirect_uri: 'https://evil.example/' }))).toBe(
    '400 invalid_request',
  );
  expect(await errorOf(await journey.push({ scope: 'openid payments' }))).toBe('400 invalid_scope');
});

it('2.2: the server MUST generate a request URI and provide it in the response with a 201 HTTP status code', async () => {
  const journey = await beginJourney();
  const answer = await journey.push();
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({
    request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
    expires_in: expect.any(Number),
  });
});

it('2.2: the response is JSON and is not cached', async () => {
  const answer = await (await beginJourney()).push();
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('2.2: the request URI MUST contain some part generated using a cryptographically strong pseudorandom algorithm', async () => {
  const journey = await beginJourney();
  const uris = await Promise.all(
    Array.from(
      { length: 20 },
      async () => (await (await journey.push()).json<{ request_uri: string }>()).request_uri,
    ),
  );
  expect(new Set(uris).size).toBe(20);
});

it('2.2: the request_uri value MUST be bound to the client that posted the authorization request', async () => {
  const [mine, theirs] = [await beginJourney(), await beginJourney()];
  const url = (await theirs.pushedUrl()).replace(theirs.client.clientId, mine.client.clientId);
  expect(await mine.browser().get(url)).toMatchObject({ status: 400, location: undefined });
});

it('2.3: errors have the format of RFC 6749 section 5.2', async () => {
  const answer = await (await beginJourney()).push({ response_type: undefined });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
  });
});

it.each([
  [405, { method: 'PUT' }],
  [405, { method: 'GET' }],
  [
    413,
    {
      method: 'POST',
      body: `x=${'x'.repeat(70_000)}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ],
])('2.3: it answers %i to what is no POST, or too large', async (status, init) => {
  expect((await (await beginJourney()).app.request('/oauth/par', init)).status).toBe(status);
});

it('2.3: it answers 429 above the limit', async () => {
  const journey = await beginJourney();
  await journey.client.change({});
  const statuses = new Set<number>();
  for (let index = 0; index < 101; index += 1) statuses.add((await journey.push()).status);
  expect([...statuses]).toEqual([201, 429]);
});

it('4: the client uses the request_uri with its client_id alone', async () => {
  const journey = await beginJourney();
  expect((await journey.browser().get(await journey.pushedUrl())).form).toBe('login');
  const bare = (await journey.pushedUrl()).replace(/client_id=[^&]*&/, '');
  expect(await journey.browser().get(bare)).toMatchObject({ status: 400, location: undefined });
});

it('4: the server SHOULD treat request_uri values as one-time use', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const url = await journey.pushedUrl();
  await postDecision(browser, await reachConsent(browser, url));
  expect(await browser.get(url)).toMatchObject({ status: 400, location: undefined });
});

it('4: it SHOULD allow for duplicate requests due to a user reloading or refreshing their user agent', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const url = await journey.pushedUrl();
  await browser.get(url);
  expect((await browser.get(url)).form).toBe('login');
});

it('4: an expired request_uri MUST be rejected as invalid', async () => {
  const journey = await beginJourney();
  const url = await journey.pushedUrl();
  journey.app.advance(60_000);
  expect(await journey.browser().get(url)).toMatchObject({ status: 400, location: undefined });
});

it('4: the server MUST validate authorization requests arising from a pushed request as it would any other', async () => {
  const journey = await beginJourney();
  const url = await journey.pushedUrl();
  await journey.client.change({ redirectUris: ['https://client.example/new'] });
  expect(await journey.browser().get(url)).toMatchObject({ status: 400, location: undefined });
});
