/**
 * One client: its status and newest version, its rate window, and what it may use only once. Its address is
 * `idFromName(clientId)`, asked only for a client that proved itself or whose row was just written. Each method is one
 * synchronous transaction: nothing can come between its checks and its writes. D1: none; see row-end.store.ts.
 */
import { DurableObject } from 'cloudflare:workers';
import type {
  Admission,
  AdmissionRequest,
  ClientNews,
  ClientStanding,
  Counted,
  OneTimeUse,
  Replacement,
} from '#clients/admission.ts';
import { makeTables, type StateRow } from '#clients/client-state.store.ts';
import { currentWindow, describeWindow, secondsUntil, type WindowRecord } from '#clients/rate-window.ts';
import {
  endRow,
  expectRowEnd,
  findDueRowEnd,
  forgetRowEnd,
  LAPSE_MS,
  pauseMsAfter,
  postponeRowEnd,
  REPLACED_ROW_MS,
} from '#clients/row-end.store.ts';
import { systemClock } from '#edge/system-clock.ts';
import { DAY_SECONDS, toSeconds } from '#kernel/time.ts';

/**
 * Uses remembered at once, per request a window allows: an assertion lives at most 1,800 s = 30 windows, which touch
 * at most 31 windows begun and the one running. A client at its limit all the time stays below; only tokens that live
 * longer (signed registration bodies) could reach it.
 */
const USES_PER_ALLOWED_REQUEST = 32;
/** The cap does not shrink below production's limit when an operator lowers a client's. */
const LEAST_LIMIT_FOR_USES = 1_000;
/** Kept beyond its end, against clocks that differ between machines. */
const USE_MARGIN_MS = 60_000;
/** The purge runs at most this often, and is set again when its alarm was lost this long ago. */
const PURGE_INTERVAL_MS = 60_000;
const PURGE_LOST_MS = 600_000;
const DAY_MS = DAY_SECONDS * 1000;

function windowOf({ window_started_ms, window_count }: StateRow, nowMs: number): WindowRecord {
  return currentWindow({ startedAtMs: window_started_ms, count: window_count }, nowMs);
}

export class ClientObject extends DurableObject<Env> {
  constructor(state: DurableObjectState, bindings: Env) {
    super(state, bindings);
    makeTables(this.#sql);
  }

  get #sql(): SqlStorage {
    return this.ctx.storage.sql;
  }

  /** Undefined until the object was told of its client. */
  #read(): StateRow | undefined {
    return this.#sql.exec<StateRow>('SELECT * FROM client').toArray()[0];
  }

  /**
   * The one call of a request: status, then the limit (refused requests are not counted), then the count, then the
   * one-time use. A client nobody told this object of is `ended`.
   */
  admit(request: AdmissionRequest): Admission {
    return this.ctx.storage.transactionSync(() => this.#admit(request));
  }

  #admit({ nowMs, attempt, limit, once, authenticated }: AdmissionRequest): Admission {
    const state = this.#read();
    if (state === undefined) return { outcome: 'ended' };
    if (state.status !== 'active') return { outcome: state.status };
    const allowed = state.limit_override ?? limit;
    const { startedAtMs, count } = windowOf(state, nowMs);
    const windowAfter = (counted: number) => describeWindow({ startedAtMs, count: counted }, allowed, nowMs);
    const use = once === undefined ? undefined : this.#useOf(once);
    const isFirstUse = once !== undefined && use === undefined;
    const cap = Math.max(allowed, LEAST_LIMIT_FOR_USES) * USES_PER_ALLOWED_REQUEST;
    if (count >= allowed || (isFirstUse && state.use_count >= cap)) {
      return { outcome: 'limited', window: windowAfter(allowed) };
    }
    // Without an attempt's name no two calls are one: null is kept of such, and is not what comes.
    const replayed = use !== undefined && use.attempt !== attempt;
    const isProven = authenticated === true && !replayed;
    this.#sql.exec(
      `UPDATE client SET window_started_ms = ?1, window_count = ?2,
         authenticated_at_ms = coalesce(authenticated_at_ms, ?3),
         last_authenticated_at_ms = coalesce(?3, last_authenticated_at_ms)`,
      startedAtMs,
      count + 1,
      isProven ? nowMs : null,
    );
    if (isProven && state.authenticated_at_ms === null) forgetRowEnd(this.#sql);
    const window = windowAfter(count + 1);
    if (replayed) return { outcome: 'replayed', window };
    if (isFirstUse) this.#remember(once, attempt, nowMs, state.purge_at_ms);
    return {
      outcome: 'admitted',
      version: state.version,
      scopes: JSON.parse(state.scopes) as string[],
      window,
    };
  }

  #useOf({ digest }: OneTimeUse): { readonly attempt: string | null } | undefined {
    return this.#sql
      .exec<{ attempt: string | null }>('SELECT attempt FROM uses WHERE digest = ?', digest)
      .toArray()[0];
  }

  #remember(once: OneTimeUse, attempt: string | undefined, nowMs: number, purgeAtMs: number | null): void {
    // By this object's own clock, as the purge is: the callers' clocks only say how long the token still lives.
    const ownNowMs = systemClock.nowMs();
    const forgetAtMs = ownNowMs + Math.max(0, once.expiresAt * 1000 - nowMs) + USE_MARGIN_MS;
    this.#sql.exec('INSERT INTO uses VALUES (?, ?, ?)', once.digest, attempt ?? null, forgetAtMs);
    this.#sql.exec('UPDATE client SET use_count = use_count + 1');
    if (purgeAtMs !== null && purgeAtMs >= ownNowMs - PURGE_LOST_MS) return;
    this.#sql.exec('UPDATE client SET purge_at_ms = ?', forgetAtMs);
    this.#setAlarm();
  }

  /** Sets the one alarm for what is due first; commits with the rows. */
  #setAlarm(): void {
    const { at } = this.#sql
      .exec<{ at: number | null }>(
        'SELECT min(at) AS at FROM (SELECT purge_at_ms AS at FROM client UNION ALL SELECT due_at_ms FROM row_end)',
      )
      .one();
    // A failure resets the object, so nobody has to wait for it.
    void (at === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at));
  }

  /** Forgets the uses whose tokens are past, ends what lapsed, and comes again while there is more. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock.nowMs();
    const clientId = this.ctx.storage.transactionSync(() => {
      this.#purge(nowMs);
      const ending = this.#lapse(nowMs);
      this.#setAlarm();
      return ending;
    });
    if (clientId === undefined || !(await endRow(this.env.DB, clientId, nowMs))) return;
    forgetRowEnd(this.#sql);
    this.#setAlarm();
  }

  /** The next is due with the first use that is left; null where none is. */
  #purge(nowMs: number): void {
    this.#sql.exec('DELETE FROM uses WHERE forget_at_ms <= ?', nowMs);
    this.#sql.exec(
      'UPDATE client SET (use_count, purge_at_ms) = (SELECT count(*), max(min(forget_at_ms), ?) FROM uses)',
      nowMs + PURGE_INTERVAL_MS,
    );
  }

  /** The client's row is to be ended after `waitMs`, unless it authenticates itself before. */
  #expectRowEnd(waitMs: number): void {
    expectRowEnd(this.#sql, this.ctx.id, systemClock.nowMs() + waitMs);
    this.#setAlarm();
  }

  /** Ends a client whose time to authenticate itself is over; the id of one whose row is to be ended now. */
  #lapse(nowMs: number): string | undefined {
    const due = findDueRowEnd(this.#sql, nowMs);
    if (due === undefined) return undefined;
    // An ended client would leave its place to a new registration, which no suspended one may have.
    if (this.#read()?.status === 'suspended') {
      postponeRowEnd(this.#sql, nowMs + LAPSE_MS, due.failures);
      return undefined;
    }
    this.#sql.exec("UPDATE client SET status = 'ended'");
    // Should nothing come of this attempt, the next is due after a pause.
    postponeRowEnd(this.#sql, nowMs + pauseMsAfter(due), due.failures + 1);
    return due.client_id;
  }

  /** Takes a change of the record. Older news than the object has is ignored, and an ended client stays ended. */
  tell(news: ClientNews): void {
    this.ctx.storage.transactionSync(() => {
      const isNew = this.#read() === undefined;
      this.#take(news);
      if (news.status === 'ended') forgetRowEnd(this.#sql);
      else if (isNew) this.#expectRowEnd(LAPSE_MS);
    });
  }

  #take({ version, status, scopes }: ClientNews): void {
    this.#sql.exec(
      `INSERT INTO client (one, version, status, scopes) VALUES (1, ?1, ?2, ?3)
       ON CONFLICT (one) DO UPDATE SET
         version = max(version, ?1),
         status = CASE WHEN 'ended' IN (status, ?2) THEN 'ended' WHEN ?1 > version THEN ?2 ELSE status END,
         scopes = iif(?1 > version, ?3, scopes)`,
      version,
      status,
      JSON.stringify(scopes),
    );
  }

  /**
   * Ends the client for a new registration with its software statement, unless it has authenticated itself: who held
   * only the statement cannot displace who holds the keys. A suspended one stays: registering again would lift the
   * suspension. Repeating it repeats the answer.
   */
  replaceUnlessAuthenticated(): Replacement {
    return this.ctx.storage.transactionSync(() => {
      const state = this.#read();
      if (typeof state?.authenticated_at_ms === 'number') return { outcome: 'authenticated' };
      if (state?.status === 'suspended') return { outcome: 'suspended' };
      this.#take({ version: 0, status: 'ended', scopes: [] });
      this.#expectRowEnd(REPLACED_ROW_MS);
      return { outcome: 'replaced' };
    });
  }

  /** Counts one consent created today (UTC). A clock that went back counts on the later day. */
  countConsent(nowMs: number, cap: number): Counted {
    return this.ctx.storage.transactionSync(() => {
      const state = this.#read();
      const day = Math.max(state?.consent_day ?? 0, Math.floor(nowMs / DAY_MS));
      const consents = state?.consent_day === day ? state.consents : 0;
      if (state === undefined || consents >= cap) {
        return { outcome: 'capped', resetSeconds: secondsUntil((day + 1) * DAY_MS, nowMs) };
      }
      this.#sql.exec('UPDATE client SET consent_day = ?, consents = ?', day, consents + 1);
      return { outcome: 'counted' };
    });
  }

  /** Counts a pushed authorization request as live until it expires (epoch seconds); repeated, it counts once. */
  openRequestUri(nowMs: number, id: string, expiresAt: number, cap: number): Counted {
    return this.ctx.storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM request_uris WHERE expires_at <= ?', toSeconds(nowMs));
      const live = this.#sql
        .exec<{ n: number; next: number | null }>(
          'SELECT count(*) AS n, min(expires_at) AS next FROM request_uris WHERE id <> ?',
          id,
        )
        .one();
      if (live.n >= cap) {
        return { outcome: 'capped', resetSeconds: secondsUntil((live.next ?? 0) * 1000, nowMs) };
      }
      this.#sql.exec('INSERT OR REPLACE INTO request_uris (id, expires_at) VALUES (?, ?)', id, expiresAt);
      return { outcome: 'counted' };
    });
  }

  /** An operator's own limit for this client (requests a window), or null for the environment's. False where nobody told of a client. */
  setLimit(limit: number | null): boolean {
    return this.#sql.exec('UPDATE client SET limit_override = ?', limit).rowsWritten > 0;
  }

  /** How the client stands, for an operator; undefined where nobody told of one. */
  standing(nowMs: number): ClientStanding | undefined {
    const state = this.#read();
    if (state === undefined) return undefined;
    const window = windowOf(state, nowMs);
    return {
      status: state.status,
      version: state.version,
      limitOverride: state.limit_override,
      requestsInWindow: window.count,
      windowStartedAtMs: window.startedAtMs,
      consentsToday: state.consent_day === Math.floor(nowMs / DAY_MS) ? state.consents : 0,
      firstAuthenticatedAtMs: state.authenticated_at_ms,
      lastAuthenticatedAtMs: state.last_authenticated_at_ms ?? state.authenticated_at_ms,
    };
  }
}
