/** What a consent's object keeps, and each change of it as a pure step from record to record. */
import {
  type Consent,
  type ConsentEvent,
  consentAt,
  ENDED_CONSENT_KEPT_SECONDS,
  expiryOf,
  grantEndOf,
  type HistoryEntry,
  isFinal,
  isUseNews,
  nextStatus,
} from '#consents/consent.ts';
import { type ConsentEnd, endedAs } from '#consents/consent-end.ts';
import { codePurgeAtMs, type Grant, withoutExpiredCode, withoutRefreshToken } from '#consents/grant.ts';
import type { ApproveRequest, CreateRequest } from '#consents/grant-calls.ts';
import { toSeconds } from '#kernel/time.ts';

/** How far the D1 row follows the consent. */
export interface Projection {
  /** The version that D1 has acknowledged; 0 before the first. */
  readonly acknowledged: number;
  /** Pushes that failed since then. */
  readonly failures: number;
  /** Epoch milliseconds of the next push while a version is not acknowledged. */
  readonly retryAtMs: number;
}

export interface ConsentRecord {
  readonly consent: Consent;
  readonly history: readonly HistoryEntry[];
  /** Code and refresh token; absent before approval and once nothing can come of them any more. */
  readonly grant?: Grant;
  /** The attempt that rejected it. */
  readonly deniedBy?: string;
  readonly projection: Projection;
}

/** The push right after a change waits this long; then the alarm takes over. */
export const PUSH_DEADLINE_MS = 1_000;
/** First pause between pushes, doubling with each failure up to the longest. */
const RETRY_FIRST_MS = 5_000;
const RETRY_LONGEST_MS = 3_600_000;

/** Who did something, and why where that is worth keeping. */
export interface Doer {
  readonly by: HistoryEntry['by'];
  readonly note?: string | undefined;
}

/** A version D1 does not have yet: the alarm pushes it, should the push right after the change not arrive. */
function unpushed(acknowledged: number, nowMs: number): Projection {
  return { acknowledged, failures: 0, retryAtMs: nowMs + RETRY_FIRST_MS };
}

export function newRecord({ nowMs, request, ...whose }: CreateRequest): ConsentRecord {
  const now = toSeconds(nowMs);
  return {
    consent: {
      ...whose,
      type: request.type,
      request,
      status: 'awaiting_authorization',
      createdAt: now,
      statusUpdatedAt: now,
      accountIds: [],
      version: 1,
    },
    history: [{ at: now, event: 'created', by: 'tpp' }],
    projection: unpushed(0, nowMs),
  };
}

/**
 * The record after an event, or undefined where its state does not know the event. `at` dates the change, in epoch
 * seconds; an ended consent keeps no secrets.
 */
export function moveRecord(
  record: ConsentRecord,
  event: ConsentEvent,
  doer: Doer,
  { nowMs, at = toSeconds(nowMs) }: { readonly nowMs: number; readonly at?: number },
): ConsentRecord | undefined {
  const status = nextStatus(record.consent.type, record.consent.status, event);
  if (status === undefined) return undefined;
  const consent = { ...record.consent, status, statusUpdatedAt: at };
  return changeRecord(record, consent, { at, event: status, ...doer }, nowMs);
}

/** The record with its consent in another state: a version D1 has yet to learn, without secrets that open nothing now. */
function changeRecord(
  { grant, ...record }: ConsentRecord,
  consent: Consent,
  entry: HistoryEntry,
  nowMs: number,
): ConsentRecord {
  return {
    ...record,
    consent: {
      ...consent,
      version: record.consent.version + 1,
      ...(entry.event === 'revoked' ? { revokedBy: entry.by } : {}),
    },
    history: [...record.history, entry],
    ...(grant === undefined || grantEndOf(consent) === undefined ? {} : { grant }),
    projection: unpushed(record.projection.acknowledged, nowMs),
  };
}

/**
 * The record after its end in D1 became known, whatever it held until then: D1's row is right. The same record where it
 * says so already.
 */
export function endRecord(record: ConsentRecord, end: ConsentEnd, doer: Doer, nowMs: number): ConsentRecord {
  const consent = endedAs(record.consent, end);
  if (consent === record.consent) return record;
  // Of two outcomes D1 knows one: what an object took for the other is forgotten.
  const { revokedBy: _former, ...unrevoked } = consent;
  return changeRecord(record, unrevoked, { at: end.at, event: end.outcome, ...doer }, nowMs);
}

/** The record after approval: whose accounts, which of them, and the code that leads to them. */
export function approveRecord(
  record: ConsentRecord,
  grant: Grant,
  { nowMs, tenantId, customerId, accountIds, note }: ApproveRequest,
): ConsentRecord | undefined {
  const moved = moveRecord(record, 'approve', { by: 'customer', note }, { nowMs });
  if (moved === undefined) return undefined;
  return { ...moved, consent: { ...moved.consent, tenantId, customerId, accountIds }, grant };
}

/** The record with a use noted, a version D1 has yet to learn; the same record where the use is no news. */
export function noteUse(record: ConsentRecord, nowMs: number): ConsentRecord {
  const { consent, projection } = record;
  const now = toSeconds(nowMs);
  if (!isUseNews(consentAt(consent, now), now)) return record;
  return {
    ...record,
    consent: { ...consent, lastUsedAt: now, version: consent.version + 1 },
    projection: unpushed(projection.acknowledged, nowMs),
  };
}

/** Why the bank ended a consent whose code came twice. */
export const CODE_REUSED = { by: 'bank', note: 'authorization code used twice' } as const satisfies Doer;

/**
 * The record after its code was presented again: the grant may be in two hands, so the bank ends it. A payment's is left
 * without its refresh token, for D1 to decide whether it ends by this or by the payment. RFC 9700 section 4.5.
 */
export function reuseRecord(record: ConsentRecord, nowMs: number): ConsentRecord {
  // A consumed payment keeps its code for a day: whoever presents it again and again is noted once.
  if (record.history.some(({ event }) => event === 'code_reused')) return record;
  const noted = {
    ...record,
    history: [...record.history, { at: toSeconds(nowMs), event: 'code_reused', by: 'tpp' } as const],
  };
  if (noted.consent.type === 'payment') {
    return noted.grant === undefined ? noted : { ...noted, grant: withoutRefreshToken(noted.grant) };
  }
  return moveRecord(noted, 'revoke', CODE_REUSED, { nowMs }) ?? noted;
}

/** The record with what time alone did to it: its end, and secrets forgotten that open nothing any more. */
export function settleRecord(record: ConsentRecord, nowMs: number): ConsentRecord {
  const { status, statusUpdatedAt } = consentAt(record.consent, toSeconds(nowMs));
  if (status !== record.consent.status) {
    const expired = moveRecord(record, 'expire', { by: 'bank' }, { nowMs, at: statusUpdatedAt });
    return expired ?? record;
  }
  if (record.grant === undefined) return record;
  const grantEnd = grantEndOf(record.consent);
  if (grantEnd !== undefined && toSeconds(nowMs) >= grantEnd) {
    const { grant: _over, ...rest } = record;
    return rest;
  }
  const grant = withoutExpiredCode(record.grant, nowMs);
  return grant === record.grant ? record : { ...record, grant };
}

export function isProjected({ consent, projection }: ConsentRecord): boolean {
  return projection.acknowledged >= consent.version;
}

/** The record after D1 took a version of it. */
export function acknowledgeRecord(record: ConsentRecord, version: number): ConsentRecord {
  const acknowledged = Math.max(record.projection.acknowledged, version);
  return { ...record, projection: { ...record.projection, acknowledged, failures: 0 } };
}

/** The record after D1 did not answer. */
export function postponeRecord(record: ConsentRecord, nowMs: number): ConsentRecord {
  const { acknowledged, failures } = record.projection;
  const pauseMs = Math.min(RETRY_FIRST_MS * 2 ** Math.min(failures, 20), RETRY_LONGEST_MS);
  return { ...record, projection: { acknowledged, failures: failures + 1, retryAtMs: nowMs + pauseMs } };
}

/**
 * Epoch milliseconds at which the object forgets a consent that is over; undefined while it is not, or while D1 lacks its
 * end: from then on the row alone answers.
 */
export function purgeAtMs(record: ConsentRecord): number | undefined {
  const { status, statusUpdatedAt } = record.consent;
  if (!isFinal(status) || !isProjected(record)) return undefined;
  return (statusUpdatedAt + ENDED_CONSENT_KEPT_SECONDS) * 1000;
}

/** Epoch milliseconds at which something is due by itself, the earliest; undefined when nothing ever will be. */
export function dueAtMs(record: ConsentRecord): number | undefined {
  const { consent, grant } = record;
  const expiresAt = expiryOf(consent) ?? (grant === undefined ? undefined : grantEndOf(consent));
  const dues = [
    expiresAt === undefined ? undefined : expiresAt * 1000,
    codePurgeAtMs(grant),
    isProjected(record) ? undefined : record.projection.retryAtMs,
    purgeAtMs(record),
  ].filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}
