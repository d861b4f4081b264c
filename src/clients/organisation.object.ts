/**
 * One organisation: its windows for what API keys open, and the signed registration bodies it has used. Its address is
 * `idFromName(organisationId)`, asked only for an organisation that an API key or a directory's signature proved.
 * Each method is one synchronous transaction.
 */
import { DurableObject } from 'cloudflare:workers';

/** A count that an organisation may reach in one window, which begins with its first counted request. */
export interface WindowUse {
  readonly name: 'sandbox' | 'developer' | 'reset';
  readonly limit: number;
  readonly windowMs: number;
  readonly nowMs: number;
}

export type WindowAnswer =
  | { readonly outcome: 'counted' }
  | { readonly outcome: 'limited' /** Epoch milliseconds. */; readonly endsAtMs: number };

/** A use of something that works once, kept as a digest until nobody would take it anyway. */
export interface OneUse {
  /** Whose memory it takes, a word without a full stop: a full one keeps no other from being used. */
  readonly share: string;
  readonly digest: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly now: number;
  /** The same for each repetition of one call, whose answer may have been lost. */
  readonly attempt: string;
}

/** Signed bodies remembered at once for one share: each lives a day at most, and registering is limited per source. */
const USES_MAXIMUM = 1_000;

export class OrganisationObject extends DurableObject<Env> {
  constructor(state: DurableObjectState, bindings: Env) {
    super(state, bindings);
    this.ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS windows (
        name TEXT PRIMARY KEY,
        started_ms INTEGER NOT NULL,
        count INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS uses (
        digest TEXT PRIMARY KEY,
        expires_at INTEGER NOT NULL,
        attempt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS uses_by_end ON uses (expires_at);
    `);
  }

  /** Counts one request; one over the limit is refused and not counted. */
  count({ name, limit, windowMs, nowMs }: WindowUse): WindowAnswer {
    return this.ctx.storage.transactionSync(() => {
      const { sql } = this.ctx.storage;
      const [row] = sql
        .exec<{ started_ms: number; count: number }>('SELECT * FROM windows WHERE name = ?', name)
        .toArray();
      const runs = row !== undefined && nowMs - row.started_ms < windowMs;
      const startedMs = runs ? row.started_ms : nowMs;
      const used = runs ? row.count : 0;
      if (used >= limit) return { outcome: 'limited', endsAtMs: startedMs + windowMs };
      sql.exec('INSERT OR REPLACE INTO windows VALUES (?, ?, ?)', name, startedMs, used + 1);
      return { outcome: 'counted' };
    });
  }

  /** Uses up what may be used once; a repeated call of the same attempt repeats the answer. */
  useOnce({ share, digest, expiresAt, now, attempt }: OneUse): {
    readonly outcome: 'first' | 'used' | 'full';
  } {
    return this.ctx.storage.transactionSync(() => {
      const { sql } = this.ctx.storage;
      sql.exec('DELETE FROM uses WHERE expires_at < ?', now);
      const [known] = sql
        .exec<{ attempt: string }>('SELECT attempt FROM uses WHERE digest = ?', `${share}.${digest}`)
        .toArray();
      if (known !== undefined) return { outcome: known.attempt === attempt ? 'first' : 'used' };
      // The share's own stretch of the primary key: a slash comes right after a full stop.
      const { held } = sql
        .exec<{ held: number }>(
          'SELECT count(*) AS held FROM uses WHERE digest > ? AND digest < ?',
          `${share}.`,
          `${share}/`,
        )
        .one();
      if (held >= USES_MAXIMUM) return { outcome: 'full' };
      sql.exec('INSERT INTO uses VALUES (?, ?, ?)', `${share}.${digest}`, expiresAt, attempt);
      return { outcome: 'first' };
    });
  }
}
