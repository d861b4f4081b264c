/** What a client's object keeps of it: the tables in its own storage. Times in `_ms` are epoch milliseconds. */
import type { ClientStatus } from '#clients/client.ts';
import { ROW_END_TABLE } from '#clients/row-end.store.ts';

export interface StateRow extends Record<string, SqlStorageValue> {
  readonly version: number;
  readonly status: ClientStatus;
  /** JSON array. */
  readonly scopes: string;
  readonly limit_override: number | null;
  readonly window_started_ms: number;
  readonly window_count: number;
  /** Days since the epoch (UTC) that `consents` counts. */
  readonly consent_day: number;
  readonly consents: number;
  /** The first time it authenticated itself, and the last. */
  readonly authenticated_at_ms: number | null;
  readonly last_authenticated_at_ms: number | null;
  /** Rows in `uses`. */
  readonly use_count: number;
  /** When the purge's alarm is set for, by this object's clock. */
  readonly purge_at_ms: number | null;
}

/** Makes what is not there yet. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS client (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    scopes TEXT NOT NULL,
    limit_override INTEGER,
    window_started_ms INTEGER NOT NULL DEFAULT 0,
    window_count INTEGER NOT NULL DEFAULT 0,
    consent_day INTEGER NOT NULL DEFAULT 0,
    consents INTEGER NOT NULL DEFAULT 0,
    authenticated_at_ms INTEGER,
    use_count INTEGER NOT NULL DEFAULT 0,
    purge_at_ms INTEGER,
    last_authenticated_at_ms INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS uses (
    digest TEXT PRIMARY KEY,
    attempt TEXT,
    forget_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS uses_by_end ON uses (forget_at_ms);
  CREATE TABLE IF NOT EXISTS request_uris (
    id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS request_uris_by_end ON request_uris (expires_at);
  ${ROW_END_TABLE};
`;

/** Makes an object's tables, and adds the column to those of an object that was there before it. */
export function makeTables(sql: SqlStorage): void {
  sql.exec(TABLES);
  const { columns } = sql
    .exec<{ columns: string }>("SELECT sql AS columns FROM sqlite_schema WHERE name = 'client'")
    .one();
  if (columns.includes('last_authenticated_at_ms')) return;
  sql.exec('ALTER TABLE client ADD COLUMN last_authenticated_at_ms INTEGER');
}
