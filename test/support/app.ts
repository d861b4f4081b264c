/** The app as a test calls it: one fresh isolate with its own clock, log and bindings. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createApp } from '#app.ts';
import type { LogLine } from '#edge/log.ts';
import { NO_SOURCE_LIMIT } from './no-source-limit.ts';
import { TEST_NOW_MS } from './scope.ts';

export interface TestAppParts {
  /** Where the clock begins, epoch milliseconds. */
  readonly nowMs?: number;
  /** The address requests are sent to; the issuer is the configured one. */
  readonly origin?: string;
  /** Bindings that stand in the place of the test environment's own. */
  readonly bindings?: Record<string, unknown>;
}

export interface TestApp {
  /** Sends a request to a path or URL and waits for its deferred work too. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A JSON body (`POST` unless said otherwise). */
  sendJson(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** A form body. */
  sendForm(path: string, parameters: Record<string, string>, init?: RequestInit): Promise<Response>;
  /** Epoch milliseconds; `advance` moves it. */
  nowMs(): number;
  advance(ms: number): void;
  readonly lines: LogLine[];
}

/** A new isolate: empty caches, the same storage. */
export function testApp({
  nowMs = TEST_NOW_MS,
  origin = env.ISSUER,
  bindings = {},
}: TestAppParts = {}): TestApp {
  let currentMs = nowMs;
  const lines: LogLine[] = [];
  const app = createApp({
    clock: { nowMs: () => currentMs },
    log: (_level, line) => void lines.push(line),
  });
  const own = { ...env, ...NO_SOURCE_LIMIT, ...bindings } as unknown as Env;
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const context = createExecutionContext();
    const answer = await app.fetch(new Request(new URL(path, origin), init), own, context);
    await waitOnExecutionContext(context);
    return answer;
  }
  function send(path: string, contentType: string, body: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', contentType);
    return request(path, { method: 'POST', ...init, headers, body });
  }
  return {
    request,
    sendJson: (path, body, init = {}) => send(path, 'application/json', JSON.stringify(body), init),
    sendForm: (path, parameters, init = {}) =>
      send(path, 'application/x-www-form-urlencoded', new URLSearchParams(parameters).toString(), init),
    nowMs: () => currentMs,
    advance: (ms) => {
      currentMs += ms;
    },
    lines,
  };
}
