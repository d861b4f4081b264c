/** Whatever is sent, to every route: no fault, no hang, no answer without its headers, and none the document does not know. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { createWholeApp } from '#app.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type ApiDocument, findOperation, undocumented } from '../support/documented.ts';
import { JOINT_ACCOUNT, MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, linkTpp } from '../support/linked-tpp.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { signAssertion } from '../support/test-client.ts';
import { REDIRECT_URI } from '../support/tpp.ts';
import {
  type ArbitraryRequest,
  operationRequest,
  strayRequest,
  type Vocabulary,
} from './arbitrary-request.ts';

/** How many requests of each kind: 2,000 together in `npm test`, 50,000 in `npm run test:long`. */
const RUNS =
  env.TEST_LENGTH === 'long' ? { operations: 40_000, strays: 10_000 } : { operations: 1_500, strays: 500 };
/** Requests with one set of tokens: each moves the clock, and a token lives 600 s. */
const RUNS_A_SETTING = 250;
const STEP_MS = 500;
/** Client assertions of a setting; each works once. */
const ASSERTIONS = 60;
const DEADLINE_MS = 5_000;
const TIMEOUT_MS = env.TEST_LENGTH === 'long' ? 3_600_000 : 120_000;

const SEED = Number(env.FUZZ_SEED) || Math.floor(Math.random() * 2 ** 31);
const MAIN_IDENTIFIER = { scheme: 'SortCodeAccountNumber', id: '608371-12345678' };
const NO_LIMIT = { limit: async () => ({ success: true }) };
const RAISED = {
  SOURCE_LIMIT: NO_LIMIT,
  LOCAL_SOURCE_LIMIT: NO_LIMIT,
  RATE_LIMIT_PER_MINUTE: '1000000',
};

let document: ApiDocument;
const seen = new Map<number, number>();
let paths: readonly string[];

beforeAll(async () => {
  paths = (await createWholeApp()).routes.map((route) => route.path);
  // Loads the passkey library, which a test would have to wait for: here each of its modules is translated first.
  await testApp().request('/dashboard/sign-in');
  document = await (await testApp().request('/openapi.json')).json<ApiDocument>();
});

interface Setting {
  readonly app: TestApp;
  readonly vocabulary: Vocabulary;
}

/** A TPP whose words are right, and another whose things may be ended by what is sent. */
async function newSetting(): Promise<Setting> {
  const app = testApp({ bindings: RAISED });
  const keeper = await linkTpp(app, { accounts: [MAIN_ACCOUNT] });
  const loser = await linkTpp(app);
  const payer = await linkTpp(app, {
    roles: ['PISP'],
    scope: 'openid payments',
    accounts: [MAIN_ACCOUNT],
    consent: { consent_type: 'payment', payment: DOMESTIC_PAYMENT },
  });
  const asker = await linkTpp(app, {
    roles: ['CBPII'],
    scope: 'openid fundsconfirmations',
    accounts: [MAIN_ACCOUNT],
    consent: { consent_type: 'funds-confirmation', debtor_account: MAIN_IDENTIFIER },
  });
  const now = Math.floor(app.nowMs() / 1000);
  return { app, vocabulary: await vocabularyOf({ keeper, loser, payer, asker }, now) };
}

type Actors = Readonly<Record<'keeper' | 'loser' | 'payer' | 'asker', LinkedTpp>>;

async function vocabularyOf({ keeper, loser, payer, asker }: Actors, now: number): Promise<Vocabulary> {
  const bearer = (token: string): string => `Bearer ${token}`;
  const callers = {
    consentToken: [keeper, keeper, loser, payer, asker].map(({ accessToken }) => bearer(accessToken)),
    clientToken: [keeper, loser, payer, asker].map(({ ownToken }) => bearer(ownToken)),
    registrationToken: [bearer(loser.registrationToken)],
    apiKey: [bearer(loser.organisation.apiKey)],
  };
  const claims = { exp: now + 1_700 };
  const jwks = JSON.stringify({ keys: [keeper.key.publicJwk] });
  return {
    authorization: Object.values(callers).flat(),
    ...callers,
    consent_id: [keeper, keeper, loser, payer, asker].map(({ consentId }) => consentId),
    client_id: [keeper.clientId],
    'path client_id': [loser.clientId],
    account_id: [MAIN_ACCOUNT, JOINT_ACCOUNT],
    software_statement: [loser.statement, keeper.statement],
    software_jwks: [jwks],
    jwks: [jwks],
    redirect_uris: [REDIRECT_URI],
    software_redirect_uris: [REDIRECT_URI],
    redirect_uri: [REDIRECT_URI],
    response_type: ['code'],
    scope: ['openid accounts transactions', 'consents', 'openid', 'accounts'],
    code: [keeper.code, loser.code],
    refresh_token: [keeper.refreshToken, loser.refreshToken],
    client_assertion: await Promise.all(
      Array.from({ length: ASSERTIONS }, () => signAssertion(keeper.clientId, keeper.key, { now, claims })),
    ),
    client_assertion_type: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    id_token_hint: [keeper.idToken],
    code_challenge: ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
    code_challenge_method: ['S256'],
    claims: ['{"id_token":{"acr":{"essential":true}}}', '{"userinfo":null}'],
    prompt: ['none', 'login consent'],
    payment: [DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT].map((payment) => JSON.stringify(payment)),
    'idempotency-key': ['once', 'twice'],
    instructed_amount: ['{"amount":"165.88","currency":"GBP"}', '{"amount":"99999.00","currency":"EUR"}'],
    debtor_account: [JSON.stringify(MAIN_IDENTIFIER)],
    customer: ['hazel', 'basil', 'sorrel', 'nobody'],
    accounts: [MAIN_ACCOUNT],
    limit: ['1', '100', '25'],
    from: ['2026-01-01', '2026-01-01T00:00:00+01:00'],
    to: ['2026-12-31', '2026-12-31T00:00:00Z'],
    expiration_date: ['2027-01-01T00:00:00Z'],
    transaction_from_date: ['2026-01-01T00:00:00Z'],
    transaction_to_date: ['2027-01-01T00:00:00Z'],
    accept: ['text/html', 'application/json'],
    origin: [env.ISSUER, 'null', 'https://other.example'],
    'sec-fetch-site': ['same-origin', 'cross-site'],
    'x-fapi-interaction-id': ['93bac548-d2de-4546-b106-880a5018460d'],
  };
}

function requestOf({ method, path, headers, body }: ArbitraryRequest): Request | undefined {
  try {
    return new Request(new URL(path, env.ISSUER), {
      method,
      headers: headers.map(([name, value]) => [name, value]),
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    // What no HTTP client can send never arrives.
    return undefined;
  }
}

async function withinDeadline(answer: Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  // workerd takes 10,000 timers at once: those of answered requests are cleared.
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function check(app: TestApp, spec: ArbitraryRequest): Promise<void> {
  const request = requestOf(spec);
  if (request === undefined) return;
  app.advance(STEP_MS);
  const { pathname } = new URL(request.url);
  const sent = request.clone();
  const answer = await withinDeadline(
    app.request(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
    }),
  );
  seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
  const reasons = app.lines.splice(0).map(({ reason }) => reason);
  if (answer.status >= 500) expect({ status: answer.status, reasons }).toBeUndefined();
  expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/i);
  expect(answer.headers.get('date')).not.toBeNull();
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  if (findOperation(document, request.method, pathname) !== undefined) {
    expect(await undocumented(document, sent, answer)).toEqual([]);
  }
  await answer.body?.cancel();
}

async function fuzz(
  requests: (vocabulary: Vocabulary) => fc.Arbitrary<ArbitraryRequest>,
  runs: number,
  seed: number,
): Promise<void> {
  for (let done = 0; done < runs; done += RUNS_A_SETTING) {
    const { app, vocabulary } = await newSetting();
    const property = fc.asyncProperty(requests(vocabulary), (request) => check(app, request));
    await fc.assert(property, {
      seed: seed + done,
      numRuns: Math.min(RUNS_A_SETTING, runs - done),
      endOnFailure: true,
    });
  }
}

it(`requests made from the document (FUZZ_SEED=${SEED})`, { timeout: TIMEOUT_MS }, async () => {
  await fuzz((vocabulary) => operationRequest(document, vocabulary), RUNS.operations, SEED);
});

it(`requests to any path (FUZZ_SEED=${SEED})`, { timeout: TIMEOUT_MS }, async () => {
  await fuzz((vocabulary) => strayRequest(paths, vocabulary), RUNS.strays, SEED);
});

it('reached what lies behind the doors', () => {
  const good = [...seen].filter(([status]) => status < 400).reduce((sum, [, count]) => sum + count, 0);
  const all = [...seen.values()].reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify(Object.fromEntries(seen)));
  expect(good / all).toBeGreaterThan(0.1);
});
