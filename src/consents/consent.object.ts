/**
 * One consent: the single writer of its state, code and refresh token. D1: one row pushed after each change of the
 * consent itself and, at most hourly, after a use; none on redeeming, refreshing or reading.
 *
 * Each method checks and writes without an await between, so nothing can come between. An object that was never
 * created answers that it is not there and keeps nothing.
 */
import { DurableObject } from 'cloudflare:workers';
import { projectConsent } from '#consents/consent.store.ts';
import { type Consent, consentAt, grantEndOf } from '#consents/consent.ts';
import {
  acknowledgeRecord,
  approveRecord,
  type ConsentRecord,
  dueAtMs,
  endRecord,
  isProjected,
  moveRecord,
  newRecord,
  noteUse,
  PUSH_DEADLINE_MS,
  postponeRecord,
  purgeAtMs,
  reuseRecord,
  settleRecord,
} from '#consents/consent-record.ts';
import { judgeCode, newGrant, refuseGrant, refuseRefresh, spendCode } from '#consents/grant.ts';
import type {
  ApproveRequest,
  ConsentReading,
  ConsentUse,
  CreateRequest,
  DecisionAnswer,
  DenyRequest,
  EndRequest,
  GrantAnswer,
  Granted,
  RedeemRequest,
  RefreshRequest,
  RevokeAnswer,
  RevokeRequest,
} from '#consents/grant-calls.ts';
import { openDatabase } from '#edge/database.ts';
import { openObjectAlarm, setObjectAlarm } from '#edge/object-alarm.ts';
import { withDeadline } from '#edge/outage.ts';
import { digestOf } from '#kernel/encoding.ts';
import { toSeconds } from '#kernel/time.ts';

const KEY = 'consent';

type OwnConsent = Pick<RevokeRequest, 'nowMs' | 'consentId' | 'clientId'>;

export class ConsentObject extends DurableObject<Env> {
  #load(): ConsentRecord | undefined {
    return this.ctx.storage.kv.get<ConsentRecord>(KEY);
  }

  #keep(record: ConsentRecord, nowMs: number): void {
    this.ctx.storage.kv.put(KEY, record);
    setObjectAlarm(this.ctx.storage, nowMs, dueAtMs(record));
  }

  /** The record of this very consent (and client), with what is due noted; undefined where the object has another. */
  #own({ nowMs, consentId, clientId }: OwnConsent): ConsentRecord | undefined {
    const consent = this.#load()?.consent;
    if (consent?.consentId !== consentId) return undefined;
    return clientId === undefined || consent.clientId === clientId ? this.#settled(nowMs) : undefined;
  }

  /** The record with what is due at `nowMs` noted for good. */
  #settled(nowMs: number): ConsentRecord | undefined {
    const record = this.#load();
    if (record === undefined) return undefined;
    const settled = settleRecord(record, nowMs);
    if (settled !== record) this.#keep(settled, nowMs);
    return settled;
  }

  /** Keeps a record whose row in D1 is to follow it. */
  async #change(record: ConsentRecord, nowMs: number): Promise<void> {
    this.#keep(record, nowMs);
    await this.#push(nowMs);
  }

  /** Brings the row in D1 up to date, or leaves it to the alarm; the consent itself is decided already. */
  async #push(nowMs: number): Promise<void> {
    const record = this.#load();
    if (record === undefined || isProjected(record)) return;
    const { version } = record.consent;
    let arrived = true;
    try {
      const push = projectConsent(openDatabase(this.env.DB), record.consent);
      await withDeadline(push, PUSH_DEADLINE_MS, 'D1');
    } catch {
      arrived = false;
    }
    // Others may have changed the record meanwhile.
    const present = this.#load();
    if (present === undefined) return;
    this.#keep(arrived ? acknowledgeRecord(present, version) : postponeRecord(present, nowMs), nowMs);
  }

  /** Creates the consent; again with the same address it answers with what is there. */
  async create(request: CreateRequest): Promise<ConsentReading> {
    const record = this.#load() ?? newRecord(request);
    await this.#change(record, request.nowMs);
    return { consent: record.consent, history: record.history };
  }

  /** The consent as it stands at `nowMs`. Writes nothing. */
  read(nowMs: number): ConsentReading | undefined {
    const record = this.#load();
    if (record === undefined) return undefined;
    const { consent, history } = settleRecord(record, nowMs);
    return { consent, history };
  }

  /** What a call under this consent is judged by. Notes the use, at most once an hour; the alarm tells D1, so that no call waits for it. */
  use(nowMs: number): ConsentUse {
    const record = this.#load();
    if (record === undefined) return { found: false };
    const used = noteUse(record, nowMs);
    if (used !== record) this.#keep(used, nowMs);
    return { found: true, consent: consentAt(used.consent, toSeconds(nowMs)) };
  }

  /** The customer's yes: accounts chosen, one code. The same approval again (same code) is answered again. */
  async approve(request: ApproveRequest): Promise<DecisionAnswer> {
    const { nowMs, binding, codeDigest } = request;
    const record = this.#own({ ...request, clientId: binding.clientId });
    if (record === undefined) return { outcome: 'not_found' };
    if (record.grant?.code?.digest === codeDigest) return { outcome: 'changed', consent: record.consent };
    const approved = approveRecord(record, newGrant(binding, codeDigest, nowMs), request);
    if (approved === undefined) return { outcome: 'not_awaiting' };
    await this.#change(approved, nowMs);
    return { outcome: 'changed', consent: approved.consent };
  }

  /** The customer's no. The same denial again (same attempt) is answered again. */
  async deny(request: DenyRequest): Promise<DecisionAnswer> {
    const { nowMs, attempt, tenantId, customerId, note } = request;
    const record = this.#own(request);
    if (record === undefined) return { outcome: 'not_found' };
    if (record.deniedBy === attempt) return { outcome: 'changed', consent: record.consent };
    const denied = moveRecord(record, 'deny', { by: 'customer', note }, { nowMs });
    if (denied === undefined) return { outcome: 'not_awaiting' };
    const consent = { ...denied.consent, tenantId, customerId };
    await this.#change({ ...denied, deniedBy: attempt, consent }, nowMs);
    return { outcome: 'changed', consent };
  }

  /** Ends the consent, whoever wants it. A payment consent ends in D1 first, and here by `learnEnd`. */
  async revoke(request: RevokeRequest): Promise<RevokeAnswer> {
    const { nowMs, by, note } = request;
    const record = this.#own(request);
    if (record === undefined) return { outcome: 'not_found' };
    if (record.consent.type === 'payment') return { outcome: 'payment', consent: record.consent };
    const revoked = moveRecord(record, 'revoke', { by, note }, { nowMs });
    if (revoked === undefined) return { outcome: 'over', consent: record.consent };
    await this.#change(revoked, nowMs);
    return { outcome: 'ended', consent: revoked.consent };
  }

  /**
   * Takes over the end that D1 has for this payment consent, over whatever stood here: of payment and revocation one
   * happened, and it was decided there. Told again it changes nothing.
   */
  async learnEnd({ nowMs, consentId, end, by, note }: EndRequest): Promise<Consent | undefined> {
    const record = this.#own({ nowMs, consentId, clientId: undefined });
    if (record?.consent.type !== 'payment') return undefined;
    const ended = endRecord(record, end, { by, note }, nowMs);
    await this.#change(ended, nowMs);
    return ended.consent;
  }

  /** Redeems the code; see `judgeCode`. A code presented again ends the consent. */
  async redeem({ refreshDigest, codeVerifier, ...attempt }: RedeemRequest): Promise<GrantAnswer> {
    // Hashed before the record is read: from there on nothing may come between.
    const verifierDigest = codeVerifier === undefined ? undefined : await digestOf(codeVerifier);
    const { nowMs } = attempt;
    const verdict = judgeCode(this.#load()?.grant, { ...attempt, verifierDigest });
    if (verdict.verdict === 'refused') return refuseGrant(verdict);
    const settled = this.#settled(nowMs);
    if (settled?.grant === undefined) {
      return { ok: false, reason: `consent is ${settled?.consent.status ?? 'absent'}` };
    }
    if (verdict.verdict === 'reused') {
      const reused = reuseRecord(settled, nowMs);
      await this.#change(reused, nowMs);
      const { type, consentId } = reused.consent;
      const reason = 'code used before: consent ended';
      return { ok: false, reason, ...(type === 'payment' ? { reusedConsentId: consentId } : {}) };
    }
    if (settled.consent.status !== 'authorized') {
      return { ok: false, reason: `consent is ${settled.consent.status}` };
    }
    const spent = { ...settled, grant: spendCode(settled.grant, attempt.attempt, refreshDigest) };
    if (verdict.verdict === 'good') this.#keep(spent, nowMs);
    return { ok: true, granted: grantedBy(spent) };
  }

  /** Whether a refresh token is good for new access tokens. Writes nothing: it is not rotated. */
  refresh(request: RefreshRequest): GrantAnswer {
    const record = this.#load();
    const reason = refuseRefresh(record?.grant, request);
    if (reason !== undefined || record?.grant === undefined)
      return { ok: false, reason: reason ?? 'no grant' };
    const now = toSeconds(request.nowMs);
    const consent = consentAt(record.consent, now);
    if (now >= (grantEndOf(consent) ?? now)) return { ok: false, reason: `consent is ${consent.status}` };
    return { ok: true, granted: grantedBy({ ...record, grant: record.grant }) };
  }

  /** What became due: the end, a code to forget, a row D1 does not have, itself to forget. Sets itself again while anything is left. */
  override async alarm(): Promise<void> {
    const nowMs = openObjectAlarm(this.ctx.storage);
    const record = this.#settled(nowMs);
    if (record === undefined) return;
    if (nowMs >= (purgeAtMs(record) ?? Number.POSITIVE_INFINITY)) {
      await this.ctx.storage.deleteAll();
      return;
    }
    await this.#change(record, nowMs);
  }
}

function grantedBy({ consent, grant }: ConsentRecord & Required<Pick<ConsentRecord, 'grant'>>): Granted {
  return {
    binding: grant.binding,
    consentId: consent.consentId,
    refreshable: grant.refreshDigest !== undefined,
  };
}
