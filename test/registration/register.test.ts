/** POST /register with JSON: what is registered, and every refusal. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { guideRequest, type Members, newStatement, newTpp, REDIRECT_URI } from '../support/tpp.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it("answers the guide's own request with the guide's own members", async () => {
  const app = testApp();
  const statement = await newStatement(app);
  const answer = await app.sendJson('/register', guideRequest(statement));
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const body = await answer.json<Members>();
  expect(body).toMatchObject({
    client_id: expect.stringMatching(UUID),
    client_id_issued_at: app.nowMs() / 1000,
    registration_access_token: expect.stringMatching(/^reg_token_[A-Za-z0-9_-]{43}$/),
    registration_client_uri: `${env.ISSUER}/register/${String(body['client_id'])}`,
    redirect_uris: [REDIRECT_URI],
    scope: 'openid accounts transactions',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    software_statement: statement,
  });
  const lines = JSON.stringify(app.lines);
  expect(lines).not.toContain(String(body['registration_access_token']));
});

it('takes the scope that each role allows', async () => {
  const app = testApp();
  const pisp = await newTpp(app, { roles: ['PISP', 'CBPII'] });
  expect(pisp.registration['scope']).toBe('openid payments fundsconfirmations');
});
