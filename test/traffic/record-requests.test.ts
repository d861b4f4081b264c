/** What becomes of a call on its way into the request log, and what never gets there. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '#app.ts';
import type { RequestEntry, RequestMessage } from '#traffic/request-entry.ts';
import { testApp } from '../support/app.ts';
import { MAIN_ACCOUNT } from '../support/journey.ts';
import { type LinkedTpp, linkTpp } from '../support/linked-tpp.ts';
import { deliver, rowsOf } from '../support/requests.ts';
import { listLog, TEST_NOW_MS } from '../support/scope.ts';

const INTERACTION = '0b2f1f4e-8f5e-4f43-9f39-5f1a1b3c9d10';

/** An isolate that logs calls, and a queue that keeps what it is sent. */
function isolate({ send, bindings = {} }: { send?: () => Promise<unknown>; bindings?: object } = {}) {
  const messages: RequestMessage[] = [];
  const { log, lines } = listLog();
  const app = createApp({ clock: { nowMs: () => TEST_NOW_MS }, log, sendMs: 5 });
  const REQUEST_LOG = {
    send: async (message: RequestMessage) => {
      await send?.();
      messages.push(structuredClone(message));
    },
  };
  const own = { ...env, RATE_LIMIT_PER_MINUTE: '10000', REQUEST_LOG, ...bindings } as unknown as Env;
  async function requests(calls: readonly (readonly [string, RequestInit?])[]): Promise<Response[]> {
    const context = createExecutionContext();
    const answers: Response[] = [];
    for (const [path, init] of calls) {
      answers.push(await app.fetch(new Request(new URL(path, env.ISSUER), init), own, context));
    }
    await waitOnExecutionContext(context);
    return answers;
  }
  return {
    requests,
    messages,
    lines,
    entries: (): readonly RequestEntry[] => messages.flatMap(({ entries }) => entries),
  };
}

let tpp: LinkedTpp;
beforeAll(async () => {
  tpp = await linkTpp(testApp());
});

function tokenCall(parameters: Record<string, string>): RequestInit {
  return { method: 'POST', body: new URLSearchParams(parameters) };
}

describe('a call', () => {
  it('under a consent is noted with its route, not its path, and with a few letters of the token', async () => {
    const own = isolate();
    const [answer] = await own.requests([
      [
        `/open-banking/v1/accounts/${MAIN_ACCOUNT}/transactions?from=2026-01-01&limit=3`,
        { headers: { ...tpp.headers, 'x-fapi-interaction-id': INTERACTION } },
      ],
    ]);
    expect(answer?.status).toBe(200);
    const { jti } = JSON.parse(atob(tpp.accessToken.split('.')[1] ?? '')) as { jti: string };
    expect(own.entries()).toEqual([
      {
        atMs: TEST_NOW_MS,
        route: 'GET /open-banking/v1/accounts/:account_id/transactions',
        status: 200,
        ms: 0,
        requestId: INTERACTION,
        clientId: tpp.clientId,
        organisationId: null,
        credential: `token ${jti.slice(0, 8)}`,
        code: null,
      },
    ]);
  });

  it('that is refused says why', async () => {
    const own = isolate();
    await own.requests([
      ['/open-banking/v1/accounts/acc_none', { headers: tpp.headers }],
      ['/open-banking/v1/accounts', { headers: { authorization: `Bearer ${tpp.accessToken}` } }],
    ]);
    expect(own.entries().map(({ status, code }) => [status, code])).toEqual([
      [404, 'account_not_found'],
      [400, 'missing_consent'],
    ]);
  });

  it('by client assertion, API key and registration token says which', async () => {
    const own = isolate();
    const management = tpp.registrationToken;
    await own.requests([
      ['/oauth/token', tokenCall({ grant_type: 'client_credentials', ...(await tpp.credentials()) })],
      [
        '/sandbox/software-statements',
        {
          method: 'POST',
          headers: { authorization: `Bearer ${tpp.organisation.apiKey}`, 'content-type': 'application/json' },
          body: '{}',
        },
      ],
      [`/register/${tpp.clientId}`, { headers: { authorization: `Bearer ${management}` } }],
    ]);
    const { organisationId, apiKey } = tpp.organisation;
    expect(own.entries().map((entry) => [entry.credential, entry.clientId, entry.organisationId])).toEqual([
      ['client assertion', tpp.clientId, null],
      [`sk_sandbox_...${apiKey.slice(-4)}`, null, organisationId],
      ['registration token', tpp.clientId, null],
    ]);
  });

  it('that proves nobody is not noted, whoever it names', async () => {
    const own = isolate();
    const query = new URLSearchParams({
      client_id: tpp.clientId,
      redirect_uri: tpp.redirectUri,
      response_type: 'code',
      state: 'x',
    });
    await own.requests([
      ['/open-banking/v1/accounts', { headers: { authorization: 'Bearer x' } }],
      [
        '/sandbox/reset',
        { method: 'POST', headers: { authorization: 'Bearer sk_sandbox_0000000000000000' } },
      ],
      ['/oauth/token', tokenCall({ grant_type: 'client_credentials', client_id: tpp.clientId })],
      [`/oauth/authorize?${query.toString()}`],
      [`/register/${tpp.clientId}`, { headers: { authorization: `Bearer reg_token_${'A'.repeat(43)}` } }],
      ['/docs'],
      ['/nowhere'],
    ]);
    expect(own.messages).toEqual([]);
  });
});

describe('an isolate', () => {
  it('sends one message in a pause, and a full one at once', async () => {
    const own = isolate();
    const call = ['/open-banking/v1/accounts', { headers: { authorization: `Bearer ${tpp.accessToken}` } }];
    await own.requests(Array.from({ length: 3 }, () => call as [string, RequestInit]));
    expect(own.messages.map(({ entries }) => entries.length)).toEqual([3]);
    await own.requests(Array.from({ length: 401 }, () => call as [string, RequestInit]));
    expect(own.messages.map(({ entries }) => entries.length).reduce((sum, each) => sum + each)).toBe(404);
    expect(Math.max(...own.messages.map(({ entries }) => entries.length))).toBe(200);
    expect(new Set(own.messages.map(({ id }) => id)).size).toBe(own.messages.length);
    // Below what a message may weigh, and within one billed operation.
    expect(JSON.stringify(own.messages.find(({ entries }) => entries.length === 200)).length).toBeLessThan(
      64_000,
    );
  });

  it('loses the log and no answer where the queue takes nothing, or never answers', {
    timeout: 20_000,
  }, async () => {
    for (const send of [
      async () => Promise.reject(new Error('queue overloaded')),
      async () => scheduler.wait(7_000),
    ]) {
      const own = isolate({ send });
      const [answer] = await own.requests([['/open-banking/v1/accounts', { headers: tpp.headers }]]);
      expect(answer?.status).toBe(200);
      expect(own.lines.map(({ event }) => event)).toEqual(['request', 'request_log_lost']);
    }
  });

  it('writes the rows itself where there is no queue', async () => {
    const own = isolate({ bindings: { REQUEST_LOG: undefined } });
    const before = (await rowsOf('request_log', tpp.organisation.organisationId)).length;
    await own.requests([['/open-banking/v1/accounts', { headers: tpp.headers }]]);
    expect((await rowsOf('request_log', tpp.organisation.organisationId)).length).toBe(before + 1);
  });
});

it('no secret, no id of a path, no value of a query and no body gets into the log', async () => {
  const own = isolate();
  const canary = 'canary-7f3a9';
  const credentials = await tpp.credentials();
  const registrationToken = tpp.registrationToken;
  await own.requests([
    [
      `/open-banking/v1/accounts/${canary}?cursor=${canary}&access=${canary}`,
      { headers: { ...tpp.headers, 'x-canary': canary, 'user-agent': canary } },
    ],
    [`/open-banking/v1/accounts/${MAIN_ACCOUNT}/balances`, { headers: tpp.headers }],
    [
      `/open-banking/v1/consents/${tpp.consentId}`,
      { headers: { authorization: `Bearer ${tpp.ownToken}`, 'x-fapi-interaction-id': canary } },
    ],
    [
      '/oauth/token',
      tokenCall({ grant_type: 'refresh_token', refresh_token: tpp.refreshToken, ...credentials }),
    ],
    [
      '/sandbox/software-statements',
      {
        method: 'POST',
        headers: { authorization: `Bearer ${tpp.organisation.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ software_client_name: canary, software_redirect_uris: [canary] }),
      },
    ],
    [`/register/${tpp.clientId}`, { headers: { authorization: `Bearer ${registrationToken}` } }],
  ]);
  expect(own.entries()).toHaveLength(6);
  await deliver(own.messages);
  const kept = JSON.stringify([
    own.messages,
    await rowsOf('request_log', tpp.organisation.organisationId),
    await rowsOf('usage_hours', tpp.organisation.organisationId),
    own.lines,
  ]);
  for (const secret of [
    canary,
    tpp.accessToken.slice(0, 40),
    tpp.accessToken.slice(-20),
    tpp.ownToken.slice(-20),
    tpp.refreshToken,
    tpp.consentId,
    MAIN_ACCOUNT,
    tpp.organisation.apiKey.slice(0, -4),
    registrationToken,
    credentials['client_assertion']?.slice(-20) ?? 'absent',
  ]) {
    expect(kept).not.toContain(secret);
  }
});
