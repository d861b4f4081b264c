/** The last catch: exceptions are outages (503) or bugs (500), and tell the caller nothing but the request id. */
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { answerRefusal } from '#edge/answers.ts';
import { describeError } from '#edge/log.ts';
import { isOutage } from '#edge/outage.ts';
import type { AppEnv } from '#edge/scope.ts';
import type { ErrorCode } from '#kernel/errors.ts';
import { refuse } from '#kernel/result.ts';

/** Seconds after which a part that did not answer is usually back: an object restarts, D1 fails over. */
const OUTAGE_RETRY_SECONDS = 5;

/** What libraries of ours refuse by throwing, in our own words: their text may echo the request. */
const LIBRARY_REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Answers an exception; the reason goes into the request's log line, without the values it was thrown over. */
export function answerError(error: unknown, c: Context<AppEnv>): Response {
  const reason = describeError(error);
  if (isOutage(error)) {
    const retryAfterSeconds = OUTAGE_RETRY_SECONDS;
    return answerRefusal(c, refuse('service_unavailable', reason, { retryAfterSeconds }).refusal);
  }
  if (error instanceof HTTPException) {
    const code = LIBRARY_REFUSALS[error.status];
    if (code !== undefined)
      return answerRefusal(c, refuse(code, `thrown by a library: ${error.status}`).refusal);
  }
  return answerRefusal(c, refuse('internal_error', reason).refusal);
}
