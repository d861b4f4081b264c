/** The benchmark's TPP: registered through the public interface, with a consent its customer approved. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { ISSUER } from './runtime.mjs';

const REDIRECT_URI = 'https://your-app.com/callback';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function answered(runtime, request, status) {
  const answer = await runtime.send(request);
  if (answer.status !== status) throw new Error(`${request.path} answered ${answer.status}: ${answer.text}`);
  return { ...answer, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
}

function post(path, type, body, headers = {}) {
  return { method: 'POST', path, headers: { 'content-type': type, ...headers }, body };
}

/** Registers a client with an ES256 key of its own; an AISP unless `roles` says otherwise. */
export async function registerClient(runtime, apiKey, roles = ['AISP']) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'bench';
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
  const statement = await answered(
    runtime,
    post(
      '/sandbox/software-statements',
      JSON_TYPE,
      JSON.stringify({
        software_client_name: 'Benchmark',
        software_redirect_uris: [REDIRECT_URI],
        software_roles: roles,
        software_jwks: { keys: [jwk] },
      }),
      { authorization: `Bearer ${apiKey}` },
    ),
    201,
  );
  const registration = await answered(
    runtime,
    post(
      '/register',
      JSON_TYPE,
      JSON.stringify({
        software_statement: statement.body.software_statement,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      }),
    ),
    201,
  );
  const clientId = registration.body.client_id;

  /** A fresh client assertion: each may be used once. */
  function assertion() {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: ISSUER,
      jti: randomUUID(),
      iat: now,
      exp: now + 300,
    };
    const input = `${encode({ alg: 'ES256', kid })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }

  /** A token request, signed anew each time. */
  function tokenRequest(parameters, prefix = '') {
    const form = new URLSearchParams({
      ...parameters,
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(),
    });
    return post(`${prefix}/oauth/token`, FORM, form.toString());
  }

  return { clientId, tokenRequest };
}

const ACCOUNT_ACCESS = {
  consent_type: 'account-access',
  permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
};

/** A consent that hazel approved, to her accounts unless `asked` is of another type, with the tokens it brought. */
export async function authorizeConsent(
  runtime,
  client,
  apiKey,
  {
    asked = ACCOUNT_ACCESS,
    scope = 'openid accounts transactions',
    accounts = ['acc_1234567890', 'acc_2345678901'],
  } = {},
) {
  const own = await answered(
    runtime,
    client.tokenRequest({ grant_type: 'client_credentials', scope: 'consents' }),
    200,
  );
  const consent = await answered(
    runtime,
    post('/open-banking/v1/consents', JSON_TYPE, JSON.stringify(asked), {
      authorization: `Bearer ${own.body.access_token}`,
    }),
    201,
  );
  const consentId = consent.body.consent_id;
  const decided = await answered(
    runtime,
    post(
      `/sandbox/consents/${consentId}/authorize`,
      JSON_TYPE,
      JSON.stringify({
        customer: 'hazel',
        accounts,
        decision: 'approve',
        client_id: client.clientId,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope,
        state: 'bench',
      }),
      { authorization: `Bearer ${apiKey}` },
    ),
    200,
  );
  const code = new URL(decided.body.redirect_uri).searchParams.get('code');
  const tokens = await answered(
    runtime,
    client.tokenRequest({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }),
    200,
  );
  return { consentId, accessToken: tokens.body.access_token, refreshToken: tokens.body.refresh_token };
}

/**
 * Consents to payments, each `{ payment, customerId, accountId }`, with their tokens, through the stand-in for customers:
 * `{ tenantId, authorized: [{ consentId, token }] }` in the order of the payments.
 */
export async function authorizePayments(send, clientId, payments) {
  const wanted = payments.map(({ payment, customerId, accountId }) => ({ payment, customerId, accountId }));
  const order = post('/stand-in/authorized', JSON_TYPE, JSON.stringify({ clientId, wanted }));
  return (await answered({ send }, order, 200)).body;
}

/** POST /payments for a consent of `authorizePayments`. */
export function payRequest({ payment, consentId, token, key }, prefix = '') {
  return post(`${prefix}/open-banking/v1/payments`, JSON_TYPE, JSON.stringify({ payment }), {
    authorization: `Bearer ${token}`,
    'x-consent-id': consentId,
    'idempotency-key': key,
  });
}
