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

/** The status of a refusal at a path: OAuth answers 400 where the API says 403. */
export function statusOf(refusal: Refusal, path: string): ErrorStatus {
  const status = ERRORS[refusal.code].status;
  return status === 403 && isOAuthPath(path) && refusal.code !== 'insufficient_scope' ? 400 : status;
}

function challengeOf(refusal: Refusal, path: string, authorization: string): string | undefined {
  const { code } = refusal;
  const message = refusal.message ?? ERRORS[code].message;
  if (refusal.withoutCredentials === true) return 'Bearer realm="hamster-bank"';
  // RFC 6750 section 3.1: codes it names go into the challenge; a wrong client answers in the scheme it may use.
  if (code === 'invalid_token' || code === 'insufficient_scope') {
    const scope = refusal.scope === undefined ? '' : `, scope="${refusal.scope}"`;
    return `Bearer realm="hamster-bank", error="${code}", error_description="${message.replaceAll('"', "'")}"${scope}`;
  }
  if (ERRORS[code].status !== 401) return undefined;
  // RFC 6749 section 5.2: who tried by the Authorization header is answered in the scheme it used.
  return code === 'invalid_client' && isOAuthPath(path)
    ? `${/^basic(\s|$)/i.test(authorization) ? 'Basic' : 'Bearer'} realm="hamster-bank"`
    : `Bearer realm="hamster-bank", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
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

/** The body of a refusal: `{code, message, request_id, errors?}`, and OAuth's two members on its own paths. */
export function errorBody(refusal: Refusal, path: string, requestId: string): Record<string, unknown> {
  const message = refusal.message ?? ERRORS[refusal.code].message;
  return {
    ...(isOAuthPath(path) ? { error: refusal.code, error_description: message } : {}),
    code: refusal.code,
    message,
    request_id: requestId,
    errors: refusal.errors,
  };
}

/** The answer to a refusal. Its code and reason go into the request's log line. */
export function answerRefusal<E extends AppEnv>(c: Context<E>, refusal: Refusal): Response {
  const { scope } = c.var;
  const path = c.req.path;
  const status = statusOf(refusal, path);
  scope.trace.code = refusal.code;
  scope.trace.reason = refusal.reason;
  const challenge = challengeOf(refusal, path, c.req.header('authorization') ?? '');
  if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
  if (status === 429 || status === 503) c.header('Retry-After', String(refusal.retryAfterSeconds ?? 5));
  return answerJson(c, errorBody(refusal, path, scope.requestId), status);
}
