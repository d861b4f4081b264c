/** A Result is a value or a refusal: expected refusals are values, exceptions are bugs or outages. */
import type { ErrorCode } from '#kernel/errors.ts';

/** What was wrong with one member of a request, in the names of the wire (`payment.creditor.name`). */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Why something was not done. `code` goes on the wire; `reason` only into the log. `message`, where given, replaces
 * the registry's text on the wire: printable ASCII, nothing secret, nothing echoed from the request.
 */
export interface Refusal {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly message?: string;
  readonly errors?: readonly FieldError[];
  /** Whole seconds until a retry may succeed (rate_limit_exceeded, service_unavailable). */
  readonly retryAfterSeconds?: number;
  /** No credentials were sent at all: the challenge then names no error (RFC 6750 section 3.1). */
  readonly withoutCredentials?: true;
  /** The scope that would have been enough (insufficient_scope), for the challenge of RFC 6750 section 3. */
  readonly scope?: string;
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Refused<R = Refusal> {
  readonly ok: false;
  readonly refusal: R;
}

export type Result<T, R = Refusal> = Success<T> | Refused<R>;

export function ok<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function refuse(
  code: ErrorCode,
  reason: string,
  more: Omit<Refusal, 'code' | 'reason'> = {},
): Refused {
  return { ok: false, refusal: { code, reason, ...more } };
}

/** A refusal whose reason may be told to whoever asked: one text for the log and the wire. */
export function refuseOpenly(
  code: ErrorCode,
  message: string,
  more: Omit<Refusal, 'code' | 'reason' | 'message'> = {},
): Refused {
  return refuse(code, message, { message, ...more });
}
