/** RFC 7592, OAuth 2.0 Dynamic Client Registration Management Protocol: one test for each MUST on the server. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { guideRequest, type Members, newTpp, type Tpp } from '../support/tpp.ts';

function call(app: TestApp, tpp: Tpp, method: string, body?: Members): Promise<Response> {
  const headers = { authorization: `Bearer ${tpp.registrationToken}` };
  const path = `/register/${tpp.clientId}`;
  return body === undefined
    ? app.request(path, { method, headers })
    : app.sendJson(path, body, { method, headers });
}

/** What RFC 7592 section 2.2 has a client send: all it has, less what it must not. */
function updateRequest({ registration }: Tpp): Members {
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_id_issued_at: _at,
    ...members
  } = registration;
  return members;
}

it('section 2: the client uses its registration access token as an OAuth 2.0 Bearer Token; without it the answer is that of RFC 6750', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answer = await app.request(`/register/${tpp.clientId}`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  expect((await call(app, tpp, 'GET')).status).toBe(200);
});

it('section 2: the registration access token is bound to the client: another client cannot use it', async () => {
  const app = testApp();
  const [one, two] = await Promise.all([newTpp(app), newTpp(app)]);
  const crossed = { ...one, registrationToken: two.registrationToken };
  for (const method of ['GET', 'DELETE']) expect((await call(app, crossed, method)).status).toBe(401);
  expect((await call(app, crossed, 'PUT', updateRequest(one))).status).toBe(401);
  expect((await call(app, one, 'GET')).status).toBe(200);
});

it('section 2.1: upon successful read the server responds with HTTP 200, "application/json" and the client information', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answer = await call(app, tpp, 'GET');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toMatchObject({
    client_id: tpp.clientId,
    client_id_issued_at: expect.any(Number),
  });
});

it('section 2.1: if the client does not exist on this server, the server MUST respond with HTTP 401 Unauthorized', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const nobody = { ...tpp, clientId: crypto.randomUUID() };
  expect((await call(app, nobody, 'GET')).status).toBe(401);
  expect((await call(app, nobody, 'PUT', updateRequest(tpp))).status).toBe(401);
  expect((await call(app, nobody, 'DELETE')).status).toBe(401);
});

it('section 2.2: valid values of client metadata fields in this request MUST replace, not augment, the values previously associated with this client', async () => {
  const app = testApp();
  const second = 'https://tpp.example/second';
  const tpp = await newTpp(app, {
    redirectUris: ['https://tpp.example/first', second],
    metadata: { contacts: ['one@tpp.example'] },
  });
  const body = { ...updateRequest(tpp), redirect_uris: [second], contacts: ['two@tpp.example'] };
  const answer = await call(app, tpp, 'PUT', body);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ redirect_uris: [second], contacts: ['two@tpp.example'] });
});

it('section 2.2: omitted fields MUST be treated as null or empty values by the server, indicating the request to delete them', async () => {
  const app = testApp();
  const tpp = await newTpp(app, {
    metadata: { client_name: 'First', logo_uri: 'https://tpp.example/l.png' },
  });
  const { client_name: _name, ...others } = updateRequest(tpp);
  const answer = await call(app, tpp, 'PUT', { ...others, logo_uri: null });
  const body = await answer.json();
  expect(answer.status).toBe(200);
  expect(body).not.toHaveProperty('client_name');
  expect(body).not.toHaveProperty('logo_uri');
});

it('section 2.2: the client_id of the request MUST be the same as the currently issued client identifier', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answer = await call(app, tpp, 'PUT', { ...updateRequest(tpp), client_id: crypto.randomUUID() });
  expect(answer.status).toBe(400);
  expect((await call(app, tpp, 'PUT', updateRequest(tpp))).status).toBe(200);
});

it('section 2.2: the client MUST NOT be allowed to overwrite its existing client secret, nor what else the server issued', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answer = await call(app, tpp, 'PUT', {
    ...updateRequest(tpp),
    client_secret: 'mine',
    registration_access_token: `reg_token_${'A'.repeat(43)}`,
    client_id_issued_at: 1,
  });
  expect(await answer.json()).toEqual(tpp.registration);
});

it('section 2.2: an invalid value is refused by an error response of RFC 7591', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answer = await call(app, tpp, 'PUT', {
    ...updateRequest(tpp),
    redirect_uris: ['https://evil.example/'],
  });
  expect([answer.status, (await answer.json<Members>())['error']]).toEqual([400, 'invalid_redirect_uri']);
});

it('section 2.3: a client that has been successfully deprovisioned is answered with an HTTP 204 No Content message', async () => {
  const app = testApp();
  const answer = await call(app, await newTpp(app), 'DELETE');
  expect([answer.status, await answer.text()]).toEqual([204, '']);
});

it('section 2.3: a successful delete invalidates client_id and registration access token, at the token endpoint too', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  await call(app, tpp, 'DELETE');
  expect((await call(app, tpp, 'GET')).status).toBe(401);
  expect((await call(app, tpp, 'DELETE')).status).toBe(401);
  const token = await app.sendForm('/oauth/token', {
    grant_type: 'client_credentials',
    ...(await tpp.credentials()),
  });
  expect([token.status, (await token.json<Members>())['error']]).toEqual([401, 'invalid_client']);
});

it('section 3: registration_client_uri is the fully qualified URL of the client configuration endpoint for this client', async () => {
  const app = testApp();
  const { registration, clientId, registrationToken } = await newTpp(app);
  expect(registration['registration_client_uri']).toBe(`${env.ISSUER}/register/${clientId}`);
  const headers = { authorization: `Bearer ${registrationToken}` };
  const answer = await app.request(String(registration['registration_client_uri']), { headers });
  expect(answer.status).toBe(200);
});

it('section 3: registration_access_token is REQUIRED in the answers to registration, read and update', async () => {
  const app = testApp();
  const tpp = await newTpp(app);
  const answers = [await call(app, tpp, 'GET'), await call(app, tpp, 'PUT', guideRequest(tpp.statement))];
  for (const answer of answers) {
    expect((await answer.json<Members>())['registration_access_token']).toBe(tpp.registrationToken);
  }
});
