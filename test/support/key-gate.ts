/** An app with one route behind an API key, for tests of the guard itself. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { type ApiKeyEnv, type KeyNeeds, requireApiKey } from '#clients/require-api-key.guard.ts';
import { frameRequest } from '#edge/request-frame.ts';
import { makeRoutes } from '#edge/routes.ts';
import { NO_SOURCE_LIMIT } from './no-source-limit.ts';
import { listLog, TEST_NOW_MS, testIsolate } from './scope.ts';

export interface Knock {
  readonly needs?: KeyNeeds;
  readonly nowMs?: number;
  /** The address it comes from; none is told unless given. */
  readonly from?: string;
  /** Where it is sent. */
  readonly origin?: string;
}

const ANY: KeyNeeds = { scope: 'any' };

export interface KeyGate {
  /** Sends a request with a key to the route, and waits for what is written after the answer. */
  knock(key: string, how?: Knock): Promise<Response>;
  readonly lines: ReturnType<typeof listLog>['lines'];
}

/** One isolate, whose clock stands where a request says. */
export function keyGate(bindings: Record<string, unknown> = {}): KeyGate {
  const isolate = testIsolate();
  const { log, lines } = listLog();
  return {
    lines,
    async knock(key, { needs = ANY, nowMs = TEST_NOW_MS, from, origin = env.ISSUER } = {}) {
      const app = makeRoutes<ApiKeyEnv>();
      app.use(frameRequest({ clock: { nowMs: () => nowMs }, isolate, log, record: undefined }));
      app.get('/gate', requireApiKey(needs), (c) =>
        c.json({ key: c.var.apiKey, of: c.var.organisation.name }),
      );
      const context = createExecutionContext();
      const headers = new Headers({ authorization: `Bearer ${key}` });
      if (from !== undefined) headers.set('cf-connecting-ip', from);
      const own = { ...env, ...NO_SOURCE_LIMIT, ...bindings } as unknown as Env;
      const answer = await app.fetch(new Request(new URL('/gate', origin), { headers }), own, context);
      await waitOnExecutionContext(context);
      return answer;
    },
  };
}
