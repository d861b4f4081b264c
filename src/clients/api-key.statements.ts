/** Statements that make, roll and revoke API keys, for the batches that also record who did it. */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { isLiveAt, rowOfKey } from '#clients/api-key.store.ts';
import { apiKeysTable } from '#clients/api-key.table.ts';
import type { ApiKey } from '#clients/api-key.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

type OwnedKey = Pick<ApiKey, 'keyId' | 'organisationId'>;

/** That an organisation has fewer live keys than `maximum`. */
function hasRoom(organisationId: string, now: number, maximum: number): SQL {
  return sql`(SELECT count(*) FROM api_keys WHERE organisation_id = ${organisationId}
    AND ${isLiveAt(now)}) < ${maximum}`;
}

/** That there is no key of this id yet, as a form sent twice makes one key, and that the organisation has room for it. */
export function mayMakeKey({ keyId, organisationId }: OwnedKey, now: number, maximum: number): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM api_keys WHERE key_id = ${keyId})
    AND ${hasRoom(organisationId, now, maximum)}`;
}

/** That an organisation's key is neither revoked nor expired. */
export function isLiveKey({ keyId, organisationId }: OwnedKey, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM api_keys WHERE key_id = ${keyId} AND organisation_id = ${organisationId}
    AND ${isLiveAt(now)})`;
}

/**
 * That a live key has no successor yet, so that of two who roll it one does; where both live on, that there is room. Without
 * an overlap the new key takes the old one's place.
 */
export function mayRollKey(key: OwnedKey, now: number, maximum: number | undefined): SQL {
  return sql`${isLiveKey(key, now)}
    AND EXISTS (SELECT 1 FROM api_keys WHERE key_id = ${key.keyId} AND rolled_at IS NULL)
    AND ${maximum === undefined ? sql`1` : hasRoom(key.organisationId, now, maximum)}`;
}

/** Keeps a key by its digest where `condition` holds; one that is kept already stays. */
export function insertKeyStatement(database: Database, key: ApiKey, digest: string, condition: SQL) {
  return insertWhere(database, apiKeysTable, rowOfKey(key, digest), condition).onConflictDoNothing();
}

/** Ends a rolled key when its overlap is over, and not later than it would have ended anyway. */
export function endRolledStatement(
  database: Database,
  { keyId, now, endsAt }: { readonly keyId: string; readonly now: number; readonly endsAt: number },
  condition: SQL,
) {
  return database
    .update(apiKeysTable)
    .set({ rolledAt: now, expiresAt: sql`min(coalesce(expires_at, ${endsAt}), ${endsAt})` })
    .where(and(eq(apiKeysTable.keyId, keyId), isNull(apiKeysTable.rolledAt), condition));
}

export function revokeKeyStatement(database: Database, { keyId }: OwnedKey, now: number, condition: SQL) {
  return database
    .update(apiKeysTable)
    .set({ revokedAt: now })
    .where(and(eq(apiKeysTable.keyId, keyId), isNull(apiKeysTable.revokedAt), condition));
}
