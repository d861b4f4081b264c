/**
 * Idempotency keys of payments: how one is read from a request, and what an earlier request with it means for this one.
 * Times are epoch seconds. Source: draft-ietf-httpapi-idempotency-key-header, interface section 6.
 */
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

/** How long a key stands for the payment it made. */
export const KEY_LIFETIME_SECONDS = DAY_SECONDS;
/** What a key belongs to, beside its client. */
export const PAYMENTS_ROUTE = 'POST /open-banking/v1/payments';

const KEY_FIELD = 'Idempotency-Key';
const KEY_MAXIMUM = 40;
const PRINTABLE = /^[\x20-\x7e]+$/;

function refuseKey(code: 'required' | 'invalid', message: string) {
  return refuseOpenly('invalid_request', `The header ${KEY_FIELD} ${message}.`, {
    errors: [{ field: KEY_FIELD, code, message }],
  });
}

/**
 * The key of a request from its two headers, `Idempotency-Key` and `x-idempotency-key`. Refuses with `invalid_request`
 * when there is none, when they differ, or when it is not of 1 to 40 printable characters.
 */
export function parseIdempotencyKey(
  standard: string | undefined,
  prefixed: string | undefined,
): Result<string> {
  const [one, other] = [standard?.trim(), prefixed?.trim()];
  const key = one ?? other;
  if (key === undefined || key === '') return refuseKey('required', 'is required');
  if (one !== undefined && other !== undefined && one !== other) {
    return refuseKey('invalid', 'and x-idempotency-key differ');
  }
  if (key.length > KEY_MAXIMUM || !PRINTABLE.test(key)) {
    return refuseKey('invalid', `takes 1 to ${KEY_MAXIMUM} printable ASCII characters`);
  }
  return ok(key);
}

/** What a key was used for. */
export interface KeptKey {
  readonly consentId: string;
  readonly bodyDigest: string;
  readonly paymentId: string;
  /** The body of the 201, JSON. */
  readonly answer: string;
  readonly createdAt: number;
}

/** What a request asks for under its key; a body that is no payment the bank could make has no digest. */
export interface KeyedRequest {
  readonly consentId: string;
  readonly bodyDigest: string | undefined;
}

/** `over`: a row whose 24 hours have passed, which a new one replaces. */
export type KeyVerdict = 'new' | 'over' | 'replay' | 'reused';

export function judgeKey(kept: KeptKey | undefined, asked: KeyedRequest, now: number): KeyVerdict {
  if (kept === undefined) return 'new';
  if (kept.createdAt <= now - KEY_LIFETIME_SECONDS) return 'over';
  return kept.consentId === asked.consentId && kept.bodyDigest === asked.bodyDigest ? 'replay' : 'reused';
}
