/** The frame around every request: its scope, the headers all answers carry, and the last catch for bugs and outages. */
import type { MiddlewareHandler } from 'hono';
import { openDatabase } from '#edge/database.ts';
import type { Isolate } from '#edge/isolate.ts';
import type { Log } from '#edge/log.ts';
import type { AppEnv, Scope } from '#edge/scope.ts';
import { isLoopbackHost, parseSettings, type Settings } from '#edge/settings.ts';
import { isUuid, newUuid } from '#kernel/ids.ts';
import type { Result } from '#kernel/result.ts';
import { type Clock, toSeconds } from '#kernel/time.ts';

export interface FrameParts {
  readonly clock: Clock;
  readonly isolate: Isolate;
  readonly log: Log;
}

const parsedSettings = new WeakMap<object, Result<Settings>>();

/** The settings of an environment's bindings, parsed once. */
export function settingsOf(bindings: Env): Result<Settings> {
  const found = parsedSettings.get(bindings);
  if (found !== undefined) return found;
  const parsed = parseSettings(bindings as unknown as Record<string, unknown>);
  parsedSettings.set(bindings, parsed);
  return parsed;
}

/** Builds a scope outside a request too (scheduled work, scripts): then `url` and `address` are absent. */
export function makeScope(
  parts: FrameParts,
  bindings: Env,
  settings: Settings,
  defer: (work: Promise<unknown>) => void,
  request?: Request,
): Scope {
  const nowMs = parts.clock.nowMs();
  const given = request?.headers.get('x-fapi-interaction-id') ?? '';
  const host = request === undefined ? '' : new URL(request.url).hostname;
  return {
    bindings,
    settings,
    isolate: parts.isolate,
    database: openDatabase(bindings.DB),
    nowMs,
    now: toSeconds(nowMs),
    requestId: isUuid(given) ? given : newUuid(),
    isLocal: settings.issuerIsLoopback && isLoopbackHost(host),
    sourceAddress: request?.headers.get('cf-connecting-ip') ?? 'unknown',
    log: parts.log,
    defer,
  };
}

function unconfigured(parts: FrameParts, reason: string): Response {
  const requestId = newUuid();
  parts.log('error', { event: 'misconfigured', request_id: requestId, status: 503, reason });
  const body = {
    code: 'service_unavailable',
    message: 'The service cannot answer right now.',
    request_id: requestId,
  };
  return Response.json(body, {
    status: 503,
    headers: { 'Retry-After': '60', 'Cache-Control': 'no-store', 'x-fapi-interaction-id': requestId },
  });
}

/**
 * Frames each request. A misconfigured deployment answers 503 to all, its log naming the setting. Times the request
 * and logs one line for it.
 */
export function frameRequest(parts: FrameParts): MiddlewareHandler<AppEnv> {
  return async function requestFrame(c, next) {
    const settings = settingsOf(c.env);
    if (!settings.ok) {
      c.res = unconfigured(parts, settings.refusal.reason);
    } else {
      const scope = makeScope(
        parts,
        c.env,
        settings.value,
        (work) => c.executionCtx.waitUntil(work),
        c.req.raw,
      );
      c.set('scope', scope);
      await next();
      c.header('x-fapi-interaction-id', scope.requestId);
    }
    // workerd sends no Date of its own; FAPI clients check it (RFC 9110 section 6.6.1).
    c.header('Date', new Date(parts.clock.nowMs()).toUTCString());
    c.header('X-Content-Type-Options', 'nosniff');
  };
}
