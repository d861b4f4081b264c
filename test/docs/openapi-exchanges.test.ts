/** What callers send and get is what the OpenAPI document says: whole journeys, and every way to be refused. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { walkGuide } from '../../scripts/tpp/walk-guide.mjs';
import { walkPayment } from '../../scripts/tpp/walk-payment.mjs';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type ApiDocument, findOperation, undocumented } from '../support/documented.ts';
import { FUNDS_PATH, makeAsker, question } from '../support/funds.ts';
import { MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, linkTpp } from '../support/linked-tpp.ts';
import { deliver, entryOf, messageOf } from '../support/requests.ts';
import { REDIRECT_URI } from '../support/tpp.ts';

const API = '/open-banking/v1';
const seen = new Set<string>();
let document: ApiDocument;

/** The pages between the authorization request and its answer are for the customer's browser. */
function isPage(url: string): boolean {
  return new URL(url).pathname.startsWith('/oauth/authorize/');
}

/** Sends the request to `send` and fails when the document does not say what happened. */
async function exchange(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  const kept = request.clone();
  const answer = await send(request);
  if (isPage(request.url)) return answer;
  expect(await undocumented(document, kept, answer)).toEqual([]);
  const found = findOperation(document, request.method, new URL(request.url).pathname);
  seen.add(`${found?.name ?? ''} ${answer.status}`);
  return answer;
}

beforeAll(async () => {
  document = await (await testApp().request('/openapi.json')).json<ApiDocument>();
});

it.each([
  ['the published guide', walkGuide],
  ['payments and confirmation of funds', walkPayment],
])('describes every exchange of %s', async (_name, walk) => {
  const app = createApp({ log: () => undefined });
  const { apiKey } = await insertOrganisationWithKey();
  const send = async (request: Request): Promise<Response> => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, env, context);
    await waitOnExecutionContext(context);
    return answer;
  };
  await walk({
    baseUrl: env.ISSUER,
    apiKey,
    fetch: (input: Request | URL | string, init?: RequestInit) => exchange(new Request(input, init), send),
    say: () => undefined,
  });
});

/** An exchange by hand: expects the status, which tells that the case is the one that was meant. */
interface Case {
  readonly name: string;
  readonly status: number;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const JSON_BODY = { 'content-type': 'application/json' };
const FORM_BODY = { 'content-type': 'application/x-www-form-urlencoded' };

async function newConsent(app: TestApp, tpp: LinkedTpp): Promise<string> {
  const body = { consent_type: 'account-access', permissions: ['ReadAccounts'] };
  const headers = { authorization: `Bearer ${tpp.ownToken}` };
  const answer = await app.sendJson(`${API}/consents`, body, { headers });
  return (await answer.json<{ consent_id: string }>()).consent_id;
}

async function casesOf(tpp: LinkedTpp, ended: LinkedTpp, awaiting: string): Promise<Case[]> {
  const own = { authorization: `Bearer ${tpp.ownToken}` };
  const managing = { authorization: `Bearer ${tpp.registrationToken}` };
  const keyed = { authorization: `Bearer ${tpp.organisation.apiKey}` };
  const unknownConsent = `consent_ais_${'0'.repeat(64)}`;
  const form = async (more: Record<string, string>): Promise<Pick<Case, 'headers' | 'body'>> => ({
    headers: FORM_BODY,
    body: new URLSearchParams({ ...(await tpp.credentials()), ...more }).toString(),
  });
  const consent = JSON.stringify({ consent_type: 'account-access', permissions: ['ReadAccounts'] });
  const authorization = {
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    consent_id: tpp.consentId,
    scope: 'openid accounts',
  };
  const atOnce = new URLSearchParams({
    ...authorization,
    client_id: tpp.clientId,
    prompt: 'none',
  }).toString();
  const reads = ['/accounts', '/balances', '/transactions'].flatMap((path) => [
    path,
    path === '/accounts' ? `/accounts/${MAIN_ACCOUNT}` : `/accounts/${MAIN_ACCOUNT}${path}`,
  ]);
  return [
    { name: 'OpenID discovery', status: 200, path: '/.well-known/openid-configuration' },
    { name: 'OAuth discovery', status: 200, path: '/.well-known/oauth-authorization-server' },
    { name: 'keys', status: 200, path: '/oauth/jwks' },
    { name: 'directory keys', status: 200, path: '/sandbox/directory/jwks' },
    { name: 'the document', status: 200, path: '/openapi.json' },
    { name: 'status', status: 200, path: '/status' },
    { name: 'daily figures', status: 200, path: '/metrics/open-banking' },
    { name: 'daily figures of no day', status: 400, path: '/metrics/open-banking?from=yesterday' },
    { name: 'daily figures as CSV', status: 200, path: '/metrics/open-banking.csv' },
    ...reads.map((path) => ({ name: path, status: 200, path: `${API}${path}`, headers: { ...tpp.headers } })),
    ...reads.flatMap((path) => [
      { name: `${path} by nobody`, status: 401, path: `${API}${path}` },
      { name: `${path} by the client`, status: 403, path: `${API}${path}`, headers: own },
      {
        name: `${path} without X-Consent-ID`,
        status: 400,
        path: `${API}${path}`,
        headers: { authorization: tpp.headers['authorization'] ?? '' },
      },
      { name: `${path} after the end`, status: 401, path: `${API}${path}`, headers: { ...ended.headers } },
    ]),
    ...['', '/balances', '/transactions'].map((path) => ({
      name: `no account${path}`,
      status: 404,
      path: `${API}/accounts/acc_none${path}`,
      headers: { ...tpp.headers },
    })),
    {
      name: 'a limit of none',
      status: 400,
      path: `${API}/transactions?limit=0`,
      headers: { ...tpp.headers },
    },
    { name: 'consents', status: 200, path: `${API}/consents?limit=1`, headers: own },
    { name: 'a limit of consents', status: 400, path: `${API}/consents?limit=none`, headers: own },
    { name: 'one consent', status: 200, path: `${API}/consents/${tpp.consentId}`, headers: own },
    {
      name: 'a consent by its own token',
      status: 200,
      path: `${API}/consents/${tpp.consentId}`,
      headers: { authorization: tpp.headers['authorization'] ?? '' },
    },
    { name: 'no consent', status: 404, path: `${API}/consents/${unknownConsent}`, headers: own },
    {
      name: 'the end of no consent',
      status: 404,
      method: 'DELETE',
      path: `${API}/consents/${unknownConsent}`,
      headers: own,
    },
    {
      name: 'a consent by a customer token',
      status: 403,
      method: 'POST',
      path: `${API}/consents`,
      headers: { ...tpp.headers, ...JSON_BODY },
      body: consent,
    },
    {
      name: 'a consent of another shape',
      status: 400,
      method: 'POST',
      path: `${API}/consents`,
      headers: { ...own, ...JSON_BODY },
      body: '{"consent_type":"account-access","permissions":["ReadEverything"]}',
    },
    {
      name: 'a consent as a form',
      status: 415,
      method: 'POST',
      path: `${API}/consents`,
      headers: { ...own, ...FORM_BODY },
      body: 'permissions=ReadAccounts',
    },
    {
      name: 'a consent too large',
      status: 413,
      method: 'POST',
      path: `${API}/consents`,
      headers: { ...own, ...JSON_BODY },
      body: `{"x":"${'x'.repeat(70_000)}"}`,
    },
    { name: 'no grant type', status: 400, method: 'POST', path: '/oauth/token', ...(await form({})) },
    {
      name: 'a wrong code',
      status: 400,
      method: 'POST',
      path: '/oauth/token',
      ...(await form({ grant_type: 'authorization_code', code: 'c.x.y', redirect_uri: REDIRECT_URI })),
    },
    {
      name: 'an unknown scope',
      status: 400,
      method: 'POST',
      path: '/oauth/token',
      ...(await form({ grant_type: 'client_credentials', scope: 'everything' })),
    },
    {
      name: 'no client',
      status: 401,
      method: 'POST',
      path: '/oauth/token',
      headers: FORM_BODY,
      body: 'grant_type=client_credentials',
    },
    {
      name: 'tokens as JSON',
      status: 415,
      method: 'POST',
      path: '/oauth/token',
      headers: JSON_BODY,
      body: '{}',
    },
    {
      name: 'a pushed request of wrong scope',
      status: 400,
      method: 'POST',
      path: '/oauth/par',
      ...(await form({ ...authorization, scope: 'openid payments' })),
    },
    {
      name: 'a pushed request object',
      status: 400,
      method: 'POST',
      path: '/oauth/par',
      ...(await form({ ...authorization, request: 'x.y.z' })),
    },
    { name: 'an authorization page that is an error', status: 400, path: '/oauth/authorize' },
    {
      name: 'the same by form',
      status: 400,
      method: 'POST',
      path: '/oauth/authorize',
      headers: FORM_BODY,
      body: 'client_id=none',
    },
    {
      name: 'an authorization request answered at once',
      status: 303,
      path: `/oauth/authorize?${atOnce}`,
    },
    {
      name: 'the same answered at once by form',
      status: 303,
      method: 'POST',
      path: '/oauth/authorize',
      headers: FORM_BODY,
      body: atOnce,
    },
    {
      name: 'a consent decided',
      status: 200,
      method: 'POST',
      path: `/sandbox/consents/${awaiting}/authorize`,
      headers: { ...keyed, ...JSON_BODY },
      body: JSON.stringify({
        customer: 'hazel',
        decision: 'approve',
        accounts: [MAIN_ACCOUNT],
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: 'openid accounts',
      }),
    },
    { name: 'the registration', status: 200, path: `/register/${tpp.clientId}`, headers: managing },
    {
      name: 'the registration replaced',
      status: 200,
      method: 'PUT',
      path: `/register/${tpp.clientId}`,
      headers: { ...managing, ...JSON_BODY },
      body: JSON.stringify({ client_id: tpp.clientId, redirect_uris: [REDIRECT_URI] }),
    },
    {
      name: 'the registration beyond its statement',
      status: 400,
      method: 'PUT',
      path: `/register/${tpp.clientId}`,
      headers: { ...managing, ...JSON_BODY },
      body: JSON.stringify({ client_id: tpp.clientId, redirect_uris: ['https://other.example/'] }),
    },
    {
      name: "somebody else's registration",
      status: 401,
      path: `/register/${ended.clientId}`,
      headers: managing,
    },
    {
      name: 'a registration without statement',
      status: 400,
      method: 'POST',
      path: '/register',
      headers: JSON_BODY,
      body: '{}',
    },
    {
      name: 'no registration',
      status: 400,
      method: 'POST',
      path: '/register',
      headers: JSON_BODY,
      body: 'nothing',
    },
    {
      name: 'a statement without key',
      status: 401,
      method: 'POST',
      path: '/sandbox/software-statements',
      headers: JSON_BODY,
      body: '{}',
    },
    {
      name: 'a statement with a live key',
      status: 403,
      method: 'POST',
      path: '/sandbox/software-statements',
      headers: { authorization: `Bearer sk_live_${'x'.repeat(32)}`, ...JSON_BODY },
      body: '{}',
    },
    {
      name: 'a statement of another shape',
      status: 400,
      method: 'POST',
      path: '/sandbox/software-statements',
      headers: { ...keyed, ...JSON_BODY },
      body: '{"software_redirect_uris":"x"}',
    },
    {
      name: 'the decision of no consent',
      status: 404,
      method: 'POST',
      path: `/sandbox/consents/${unknownConsent}/authorize`,
      headers: { ...keyed, ...JSON_BODY },
      body: JSON.stringify({ customer: 'hazel', decision: 'deny', ...authorization }),
    },
    { name: 'the request log', status: 200, path: '/developer/v1/requests?status=4xx', headers: keyed },
    { name: 'the request log, wrong', status: 400, path: '/developer/v1/requests?status=x', headers: keyed },
    {
      name: 'a call that never was',
      status: 404,
      path: '/developer/v1/requests/0b2f1f4e-8f5e-4f43-9f39-5f1a1b3c9d10',
      headers: keyed,
    },
    { name: 'usage', status: 200, path: '/developer/v1/usage?period=7d', headers: keyed },
    {
      name: 'usage of a client',
      status: 200,
      path: `/developer/v1/usage?client_id=${tpp.clientId}`,
      headers: keyed,
    },
    {
      name: 'usage of nobody',
      status: 404,
      path: `/developer/v1/usage?client_id=${crypto.randomUUID()}`,
      headers: keyed,
    },
    { name: 'what a key is', status: 200, path: '/developer/v1/api-key', headers: keyed },
    { name: 'a new sandbox', status: 200, method: 'POST', path: '/sandbox/reset', headers: keyed },
    {
      name: 'the end of a consent',
      status: 204,
      method: 'DELETE',
      path: `${API}/consents/${tpp.consentId}`,
      headers: own,
    },
    { name: 'the end', status: 204, method: 'DELETE', path: `/register/${tpp.clientId}`, headers: managing },
  ];
}

/** Sends a case and holds the exchange against the document. */
async function meet(
  app: TestApp,
  { name, status, method = 'GET', path, headers = {}, body }: Case,
): Promise<void> {
  const init = { method, redirect: 'manual', ...(body === undefined ? {} : { body }) } as const;
  const request = new Request(new URL(path, env.ISSUER), { ...init, headers });
  const answer = await exchange(request, (sent) => app.request(path, { ...init, headers: sent.headers }));
  expect({ name, status: answer.status }).toEqual({ name, status });
}

it('describes every call by hand and every way to refuse it', async () => {
  const app = testApp();
  const tpp = await linkTpp(app);
  const ended = await linkTpp(app);
  await app.request(`${API}/consents/${ended.consentId}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ended.ownToken}` },
  });
  for (const one of await casesOf(tpp, ended, await newConsent(app, tpp))) await meet(app, one);
});

it('describes confirmation of funds and every way to refuse it', async () => {
  const app = testApp();
  const asker = await makeAsker({ app });
  const headers = { ...(await asker.headers()), ...JSON_BODY };
  const { 'x-consent-id': _none, ...nameless } = headers as Record<string, string>;
  const narrow = { ...(await (await makeAsker({ app, scopes: ['openid'] })).headers()), ...JSON_BODY };
  const other = { ...(await linkTpp(app)).headers, ...JSON_BODY };
  const at = { method: 'POST', path: FUNDS_PATH } as const;
  const yes = { ...at, headers, body: JSON.stringify(question('1.00')) };
  await meet(app, { name: 'yes', status: 201, ...yes });
  await meet(app, { name: 'by nobody', status: 401, ...yes, headers: JSON_BODY });
  await meet(app, { name: 'without X-Consent-ID', status: 400, ...yes, headers: nameless });
  await meet(app, { name: 'under another type', status: 403, ...yes, headers: other });
  await meet(app, { name: 'without the scope', status: 403, ...yes, headers: narrow });
  await meet(app, { name: 'no question', status: 400, ...yes, body: '{}' });
  await meet(app, {
    name: 'plain text',
    status: 415,
    ...yes,
    headers: { ...headers, 'content-type': 'text/plain' },
  });
  await meet(app, { name: 'too large', status: 413, ...yes, body: 'x'.repeat(65_537) });
  const euros = JSON.stringify(question('1.00', 'EUR'));
  await meet(app, { name: 'another currency', status: 422, ...yes, body: euros });
  for (let n = 1; n < 10; n += 1) await meet(app, { name: 'yes again', status: 201, ...yes });
  await meet(app, { name: 'the eleventh', status: 429, ...yes });
});

it('describes what a key does to itself, and where it is too little', async () => {
  const app = testApp();
  const narrow = await insertOrganisationWithKey({ scopes: ['usage'] });
  const headers = { authorization: `Bearer ${narrow.apiKey}` };
  await meet(app, {
    name: 'another scope',
    status: 403,
    method: 'POST',
    path: '/sandbox/software-statements',
    headers: { ...headers, ...JSON_BODY },
    body: '{}',
  });
  const { apiKey } = await insertOrganisationWithKey({ allowedIps: ['203.0.113.7/32'] });
  const path = '/developer/v1/api-key';
  const elsewhere = { authorization: `Bearer ${apiKey}` };
  await meet(app, { name: 'another address', status: 403, path, headers: elsewhere });
  await meet(app, { name: 'its end', status: 204, method: 'DELETE', path, headers });
  await meet(app, { name: 'after its end', status: 401, path, headers });
});

it('describes a call of the request log', async () => {
  const app = testApp();
  const { apiKey, organisationId } = await insertOrganisationWithKey();
  const entry = entryOf({ organisationId, status: 404, code: 'account_not_found' });
  await deliver([messageOf([entry])]);
  const headers = { authorization: `Bearer ${apiKey}` };
  await meet(app, {
    name: 'one call',
    status: 200,
    path: `/developer/v1/requests/${entry.requestId}`,
    headers,
  });
  await meet(app, { name: 'a page of calls', status: 200, path: '/developer/v1/requests', headers });
});

it('describes the limit of a client', async () => {
  const app = testApp({ bindings: { RATE_LIMIT_PER_MINUTE: '8' } });
  const tpp = await linkTpp(app);
  const statuses: number[] = [];
  for (let call = 0; call < 9; call += 1) {
    const request = new Request(new URL(`${API}/accounts`, env.ISSUER), { headers: tpp.headers });
    const answer = await exchange(request, (sent) =>
      app.request(`${API}/accounts`, { headers: sent.headers }),
    );
    statuses.push(answer.status);
  }
  expect(statuses.at(-1)).toBe(429);
});

it('has met each operation with an answer that is no error', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const met = new Set([...seen].filter((one) => / [23]\d\d$/.test(one)).map((one) => one.slice(0, -4)));
  expect(operations.filter((operation) => !met.has(operation))).toEqual([]);
});

it('finds what is not described', async () => {
  const request = new Request(`${env.ISSUER}${API}/accounts`);
  const header = { 'content-type': 'application/json' };
  const planted: [Response, RegExp][] = [
    [Response.json({ data: [], links: { self: '/accounts' } }), /lacks x-fapi-interaction-id/],
    [new Response('{"data":[],"links":{"self":"/accounts"},"more":1}', { headers: header }), /more/],
    [new Response('{"data":[{}],"links":{"self":"/accounts"}}', { headers: header }), /account_id/],
    [new Response('{"code":"conflict"}', { status: 409, headers: header }), /409 is not described/],
    [
      new Response('{"code":"conflict","message":"","request_id":""}', { status: 401, headers: header }),
      /does not describe conflict/,
    ],
  ];
  for (const [answer, words] of planted) {
    expect((await undocumented(document, request, answer)).join('\n')).toMatch(words);
  }
});
