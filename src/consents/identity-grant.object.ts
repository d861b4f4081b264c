/**
 * One identity-only grant: who the customer is, nothing of the bank. The single writer of its code and refresh token.
 * D1: none. Each method checks and writes without an await between; an ended grant leaves nothing behind.
 */
import { DurableObject } from 'cloudflare:workers';
import { IDENTITY_GRANT_SECONDS } from '#consents/consent.ts';
import {
  codePurgeAtMs,
  type Grant,
  judgeCode,
  newGrant,
  refuseGrant,
  refuseRefresh,
  spendCode,
  withoutExpiredCode,
} from '#consents/grant.ts';
import type {
  GrantAnswer,
  Granted,
  IdentityGrantRequest,
  RedeemRequest,
  RefreshRequest,
} from '#consents/grant-calls.ts';
import { openObjectAlarm, setObjectAlarm } from '#edge/object-alarm.ts';
import { digestOf } from '#kernel/encoding.ts';
import { toSeconds } from '#kernel/time.ts';

interface IdentityGrantRecord {
  readonly tenantId: string;
  readonly customerId: string;
  readonly grant: Grant;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const KEY = 'identity';

export class IdentityGrantObject extends DurableObject<Env> {
  /** The grant, unless it is over at `nowMs`. */
  #load(nowMs: number): IdentityGrantRecord | undefined {
    const record = this.ctx.storage.kv.get<IdentityGrantRecord>(KEY);
    return record !== undefined && toSeconds(nowMs) < record.expiresAt ? record : undefined;
  }

  #keep(record: IdentityGrantRecord, nowMs: number): void {
    this.ctx.storage.kv.put(KEY, record);
    const dueMs = Math.min(record.expiresAt * 1000, codePurgeAtMs(record.grant) ?? Number.POSITIVE_INFINITY);
    setObjectAlarm(this.ctx.storage, nowMs, dueMs);
  }

  #end(nowMs: number): void {
    this.ctx.storage.kv.delete(KEY);
    setObjectAlarm(this.ctx.storage, nowMs, undefined);
  }

  #granted({ grant, tenantId, customerId, expiresAt }: IdentityGrantRecord): Granted {
    return {
      binding: grant.binding,
      holder: { tenantId, customerId, givenAt: expiresAt - IDENTITY_GRANT_SECONDS, expiresAt },
      identityGrantId: this.ctx.id.toString(),
      refreshable: grant.refreshDigest !== undefined,
    };
  }

  /** Opens the grant with its one code; again at the same address it changes nothing. */
  open({ nowMs, tenantId, customerId, binding, codeDigest }: IdentityGrantRequest): void {
    if (this.ctx.storage.kv.get(KEY) !== undefined) return;
    const expiresAt = toSeconds(nowMs) + IDENTITY_GRANT_SECONDS;
    this.#keep({ tenantId, customerId, grant: newGrant(binding, codeDigest, nowMs), expiresAt }, nowMs);
  }

  /** Redeems the code; see `judgeCode`. A code presented again ends the grant. Only offline_access brings a refresh token. */
  async redeem({ refreshDigest, codeVerifier, ...attempt }: RedeemRequest): Promise<GrantAnswer> {
    // Hashed before the record is read: from there on nothing may come between.
    const verifierDigest = codeVerifier === undefined ? undefined : await digestOf(codeVerifier);
    const { nowMs } = attempt;
    const record = this.#load(nowMs);
    const verdict = judgeCode(record?.grant, { ...attempt, verifierDigest });
    if (verdict.verdict === 'refused') return refuseGrant(verdict);
    if (record === undefined) return { ok: false, reason: 'no such grant' };
    if (verdict.verdict === 'reused') {
      this.#end(nowMs);
      return { ok: false, reason: 'code used before: grant ended' };
    }
    const isOffline = record.grant.binding.scopes.includes('offline_access');
    const grant = spendCode(record.grant, attempt.attempt, isOffline ? refreshDigest : undefined);
    const spent = { ...record, grant };
    if (verdict.verdict === 'good') this.#keep(spent, nowMs);
    return { ok: true, granted: this.#granted(spent) };
  }

  /** Whether a refresh token is good for new access tokens. Writes nothing: it is not rotated. */
  refresh(request: RefreshRequest): GrantAnswer {
    const record = this.#load(request.nowMs);
    const reason = refuseRefresh(record?.grant, request);
    if (reason !== undefined || record === undefined) return { ok: false, reason: reason ?? 'no grant' };
    return { ok: true, granted: this.#granted(record) };
  }

  /** Forgets the grant at its end, or at once when its code expired unspent: nothing can come of it any more. */
  override alarm(): void {
    const nowMs = openObjectAlarm(this.ctx.storage);
    const record = this.#load(nowMs);
    const grant = record === undefined ? undefined : withoutExpiredCode(record.grant, nowMs);
    if (record === undefined || grant?.code === undefined) this.#end(nowMs);
    else this.#keep({ ...record, grant }, nowMs);
  }
}
