/** Every mounted route against what must not work: a route missing from the table here fails. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWholeApp } from '#app.ts';
import { newOperatorKey } from '#operator/operator-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { makeAsker } from '../support/funds.ts';
import { MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, linkTpp, ownTokenOf } from '../support/linked-tpp.ts';
import { newPayable, openPaying, type Payable } from '../support/paying.ts';
import { PRODUCTION } from '../support/production.ts';
import { TEST_ISSUER } from '../support/test-client.ts';
import { newTpp } from '../support/tpp.ts';

type Kind =
  | 'consent'
  | 'payment'
  | 'payment_read'
  | 'funds'
  | 'client'
  | 'registration'
  | 'api_key'
  | 'developer_key'
  | 'dashboard'
  | 'token_endpoint'
  | 'register'
  | 'operator'
  | 'member'
  | 'open'
  | 'page';

/** Who may call each route; `:x` parameters are filled in below. */
const ROUTES: Readonly<Record<string, Kind>> = {
  'GET /open-banking/v1/accounts': 'consent',
  'GET /open-banking/v1/accounts/:account_id': 'consent',
  'GET /open-banking/v1/accounts/:account_id/balances': 'consent',
  'GET /open-banking/v1/accounts/:account_id/transactions': 'consent',
  'GET /open-banking/v1/balances': 'consent',
  'GET /open-banking/v1/transactions': 'consent',
  'POST /open-banking/v1/payments': 'payment',
  'GET /open-banking/v1/payments/:payment_id': 'payment_read',
  'POST /open-banking/v1/funds-confirmations': 'funds',
  'POST /open-banking/v1/consents': 'client',
  'GET /open-banking/v1/consents': 'client',
  'GET /open-banking/v1/consents/:consent_id': 'client',
  'DELETE /open-banking/v1/consents/:consent_id': 'client',
  'POST /register': 'register',
  'GET /register/:client_id': 'registration',
  'PUT /register/:client_id': 'registration',
  'DELETE /register/:client_id': 'registration',
  'POST /sandbox/software-statements': 'api_key',
  'POST /sandbox/consents/:consent_id/authorize': 'api_key',
  'POST /sandbox/reset': 'api_key',
  'GET /sandbox/directory/jwks': 'open',
  'GET /developer/v1/api-key': 'developer_key',
  'DELETE /developer/v1/api-key': 'developer_key',
  'GET /developer/v1/requests': 'developer_key',
  'GET /developer/v1/requests/:request_id': 'developer_key',
  'GET /developer/v1/usage': 'developer_key',
  'GET /dashboard': 'page',
  'GET /dashboard/production': 'dashboard',
  'GET /dashboard/requests': 'dashboard',
  'GET /dashboard/requests/:request_id': 'dashboard',
  'GET /dashboard/usage': 'dashboard',
  'GET /dashboard/api-keys': 'dashboard',
  'GET /dashboard/api-keys/new': 'dashboard',
  'POST /dashboard/api-keys/new': 'dashboard',
  'GET /dashboard/api-keys/:key_id': 'dashboard',
  'GET /dashboard/api-keys/:key_id/roll': 'dashboard',
  'POST /dashboard/api-keys/:key_id/roll': 'dashboard',
  'GET /dashboard/api-keys/:key_id/revoke': 'dashboard',
  'POST /dashboard/api-keys/:key_id/revoke': 'dashboard',
  'GET /operator/v1/audit': 'operator',
  'GET /operator/v1/clients/:client_id': 'operator',
  'PUT /operator/v1/clients/:client_id/limit': 'operator',
  'GET /operator/v1/consents/:consent_id': 'operator',
  'POST /operator/v1/consents/:consent_id/end': 'operator',
  'GET /operator/v1/payments/:payment_id': 'operator',
  'GET /operator/v1/requests/:request_id': 'operator',
  'POST /operator/v1/customers/unlock': 'operator',
  'POST /operator/v1/imports': 'operator',
  'GET /operator/v1/directories': 'operator',
  'POST /operator/v1/directories/distrust': 'operator',
  'POST /operator/v1/directories/trust': 'operator',
  'GET /operator/v1/signing-keys': 'operator',
  'POST /operator/v1/signing-keys/rotate': 'operator',
  'POST /operator/v1/signing-keys/:kid/remove': 'operator',
  'GET /operator/v1/operator-keys': 'operator',
  'POST /operator/v1/operator-keys': 'operator',
  'POST /operator/v1/operator-keys/:name/revoke': 'operator',
  'POST /operator/v1/clients/:client_id/suspend': 'operator',
  'POST /operator/v1/clients/:client_id/resume': 'operator',
  'POST /oauth/token': 'token_endpoint',
  'POST /oauth/par': 'token_endpoint',
  'GET /oauth/jwks': 'open',
  'GET /.well-known/openid-configuration': 'open',
  'GET /.well-known/oauth-authorization-server': 'open',
  'GET /openapi.json': 'open',
  'GET /oauth/authorize': 'page',
  'POST /oauth/authorize': 'page',
  'POST /oauth/authorize/login': 'page',
  'POST /oauth/authorize/code': 'page',
  'POST /oauth/authorize/consent': 'page',
  'GET /oauth/authorize/login': 'page',
  'GET /oauth/authorize/code': 'page',
  'GET /oauth/authorize/consent': 'page',
  'GET /oauth/authorize/:interaction': 'page',
  'GET /dashboard/applications': 'member',
  'GET /dashboard/applications/new': 'member',
  'POST /dashboard/applications/new': 'member',
  'GET /dashboard/applications/new/keys': 'member',
  'POST /dashboard/applications/new/keys': 'member',
  'GET /dashboard/applications/new/statement': 'member',
  'POST /dashboard/applications/new/statement': 'member',
  'GET /dashboard/applications/new/review': 'member',
  'POST /dashboard/applications/new/review': 'member',
  'GET /dashboard/applications/join': 'member',
  'POST /dashboard/applications/join': 'member',
  'GET /dashboard/applications/:client_id': 'member',
  'GET /dashboard/applications/:client_id/edit': 'member',
  'POST /dashboard/applications/:client_id/edit': 'member',
  'GET /dashboard/applications/:client_id/token': 'member',
  'POST /dashboard/applications/:client_id/token': 'member',
  'GET /dashboard/applications/:client_id/delete': 'member',
  'POST /dashboard/applications/:client_id/delete': 'member',
  'GET /dashboard/applications/:client_id/leave': 'member',
  'POST /dashboard/applications/:client_id/leave': 'member',
  'GET /my/access': 'page',
  'GET /my/access/log-in': 'page',
  'POST /my/access/log-in': 'page',
  'GET /my/access/code': 'page',
  'POST /my/access/code': 'page',
  'GET /my/access/log-out': 'page',
  'POST /my/access/log-out': 'page',
  'GET /my/access/payments': 'page',
  'GET /my/access/past': 'page',
  'GET /my/access/consents/:consent_id': 'page',
  'GET /my/access/consents/:consent_id/stop': 'page',
  'POST /my/access/consents/:consent_id/stop': 'page',
  'GET /my/access/identity/:client_id/stop': 'page',
  'POST /my/access/identity/:client_id/stop': 'page',
  'GET /': 'page',
  'GET /docs': 'page',
  'GET /docs/:name': 'page',
  'GET /llms.txt': 'page',
  'GET /reference': 'page',
  'GET /status': 'page',
  'GET /dashboard/sign-up': 'page',
  'POST /dashboard/sign-up': 'page',
  'GET /dashboard/confirm-email': 'page',
  'POST /dashboard/confirm-email': 'page',
  'GET /dashboard/sign-in': 'page',
  'POST /dashboard/sign-in': 'page',
  'POST /dashboard/sign-out': 'page',
  'GET /dashboard/reset-password': 'page',
  'POST /dashboard/reset-password': 'page',
  'GET /dashboard/reset-password/new': 'page',
  'POST /dashboard/reset-password/new': 'page',
  'GET /dashboard/confirm': 'page',
  'POST /dashboard/confirm': 'page',
  'GET /dashboard/security': 'page',
  'GET /dashboard/security/password': 'page',
  'POST /dashboard/security/password': 'page',
  'POST /dashboard/security/sessions': 'page',
  'GET /dashboard/security/passkeys': 'page',
  'POST /dashboard/security/passkeys': 'page',
  'POST /dashboard/security/passkeys/remove': 'page',
  'POST /dashboard/sign-in/passkey': 'page',
  'POST /dashboard/confirm/passkey': 'page',
  'GET /dev/mail': 'page',
  'GET /metrics/open-banking': 'page',
  'GET /metrics/open-banking.csv': 'page',
  'GET /dashboard/organisation': 'member',
  'GET /dashboard/organisation/new': 'member',
  'POST /dashboard/organisation/new': 'member',
  'GET /dashboard/organisation/rename': 'member',
  'POST /dashboard/organisation/rename': 'member',
  'GET /dashboard/organisation/leave': 'member',
  'POST /dashboard/organisation/leave': 'member',
  'POST /dashboard/organisation/switch': 'member',
  'GET /dashboard/organisation/members/:developer_id': 'member',
  'POST /dashboard/organisation/members/:developer_id': 'member',
  'GET /dashboard/organisation/members/:developer_id/remove': 'member',
  'POST /dashboard/organisation/members/:developer_id/remove': 'member',
  'GET /dashboard/organisation/invite': 'member',
  'POST /dashboard/organisation/invite': 'member',
  'GET /dashboard/organisation/invitations/:invitation_id/revoke': 'member',
  'POST /dashboard/organisation/invitations/:invitation_id/revoke': 'member',
  'GET /dashboard/invitation': 'page',
  'POST /dashboard/invitation': 'member',
  'POST /dashboard/invitation/sign-up': 'page',
  'GET /dashboard/audit': 'member',
  'GET /dashboard/audit.csv': 'member',
};

const ROWS = Object.entries(ROUTES).map(([row, kind]) => {
  const [method = '', path = ''] = row.split(' ');
  return { row, method, path, kind };
});
const of = (...kinds: Kind[]) => ROWS.filter(({ kind }) => kinds.includes(kind));
const UNDER_CONSENT = ['consent', 'payment', 'funds'] as const;

let app: TestApp;
let acorn: LinkedTpp;
let bramble: LinkedTpp;
let payable: Payable;
let fundsHeaders: Record<string, string>;

beforeAll(async () => {
  app = testApp();
  acorn = await linkTpp(app, { accounts: [MAIN_ACCOUNT] });
  bramble = await linkTpp(app);
  payable = await newPayable(await openPaying());
  fundsHeaders = await (await makeAsker({ app })).headers();
});

/** The route's address with the ids of one TPP. */
function at(path: string, tpp: LinkedTpp): string {
  return path
    .replace(':account_id', MAIN_ACCOUNT)
    .replace(':consent_id', tpp.consentId)
    .replace(':client_id', tpp.clientId)
    .replace(':payment_id', 'pay_none')
    .replace(':interaction', '0'.repeat(64))
    .replace(':name', 'errors');
}

function send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return app.request(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
}

async function codeOf(answer: Response): Promise<string> {
  expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('date')).not.toBeNull();
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const body = await answer.json<{ code: string; message: string; request_id: string }>();
  expect(body.request_id).toBe(answer.headers.get('x-fapi-interaction-id'));
  expect(body.message).toMatch(/^[\x20-\x7e]+$/);
  return body.code;
}

it('lists each mounted route, and no other', async () => {
  const { routes } = await createWholeApp();
  const mounted = routes
    .filter((route) => route.method !== 'ALL')
    .map((route) => `${route.method} ${route.path}`);
  expect([...new Set(mounted)].sort()).toEqual(Object.keys(ROUTES).sort());
});

describe.each(of(...UNDER_CONSENT, 'client', 'payment_read'))('$row', ({ method, path, kind }) => {
  it('refuses a call without a token, with a broken, an expired and a foreign one', async () => {
    const address = at(path, acorn);
    expect(await codeOf(await send(method, address))).toBe('invalid_token');
    const [head, , signature] = acorn.accessToken.split('.');
    for (const broken of [
      'x',
      `${head}.${btoa('{}')}.${signature}`,
      acorn.idToken,
      acorn.refreshToken,
      acorn.code,
    ]) {
      const answer = await send(method, address, { ...acorn.headers, authorization: `Bearer ${broken}` });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(await codeOf(answer)).toBe('invalid_token');
    }
    const late = testApp({ nowMs: app.nowMs() + 601_000 });
    const answer = await late.request(address, { method, headers: acorn.headers });
    expect(await codeOf(answer)).toBe('invalid_token');
  });

  it('refuses a token in the query, even beside a good header', async () => {
    const good = kind !== 'consent' ? { authorization: `Bearer ${acorn.ownToken}` } : acorn.headers;
    const answer = await send(method, `${at(path, acorn)}?access_token=${acorn.accessToken}`, good);
    expect(answer.status).toBe(401);
    expect(await codeOf(answer)).toBe('invalid_token');
  });

  it('refuses an API key and the other kind of token', async () => {
    const address = at(path, acorn);
    const key = await send(method, address, { authorization: `Bearer ${acorn.organisation.apiKey}` });
    expect(await codeOf(key)).toBe('invalid_token');
    const isTheClients = kind === 'client' || kind === 'payment_read';
    const other = isTheClients ? bramble.headers : { authorization: `Bearer ${acorn.ownToken}` };
    const answer = await send(method, address, { ...other });
    expect(answer.status).toBe(403);
    // One payment is read with the token of its consent too, if it is a payment's.
    expect(await codeOf(answer)).toBe(kind === 'payment_read' ? 'wrong_consent_type' : 'insufficient_scope');
  });

  it('answers another method with 405 and Allow', async () => {
    const answer = await send('PATCH', at(path, acorn));
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')?.split(', ')).toContain(method);
    expect(await codeOf(answer)).toBe('method_not_allowed');
  });
});

describe.each(of(...UNDER_CONSENT))('$row under a consent', ({ method, path, kind }) => {
  it('refuses a missing, a doubled and another consent id', async () => {
    const address = at(path, acorn);
    const { authorization } = acorn.headers as { authorization: string };
    expect(await codeOf(await send(method, address, { authorization }))).toBe('missing_consent');
    expect(await codeOf(await send(method, address, { authorization, 'x-consent-id': ' ' }))).toBe(
      'missing_consent',
    );
    for (const wrong of [bramble.consentId, 'consent_ais_x', `${acorn.consentId}, ${acorn.consentId}`]) {
      const answer = await send(method, address, { authorization, 'x-consent-id': wrong });
      expect(answer.status).toBe(401);
      expect(await codeOf(answer)).toBe('invalid_consent');
    }
  });

  it('answers only under a consent of its type, from its own tenant, though both have the same ids', async () => {
    const answer = await send(method, at(path, acorn), acorn.headers);
    expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=100;w=60');
    const code = answer.ok ? undefined : await codeOf(answer);
    expect([answer.status, code]).toEqual(
      kind === 'consent' ? [200, undefined] : [403, 'wrong_consent_type'],
    );
  });

  it('refuses an account the customer did not choose as one that does not exist', async () => {
    if (!path.includes(':account_id')) return;
    const answers = await Promise.all(
      ['acc_2345678901', 'acc_0000000000', '%00', "' OR 1=1 --"].map((id) =>
        send(method, path.replace(':account_id', encodeURIComponent(id)), acorn.headers),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(await codeOf(answer)).toBe('account_not_found');
    }
  });
});

describe("another client's consent", () => {
  it.each(['GET', 'DELETE'])('is not there for %s, as one that never was', async (method) => {
    const own = { authorization: `Bearer ${bramble.ownToken}` };
    const never = `consent_ais_${'0'.repeat(64)}`;
    for (const id of [acorn.consentId, never, 'consent_ais_', 'x', acorn.consentId.toUpperCase()]) {
      const answer = await send(method, `/open-banking/v1/consents/${id}`, own);
      expect(answer.status).toBe(404);
      expect(await codeOf(answer)).toBe('not_found');
    }
    const still = await send('GET', '/open-banking/v1/accounts', acorn.headers);
    expect(still.status).toBe(200);
  });

  it('cannot be authorized with the API key of another organisation', async () => {
    const answer = await send(
      'POST',
      `/sandbox/consents/${acorn.consentId}/authorize`,
      { authorization: `Bearer ${bramble.organisation.apiKey}` },
      JSON.stringify({ customer: 'hazel', accounts: [MAIN_ACCOUNT], decision: 'deny' }),
    );
    expect(answer.status).toBe(404);
  });
});

describe.each(of('registration'))('$row', ({ method, path }) => {
  it("answers a missing, wrong and another client's token, and an unknown client, alike", async () => {
    const unknown = path.replace(':client_id', crypto.randomUUID());
    const attempts: [string, Record<string, string>][] = [
      [at(path, acorn), {}],
      [at(path, acorn), { authorization: 'Bearer reg_token_x' }],
      [at(path, acorn), { authorization: `Bearer ${bramble.registrationToken}` }],
      [unknown, { authorization: `Bearer ${bramble.registrationToken}` }],
      [at(path, acorn), { authorization: `Bearer ${acorn.ownToken}` }],
      [at(path, acorn), { authorization: `Bearer ${acorn.accessToken}` }],
    ];
    for (const [address, headers] of attempts) {
      const answer = await send(method, address, headers, method === 'PUT' ? '{}' : undefined);
      expect([address, answer.status]).toEqual([address, 401]);
      expect(await codeOf(answer)).toBe('invalid_token');
    }
  });
});

describe.each(of('api_key', 'developer_key'))('$row', ({ method, path }) => {
  const body = method === 'GET' ? undefined : '{}';

  it('refuses every key but one of this environment', async () => {
    for (const authorization of [
      undefined,
      'Bearer x',
      'Bearer sk_sandbox_none',
      `Bearer ${acorn.ownToken}`,
      'Basic eA==',
    ]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await send(method, at(path, acorn), headers, body);
      expect(answer.status).toBe(401);
      expect(await codeOf(answer)).toBe('invalid_api_key');
    }
    const live = await send(
      method,
      at(path, acorn),
      { authorization: `Bearer sk_live_${'a'.repeat(43)}` },
      body,
    );
    expect(live.status).toBe(403);
    expect(await codeOf(live)).toBe('wrong_environment');
  });
});

describe.each(of('dashboard'))('$row', ({ method, path }) => {
  it('sends who is not signed in to sign in, and takes no post from elsewhere', async () => {
    const address = at(path, acorn).replace(/:\w+/g, 'none');
    const own = await send(method, address, { origin: 'http://localhost:8787' });
    expect(own.status).toBe(303);
    expect(own.headers.get('location')).toMatch(/^\/dashboard\/sign-in\?next=/);
    const answer = await send(method, address, { origin: 'https://elsewhere.example' });
    expect(answer.status).toBe(method === 'GET' ? 303 : 403);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe.each(of('api_key'))('$row', ({ method, path }) => {
  it('does not exist in production', async () => {
    const production = testApp({ origin: PRODUCTION.ISSUER, bindings: PRODUCTION });
    const answer = await production.request(at(path, acorn), { method, body: '{}' });
    expect(answer.status).toBe(404);
  });
});

describe.each(of('member'))('$row', ({ method, path }) => {
  it('sends who is not signed in to sign in, whatever they hold', async () => {
    const { origin } = new URL(TEST_ISSUER);
    for (const cookie of [undefined, 'developer=x', `__Host-developer=${'a'.repeat(43)}`]) {
      const headers = { origin, ...(cookie === undefined ? {} : { cookie }) };
      const answer = await send(method, at(path, acorn), headers);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toMatch(/^\/dashboard\/sign-in\?next=/);
    }
  });

  it('takes no post from elsewhere', async () => {
    if (method === 'GET') return;
    for (const origin of [undefined, 'null', 'https://evil.example']) {
      const answer = await send(method, at(path, acorn), origin === undefined ? {} : { origin });
      expect(answer.status).toBe(403);
    }
  });
});

describe.each(of('operator'))('$row', ({ method, path }) => {
  it("refuses everybody's keys and tokens but an operator's", async () => {
    const unknown = await newOperatorKey();
    for (const authorization of [
      undefined,
      'Bearer x',
      `Bearer ${unknown}`,
      `Bearer ${unknown.slice(0, -1)}`,
      `Bearer ${acorn.organisation.apiKey}`,
      `Bearer ${acorn.ownToken}`,
      `Bearer ${acorn.registrationToken}`,
      'Basic eA==',
    ]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await send(method, at(path, acorn), headers, method === 'GET' ? undefined : '{}');
      expect([authorization, answer.status]).toEqual([authorization, 401]);
      expect(await codeOf(answer)).toBe('invalid_api_key');
    }
  });

  it('answers a page to nobody, and another method with 405', async () => {
    const answer = await app.request(at(path, acorn), { method: 'PATCH', headers: { accept: 'text/html' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')?.split(', ')).toContain(method);
    expect(await codeOf(answer)).toBe('method_not_allowed');
  });
});

describe.each(
  [...of('token_endpoint', 'client', 'payment', 'funds', 'register', 'api_key')].filter(
    ({ method }) => method === 'POST',
  ),
)('$row with a hostile body', ({ path, kind }) => {
  function headersFor(): Record<string, string> {
    if (kind === 'client') return { authorization: `Bearer ${acorn.ownToken}` };
    if (kind === 'payment') return { ...payable.headers };
    if (kind === 'funds') return fundsHeaders;
    return kind === 'api_key' ? { authorization: `Bearer ${acorn.organisation.apiKey}` } : {};
  }
  const type = kind === 'token_endpoint' ? 'application/x-www-form-urlencoded' : 'application/json';

  it('answers 413 above the limit, declared or not', async () => {
    if (path === '/sandbox/reset') return;
    const answer = await send(
      'POST',
      at(path, acorn),
      { ...headersFor(), 'content-type': type },
      'a'.repeat(65_537),
    );
    expect(answer.status).toBe(413);
    expect(await codeOf(answer)).toBe('payload_too_large');
  });

  it('answers 415 to another content type and to an encoded body', async () => {
    if (path === '/sandbox/reset') return;
    const typed = await send(
      'POST',
      at(path, acorn),
      { ...headersFor(), 'content-type': 'text/plain' },
      '{}',
    );
    expect(typed.status).toBe(415);
    const encoded = { ...headersFor(), 'content-type': type, 'content-encoding': 'gzip' };
    expect((await send('POST', at(path, acorn), encoded, '{}')).status).toBe(415);
  });

  it('answers 400 to malformed text', async () => {
    if (path === '/sandbox/reset') return;
    const answer = await send('POST', at(path, acorn), { ...headersFor(), 'content-type': type }, '{"a":');
    expect([400, 401]).toContain(answer.status);
    await codeOf(answer);
  });
});

describe.each(of('page'))('$row', ({ method, path }) => {
  it('never echoes what it was sent, and carries the headers of a page', async () => {
    const answer = await send(method, `${at(path, acorn)}?x="><script>alert(1)</script>&client_id=<i>zz`, {
      accept: 'text/html',
    });
    const text = await answer.text();
    expect(text).not.toContain('<script>alert(1)');
    expect(text).not.toContain('<i>zz');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-fapi-interaction-id')).not.toBeNull();
    if ((answer.headers.get('content-type') ?? '').startsWith('text/html')) {
      expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
      expect(answer.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a client over its limit', () => {
  it('is answered 429 on every route it may call, and gets its calls back after the window', async () => {
    const busy = testApp({ bindings: { RATE_LIMIT_PER_MINUTE: '8' } });
    const tpp = await linkTpp(busy);
    const call = (path = '/open-banking/v1/accounts') => busy.request(path, { headers: tpp.headers });
    let last = await call();
    for (let n = 0; n < 8 && last.status !== 429; n += 1) last = await call();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
    expect((await call('/open-banking/v1/balances')).status).toBe(429);
    busy.advance(60_000);
    expect((await call()).status).toBe(200);
  });
});

describe('an ended client', () => {
  it('is refused everywhere from the next request on, in every isolate', async () => {
    const other = testApp();
    const tpp = await linkTpp(app);
    expect((await other.request('/open-banking/v1/accounts', { headers: tpp.headers })).status).toBe(200);
    const bearer = { authorization: `Bearer ${tpp.registrationToken}` };
    expect(
      (await app.request(`/register/${tpp.clientId}`, { method: 'DELETE', headers: bearer })).status,
    ).toBe(204);
    for (const isolate of [app, other, testApp()]) {
      const read = await isolate.request('/open-banking/v1/accounts', { headers: tpp.headers });
      expect([read.status, await codeOf(read)]).toEqual([401, 'invalid_token']);
      const token = await isolate.sendForm('/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: tpp.refreshToken,
        ...(await tpp.credentials()),
      });
      expect([token.status, await codeOf(token)]).toEqual([401, 'invalid_client']);
      const registration = await isolate.request(`/register/${tpp.clientId}`, { headers: bearer });
      expect(registration.status).toBe(401);
    }
  });
});

describe('a revoked consent', () => {
  it('opens nothing at the very next call, and its refresh token nothing either', async () => {
    const tpp = await linkTpp(app);
    const own = { authorization: `Bearer ${await ownTokenOf(app, tpp)}` };
    const ended = await app.request(`/open-banking/v1/consents/${tpp.consentId}`, {
      method: 'DELETE',
      headers: own,
    });
    expect(ended.status).toBe(204);
    for (const { method, path } of of('consent')) {
      const answer = await app.request(at(path, tpp), { method, headers: tpp.headers });
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'consent_revoked']);
    }
    const refresh = await app.sendForm('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tpp.refreshToken,
      ...(await tpp.credentials()),
    });
    expect([refresh.status, await codeOf(refresh)]).toEqual([400, 'invalid_grant']);
  });
});

describe('strangers', () => {
  it('are limited per source before any storage, and cannot use up a client they name', async () => {
    const touched: string[] = [];
    const untouchable = (name: string) =>
      new Proxy({}, { get: (_, member) => () => void touched.push(`${name}.${String(member)}`) });
    const refused = testApp({
      bindings: {
        LOCAL_SOURCE_LIMIT: { limit: async () => ({ success: false }) },
        DB: { withSession: () => untouchable('DB') },
        CLIENTS: untouchable('CLIENTS'),
        CONSENTS: untouchable('CONSENTS'),
      },
    });
    const naming = { client_id: acorn.clientId, client_assertion: 'a.b.c', grant_type: 'client_credentials' };
    for (const answer of [
      await refused.sendForm('/oauth/token', {
        ...naming,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
      await refused.sendJson('/register', {}),
      await refused.request('/open-banking/v1/accounts', { headers: { authorization: 'Bearer x' } }),
    ]) {
      expect(answer.status).toBe(429);
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    expect(touched).toEqual([]);
    const before = await newTpp(app);
    for (let n = 0; n < 120; n += 1) {
      await app.sendForm('/oauth/token', { ...naming, client_id: before.clientId });
    }
    expect(await ownTokenOf(app, before)).toMatch(/^ey/);
  });

  it('reach no storage by any route once their source is over its limit, whatever they bring', async () => {
    const none = { limit: async () => ({ success: false }) };
    const refused = testApp({ bindings: { SOURCE_LIMIT: none, LOCAL_SOURCE_LIMIT: none } });
    // The keys are asked for once a minute and isolate.
    await refused.request('/oauth/jwks');
    const secret = 'A'.repeat(43);
    const [head, claims] = acorn.accessToken.split('.');
    const brought: readonly Record<string, string>[] = [
      { cookie: `developer=${secret}; access=00000000-0000-4000-8000-000000000000.${secret}` },
      { authorization: `Bearer ${head}.${claims}.${'A'.repeat(86)}`, 'x-consent-id': acorn.consentId },
      ...['sk_sandbox_', 'reg_token_', 'ok_'].map((kind) => ({
        authorization: `Bearer ${kind}${secret.padEnd(kind === 'reg_token_' ? 43 : 49, 'A')}`,
      })),
    ];
    refused.lines.length = 0;
    // The mailbox is a page of local sandboxes alone.
    for (const { method, path } of ROWS.filter((each) => each.path !== '/dev/mail')) {
      const isForm = /^\/(dashboard|my|oauth)/.test(path);
      const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
      const isPosted = method === 'POST' || method === 'PUT';
      const ask = (headers: Record<string, string>) =>
        refused.request(isPosted ? at(path, acorn) : `${at(path, acorn)}?token=${secret}`, {
          method,
          headers: { origin: env.ISSUER, 'content-type': type, ...headers },
          redirect: 'manual',
          ...(isPosted ? { body: isForm ? `token=${secret}` : '{}' } : {}),
        });
      await Promise.all(brought.map(ask));
    }
    const reached = refused.lines.filter(({ d1 = 0, objects = 0 }) => d1 + objects > 0);
    expect(reached.map(({ route }) => route)).toEqual([]);
    expect(refused.lines.filter(({ event }) => event === 'request').length).toBeGreaterThan(500);
  });
});
