/** How refusals become answers: one error form for the whole API, OAuth's members added where OAuth rules. */
import type { Context } from 'hono';
import type { AppEnv } from '#edge/scope.ts';
import { ERRORS, type ErrorStatus } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';

/** Where errors also carry `error` and `error_description` (RFC 6749 section 5.2, RFC 7591 section 3.2.2). */
const OAUTH_PATH = /^\/(oauth|register)(\/|$)/;

export function isOAuthPath(path: string): boolean {
  return OAUTH_PATH.test(path);
}

function messageOf({ code, message }: Refusal): string {
  return message ?? ERRORS[code].message;
}

/** The status of a refusal at a path: OAuth answers 400 where the API says 403. */
export function statusOf(refusal: Refusal, path: string): ErrorStatus {
  const status = ERRORS[refusal.code].status;
  return status === 403 && isOAuthPath(path) && refusal.code !== 'insufficient_scope' ? 400 : status;
}

const REALM = 'realm="hamster-bank"';

/** RFC 6750 section 3.1: what a token lacks goes into the challenge, and whoever needs one is told so. */
function challengeOf(refusal: Refusal, path: string, authorization: string): string | undefined {
  const { code, scope } = refusal;
  if (refusal.withoutCredentials === true) return `Bearer ${REALM}`;
  if (ERRORS[code].status !== 401 && code !== 'insufficient_scope') return undefined;
  // RFC 6749 section 5.2: who tried by the Authorization header is answered in the scheme it used.
  if (code === 'invalid_client' && isOAuthPath(path)) {
    return `${/^basic(\s|$)/i.test(authorization) ? 'Basic' : 'Bearer'} ${REALM}`;
  }
  const error = code === 'insufficient_scope' ? code : 'invalid_token';
  const message = messageOf(refusal).replaceAll('"', "'");
  const wanted = scope === undefined ? '' : `, scope="${scope}"`;
  return `Bearer ${REALM}, error="${error}", error_description="${message}"${wanted}`;
}

/** JSON with the headers each answer of the API carries (interface section 7). */
export function answerJson<E extends AppEnv>(
  c: Context<E>,
  body: unknown,
  status: 200 | 201 | ErrorStatus,
): Response {
  return answerJsonText(c, JSON.stringify(body), status);
}

/** The same for JSON that is text already: an answer that was kept is given again byte by byte. */
export function answerJsonText<E extends AppEnv>(
  c: Context<E>,
  text: string,
  status: 200 | 201 | ErrorStatus,
): Response {
  c.header('Cache-Control', 'no-store');
  c.header('Content-Type', 'application/json; charset=utf-8');
  return c.body(text, status);
}

/** `{code, message, request_id, errors?}`, and OAuth's two members on its own paths. */
function errorBody(refusal: Refusal, path: string, requestId: string): Record<string, unknown> {
  const message = messageOf(refusal);
  return {
    ...(isOAuthPath(path) ? { error: refusal.code, error_description: message } : {}),
    code: refusal.code,
    message,
    request_id: requestId,
    errors: refusal.errors,
  };
}

/** The answer to a refusal of a request that may have no scope. */
export function answerUnscoped<E extends AppEnv>(
  c: Context<E>,
  refusal: Refusal,
  requestId: string,
): Response {
  const path = c.req.path;
  const status = statusOf(refusal, path);
  const challenge = challengeOf(refusal, path, c.req.header('authorization') ?? '');
  if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
  if (status === 429 || status === 503) c.header('Retry-After', String(refusal.retryAfterSeconds ?? 5));
  return answerJson(c, errorBody(refusal, path, requestId), status);
}

/** The answer to a refusal. Its code and reason go into the request's log line. */
export function answerRefusal<E extends AppEnv>(c: Context<E>, refusal: Refusal): Response {
  const { trace, requestId } = c.var.scope;
  trace.code = refusal.code;
  trace.reason = refusal.reason;
  return answerUnscoped(c, refusal, requestId);
}
