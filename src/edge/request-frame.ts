/** The frame around every request: its scope, the headers all answers carry, and the one log line it leaves. */
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { answerError } from '#edge/answer-error.ts';
import { answerUnscoped } from '#edge/answers.ts';
import { openDatabase } from '#edge/database.ts';
import type { Isolate } from '#edge/isolate.ts';
import { describeError, type Log } from '#edge/log.ts';
import type { AppEnv, RequestTrace, Scope } from '#edge/scope.ts';
import { checkPlace, isLoopbackHost, parseSettings, type Settings } from '#edge/settings.ts';
import { isUuid, newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';
import { type Clock, toSeconds } from '#kernel/time.ts';

/** A request that was answered. */
export interface Answered {
  /** Method and pattern of the route. */
  readonly route: string;
  readonly status: number;
  /** How long it took. */
  readonly ms: number;
  /** Epoch milliseconds of the answer. */
  readonly endedMs: number;
}

/** Keeps figures of what was answered; never throws, and lets no answer wait. */
export type RecordAnswer = (scope: Scope, answered: Answered) => void;

export interface FrameParts {
  readonly clock: Clock;
  readonly isolate: Isolate;
  readonly log: Log;
  readonly record?: readonly RecordAnswer[] | undefined;
}

/**
 * A year. Without includeSubDomains: what lies below our hosts is not ours to decide here. Source: RFC 6797 section 6.1,
 * decision record 17.
 */
const TRANSPORT_SECURITY = ['Strict-Transport-Security', 'max-age=31536000'] as const;

/** For an https issuer, in answers that go over https: over http the header must not stand (RFC 6797 section 7.2). */
function transportSecurityOf({ settings }: Scope, url: string): readonly (readonly [string, string])[] {
  return settings.issuer.startsWith('https:') && url.startsWith('https:') ? [TRANSPORT_SECURITY] : [];
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

/** The interaction id a request brings, when it is a UUID, else a new one. Source: FAPI 1.0 part 1 section 6.2.1. */
function requestIdOf(request: Request | undefined): string {
  const given = request?.headers.get('x-fapi-interaction-id') ?? '';
  return isUuid(given) ? given : newUuid();
}

/** Builds a scope outside a request too (scheduled work, scripts): then `url` and `address` are absent. */
export function makeScope(
  parts: FrameParts,
  bindings: Env,
  settings: Settings,
  defer: (work: Promise<unknown>) => void,
  request?: Request,
  requestId: string = requestIdOf(request),
): Scope {
  const nowMs = parts.clock.nowMs();
  const trace = { d1: 0, objects: 0 };
  // The platform would log a rejection in its own words, with the values a failed query was bound to.
  const logFailure = (error: unknown): void =>
    parts.log('warn', { event: 'deferred_failed', request_id: requestId, reason: describeError(error) });
  return {
    bindings,
    settings,
    isolate: parts.isolate,
    database: openDatabase(bindings.DB, trace),
    nowMs,
    now: toSeconds(nowMs),
    requestId,
    isLocal:
      settings.issuerIsLoopback && request !== undefined && isLoopbackHost(new URL(request.url).hostname),
    sourceAddress: request?.headers.get('cf-connecting-ip') ?? 'unknown',
    trace,
    log: parts.log,
    defer: (work) => defer(work.catch(logFailure)),
  };
}

/** Whatever goes wrong before there is a scope (a Host that is none, a misconfiguration, a bug) gets a whole answer. */
function openScope(parts: FrameParts, c: Context<AppEnv>, requestId: string): Result<Scope> {
  // workerd passes on a Host header that no URL can hold.
  if (!URL.canParse(c.req.url)) {
    return refuseOpenly('invalid_request', 'The Host header is not valid.');
  }
  try {
    const settings = settingsOf(c.env);
    if (!settings.ok) return settings;
    const place = checkPlace(settings.value, c.req.url);
    if (!place.ok) return place;
    const defer = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    return ok(makeScope(parts, c.env, settings.value, defer, c.req.raw, requestId));
  } catch (error) {
    return refuse('internal_error', describeError(error));
  }
}

/** Sets headers on the answer, copying it where it came with immutable ones (a static asset). */
function setHeaders(c: Context<AppEnv>, headers: readonly (readonly [string, string])[]): void {
  try {
    for (const [name, value] of headers) c.res.headers.set(name, value);
  } catch {
    c.res = new Response(c.res.body, c.res);
    for (const [name, value] of headers) c.res.headers.set(name, value);
  }
}

/** The pattern of the route that took the request, never the path itself: paths hold ids. */
function routeOf(c: Context<AppEnv>): string {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return `${c.req.method} ${route?.path ?? 'unrouted'}`;
}

/**
 * Frames each request: gives it its scope, and every answer `x-fapi-interaction-id`, `Date`, `nosniff` and,
 * of an https issuer, `Strict-Transport-Security`. A
 * misconfigured deployment answers 503 to all, its log naming the setting. Leaves one log line.
 */
export function frameRequest(parts: FrameParts): MiddlewareHandler<AppEnv> {
  return async function requestFrame(c, next) {
    // Hono runs a middleware twice for a path that is literally its pattern: GET /*.
    if ((c.var as Partial<AppEnv['Variables']>).scope !== undefined) return next();
    const startedMs = parts.clock.nowMs();
    const requestId = requestIdOf(c.req.raw);
    const scope = openScope(parts, c, requestId);
    if (!scope.ok) {
      c.res = answerUnscoped(c, scope.refusal, requestId);
    } else {
      c.set('scope', scope.value);
      try {
        await next();
      } catch (thrown) {
        // Hono's onError takes Errors only; a library may throw something else.
        c.res = answerError(thrown, c);
      }
    }
    const endedMs = parts.clock.nowMs();
    setHeaders(c, [
      ['x-fapi-interaction-id', requestId],
      // workerd sends no Date of its own; FAPI clients check it (RFC 9110 section 6.6.1).
      ['Date', new Date(endedMs).toUTCString()],
      ['X-Content-Type-Options', 'nosniff'],
      ...(scope.ok ? transportSecurityOf(scope.value, c.req.url) : []),
    ]);
    const { status } = c.res;
    const trace: RequestTrace = scope.ok ? scope.value.trace : { ...scope.refusal, d1: 0, objects: 0 };
    const { clientId, code, reason, d1, objects } = trace;
    const route = routeOf(c);
    const ms = endedMs - startedMs;
    parts.log(status >= 500 ? 'error' : 'info', {
      event: 'request',
      request_id: requestId,
      route,
      status,
      ms,
      d1,
      objects,
      client_id: clientId,
      code,
      reason,
    });
    if (scope.ok)
      for (const record of parts.record ?? []) record(scope.value, { route, status, ms, endedMs });
  };
}
