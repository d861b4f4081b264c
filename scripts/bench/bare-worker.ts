/**
 * The benchmark's entry: the Worker, below /logged and /unlogged its app with the request log and without, and
 * below /bare the same answers by hand. The hand-written code makes the same
 * calls, statements and signatures in the same order, answers with the same headers, leaves the same line in the log,
 * and does nothing else: no Hono, no Drizzle, no validation.
 */
import { createApp } from '#app.ts';
import { ACCOUNTS_SQL } from '#bank/account.statements.ts';
import type { Admission } from '#clients/admission.ts';
import type { ConsentUse, GrantAnswer } from '#consents/grant-calls.ts';
import worker from '#worker.ts';
import { type BarePayment, pay } from './bare-payment.ts';
import { answerStandIn, STAND_IN_PATH } from './stand-in.ts';

export * from '#worker.ts';

type Members = Record<string, unknown>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: 'base64url' });
}

async function digestOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))));
}

function partOf(part: string | undefined): Members {
  return JSON.parse(decoder.decode(fromBase64Url(part ?? ''))) as Members;
}

interface SigningKey {
  readonly kid: string;
  readonly signing: CryptoKey;
  readonly verifying: CryptoKey;
}

let ownKey: SigningKey | undefined;

/** The key ring's ES256 key, imported once an isolate as the Worker does. */
async function findOwnKey(env: Env): Promise<SigningKey> {
  if (ownKey !== undefined) return ownKey;
  const given = await env.KEY_RING.get(env.KEY_RING.idFromName('ring')).ring(Date.now());
  const key = given.ok ? given.ring.keys.find((one) => one.use === 'ES256') : undefined;
  if (key?.privateKey === undefined) throw new Error('no key');
  const pkcs8 = fromBase64Url(key.privateKey.text);
  ownKey = {
    kid: key.kid,
    signing: await crypto.subtle.importKey('pkcs8', pkcs8, ECDSA, false, ['sign']),
    verifying: await crypto.subtle.importKey('jwk', key.publicKey as JsonWebKey, ECDSA, false, ['verify']),
  };
  return ownKey;
}

interface KnownClient {
  readonly key: CryptoKey;
  readonly scopes: readonly string[];
}

const knownClients = new Map<string, KnownClient>();

async function findClient(env: Env, clientId: string): Promise<KnownClient> {
  const known = knownClients.get(clientId);
  if (known !== undefined) return known;
  const statement = env.DB.prepare('SELECT record FROM clients WHERE client_id = ?').bind(clientId);
  const record = JSON.parse((await statement.first<string>('record')) ?? '') as {
    readonly scopes: readonly string[];
    readonly keys: { readonly jwks: { readonly keys: JsonWebKey[] } };
  };
  const [jwk] = record.keys.jwks.keys;
  if (jwk === undefined) throw new Error('no key');
  const key = await crypto.subtle.importKey('jwk', jwk, ECDSA, false, ['verify']);
  const found = { key, scopes: record.scopes };
  knownClients.set(clientId, found);
  return found;
}

async function isSigned(key: CryptoKey, text: string): Promise<boolean> {
  const end = text.lastIndexOf('.');
  const signature = fromBase64Url(text.slice(end + 1));
  return crypto.subtle.verify(ECDSA, key, signature, encoder.encode(text.slice(0, end)));
}

async function sign(key: SigningKey, typ: string, claims: Members): Promise<string> {
  const header = { alg: 'ES256', typ, kid: key.kid };
  const input = [header, claims].map((part) => toBase64Url(encoder.encode(JSON.stringify(part)))).join('.');
  const signature = await crypto.subtle.sign(ECDSA, key.signing, encoder.encode(input));
  return `${input}.${toBase64Url(new Uint8Array(signature))}`;
}

function admit(
  env: Env,
  clientId: string,
  nowMs: number,
  once?: { readonly digest: string; readonly expiresAt: number },
): Promise<Admission> {
  return env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).admit({
    nowMs,
    attempt: crypto.randomUUID(),
    limit: Number(env.RATE_LIMIT_PER_MINUTE),
    ...(once === undefined ? {} : { once, authenticated: true }),
  });
}

interface Answer {
  readonly admission: Admission;
  readonly nowMs: number;
  readonly route: string;
  readonly clientId: string;
  readonly body: Members;
  readonly status?: number;
  readonly more?: Record<string, string>;
}

function answer({ admission, nowMs, route, clientId, body, status = 200, more }: Answer): Response {
  if (admission.outcome !== 'admitted') return new Response(null, { status: 401 });
  const { window } = admission;
  const requestId = crypto.randomUUID();
  const ms = Date.now() - nowMs;
  console.info(
    JSON.stringify({ event: 'request', request_id: requestId, route, status, ms, client_id: clientId }),
  );
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'x-fapi-interaction-id': requestId,
      Date: new Date(nowMs).toUTCString(),
      'X-Content-Type-Options': 'nosniff',
      'RateLimit-Policy': `"default";q=${window.limit};w=60`,
      RateLimit: `"default";r=${window.remaining};t=${window.resetSeconds}`,
      ...more,
    },
  });
}

async function refresh(env: Env, text: string, clientId: string, nowMs: number): Promise<GrantAnswer> {
  const [, objectId = '', secret = ''] = text.split('.');
  const object = env.CONSENTS.get(env.CONSENTS.idFromString(objectId));
  return object.refresh({ nowMs, clientId, secretDigest: await digestOf(secret) });
}

/** RFC 6749 section 5.1. */
const NO_CACHE = { Pragma: 'no-cache' };

/** POST /oauth/token: client_credentials and refresh_token, private_key_jwt. */
async function token(request: Request, env: Env): Promise<Response> {
  const nowMs = Date.now();
  const now = Math.floor(nowMs / 1000);
  const form = new URLSearchParams(decoder.decode(await request.arrayBuffer()));
  const assertion = form.get('client_assertion') ?? '';
  const claims = partOf(assertion.split('.')[1]);
  const clientId = String(claims['sub']);
  const client = await findClient(env, clientId);
  if (!(await isSigned(client.key, assertion))) return new Response(null, { status: 401 });
  const admission = await admit(env, clientId, nowMs, {
    digest: await digestOf(`client_assertion ${String(claims['jti'])}`),
    expiresAt: Number(claims['exp']),
  });
  const key = await findOwnKey(env);
  const iss = env.ISSUER;
  const access = { iss, aud: `${iss}/open-banking/v1`, client_id: clientId, jti: crypto.randomUUID() };
  const times = { iat: now, exp: now + 600 };
  const route = 'POST /oauth/token';
  const refreshToken = form.get('refresh_token');
  if (refreshToken === null) {
    const scope = form.get('scope') ?? '';
    const accessToken = await sign(key, 'at+jwt', { ...access, sub: clientId, scope, ...times });
    const body = { access_token: accessToken, token_type: 'Bearer', expires_in: 600, scope };
    return answer({ admission, nowMs, route, clientId, body, more: NO_CACHE });
  }
  const grant = await refresh(env, refreshToken, clientId, nowMs);
  if (!grant.ok) return new Response(null, { status: 400 });
  const { binding, consentId } = grant.granted;
  const scope = binding.scopes.join(' ');
  const sub = binding.subject;
  const accessToken = await sign(key, 'at+jwt', {
    ...access,
    sub,
    scope,
    ...times,
    consent_id: consentId,
  });
  const half = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(accessToken)));
  const idToken = await sign(key, 'JWT', {
    iss,
    sub,
    aud: clientId,
    ...times,
    auth_time: binding.authTime,
    acr: 'urn:openbanking:psd2:sca',
    openbanking_intent_id: consentId,
    at_hash: toBase64Url(half.slice(0, 16)),
  });
  const body = {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: refreshToken,
    id_token: idToken,
    scope,
    consent_id: consentId,
  };
  return answer({ admission, nowMs, route, clientId, body, more: NO_CACHE });
}

const verifiedTokens = new Map<string, Members>();

/** The claims of one of our access tokens; verified once an isolate, as the Worker does. */
async function verify(env: Env, text: string): Promise<Members | undefined> {
  const digest = await digestOf(text);
  const known = verifiedTokens.get(digest);
  if (known !== undefined) return known;
  const { verifying } = await findOwnKey(env);
  if (!(await isSigned(verifying, text))) return undefined;
  const claims = partOf(text.split('.')[1]);
  verifiedTokens.set(digest, claims);
  return claims;
}

interface AccountRow {
  readonly accountId: string;
  readonly currency: string;
  readonly accountType: string;
  readonly nickname: string;
  readonly sortCode: string;
  readonly accountNumber: string;
  readonly iban: string;
}

/** GET /open-banking/v1/accounts. */
async function accounts(request: Request, env: Env): Promise<Response> {
  const nowMs = Date.now();
  const claims = await verify(env, (request.headers.get('authorization') ?? '').slice('Bearer '.length));
  const consentId = request.headers.get('x-consent-id') ?? '';
  if (claims?.['consent_id'] !== consentId) return new Response(null, { status: 401 });
  const object = env.CONSENTS.get(env.CONSENTS.idFromString(consentId.slice('consent_ais_'.length)));
  const [admission, use] = await Promise.all([
    admit(env, String(claims['client_id']), nowMs),
    object.use(nowMs) as Promise<ConsentUse>,
  ]);
  if (!use.found || use.consent.status !== 'authorized') return new Response(null, { status: 401 });
  const { consent } = use;
  const { results } = await env.DB.withSession('first-primary')
    .prepare(ACCOUNTS_SQL)
    .bind(consent.tenantId ?? '', JSON.stringify(consent.accountIds))
    .all<AccountRow>();
  const body = {
    data: results.map((row) => ({
      account_id: row.accountId,
      status: 'enabled',
      currency: row.currency,
      account_type: row.accountType,
      nickname: row.nickname,
      identifiers: [
        { scheme: 'SortCodeAccountNumber', id: `${row.sortCode}-${row.accountNumber}` },
        { scheme: 'IBAN', id: row.iban },
      ],
    })),
    links: { self: '/accounts' },
  };
  const clientId = String(claims['client_id']);
  return answer({ admission, nowMs, route: 'GET /open-banking/v1/accounts', clientId, body });
}

/** POST /open-banking/v1/payments: a domestic payment to another bank. */
async function payments(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const nowMs = Date.now();
  const claims = await verify(env, (request.headers.get('authorization') ?? '').slice('Bearer '.length));
  const consentId = request.headers.get('x-consent-id') ?? '';
  if (claims?.['consent_id'] !== consentId) return new Response(null, { status: 401 });
  const clientId = String(claims['client_id']);
  const id = env.CONSENTS.idFromString(consentId.slice('consent_pis_'.length));
  const [admission, use] = await Promise.all([
    admit(env, clientId, nowMs),
    env.CONSENTS.get(id).use(nowMs) as Promise<ConsentUse>,
  ]);
  if (!use.found || use.consent.status !== 'authorized') return new Response(null, { status: 401 });
  const { consent } = use;
  const key = request.headers.get('idempotency-key') ?? '';
  const { payment } = JSON.parse(await request.text()) as { readonly payment: BarePayment };
  const paid = await pay(env.DB.withSession('first-primary'), {
    consent,
    payment,
    now: Math.floor(nowMs / 1000),
    keyDigest: await digestOf(key),
    bodyDigest: await digestOf(JSON.stringify(payment)),
  });
  const { paymentId, body } = paid;
  const end = { outcome: 'consumed', at: Math.floor(nowMs / 1000), paymentId } as const;
  const noteConsumed = async () => {
    await env.CONSENTS.get(id).learnEnd({ nowMs: Date.now(), consentId, end, by: 'tpp', note: undefined });
    await paid.forget();
  };
  context.waitUntil(noteConsumed());
  return answer({ admission, nowMs, route: 'POST /open-banking/v1/payments', clientId, body, status: 201 });
}

/** Takes a message as a queue does, and does nothing with it. */
const SINK = { send: async (message: unknown) => void JSON.stringify(message) };

/** The same app with the request log, with it up to the queue's door, and without, to see what it costs. */
const APART = [
  { prefix: '/logged/', app: createApp({ gatherMs: 5_000, sendMs: 2_000 }), bindings: {} },
  { prefix: '/noted/', app: createApp({ gatherMs: 5_000, sendMs: 2_000 }), bindings: { REQUEST_LOG: SINK } },
  { prefix: '/unlogged/', app: createApp({ gatherMs: 5_000 }), bindings: {} },
];

/** An isolate has one environment: what is parsed of it is parsed once. */
const environments = new Map<string, Env>();

function environmentOf(prefix: string, env: Env, bindings: object): Env {
  const known = environments.get(prefix);
  if (known !== undefined) return known;
  const made = { ...env, ...bindings } as Env;
  environments.set(prefix, made);
  return made;
}

export default {
  ...worker,
  fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === '/bare/oauth/token') return token(request, env);
    if (pathname === '/bare/open-banking/v1/accounts') return accounts(request, env);
    if (pathname === '/bare/open-banking/v1/payments') return payments(request, env, context);
    const apart = APART.find(({ prefix }) => pathname.startsWith(prefix));
    if (apart !== undefined) {
      // All are sent on alike, so that what that costs weighs on all.
      const address = request.url.replace(apart.prefix, '/');
      const own = environmentOf(apart.prefix, env, apart.bindings);
      return apart.app.fetch(new Request(address, request), own, context);
    }
    if (pathname === STAND_IN_PATH) return answerStandIn(request, env, context);
    return worker.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
