/** API keys read from D1, and the one place that knows how a key lies in its row. */
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { apiKeysTable } from '#clients/api-key.table.ts';
import type { ApiKey, KeyScope } from '#clients/api-key.ts';
import { organisationOf } from '#clients/organisation.store.ts';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';
import type { Environment } from '#edge/settings.ts';
import { equalInConstantTime } from '#kernel/encoding.ts';

type ApiKeyRow = typeof apiKeysTable.$inferSelect;

export interface KnownKey {
  readonly apiKey: ApiKey;
  readonly organisation: Organisation;
}

function wordsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}

function apiKeyOf({ digest: _digest, scopes, allowedIps, environment, ...row }: ApiKeyRow): ApiKey {
  return {
    ...row,
    environment: environment as Environment,
    scopes: wordsOf(scopes) as readonly KeyScope[],
    allowedIps: wordsOf(allowedIps),
  };
}

/** The row of a key. */
export function rowOfKey(
  { scopes, allowedIps, ...apiKey }: ApiKey,
  digest: string,
): typeof apiKeysTable.$inferInsert {
  return { ...apiKey, digest, scopes: scopes.join(' '), allowedIps: allowedIps.join(' ') };
}

/**
 * The key of a digest. Where there is no such key the next one is read in its place, with its organisation, so that the time
 * tells nothing.
 */
export async function readApiKey(database: Database, digest: string): Promise<KnownKey | undefined> {
  const nearest = sql`coalesce((SELECT min(digest) FROM api_keys WHERE digest >= ${digest}),
    (SELECT min(digest) FROM api_keys))`;
  const [row] = await database
    .select({ apiKey: apiKeysTable, organisation: organisationsTable })
    .from(apiKeysTable)
    .innerJoin(organisationsTable, eq(organisationsTable.organisationId, apiKeysTable.organisationId))
    .where(eq(apiKeysTable.digest, nearest));
  if (row === undefined) return undefined;
  const known = { apiKey: apiKeyOf(row.apiKey), organisation: organisationOf(row.organisation) };
  return equalInConstantTime(row.apiKey.digest, digest) ? known : undefined;
}

/** Notes a use, unless one was noted after `before`. */
export async function touchApiKey(
  database: Database,
  { keyId, now, before }: { readonly keyId: string; readonly now: number; readonly before: number },
): Promise<void> {
  await database
    .update(apiKeysTable)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeysTable.keyId, keyId), sql`coalesce(last_used_at, 0) < ${before}`));
}

/** That a key is neither revoked nor expired, as a condition on its table. */
export function isLiveAt(now: number): SQL {
  return sql`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})`;
}

/** Ended keys a list shows, the newest. */
const ENDED_MAXIMUM = 50;

/** The keys of an organisation that live, and the newest that ended; the newest first in each. One batch. */
export async function readApiKeys(
  database: Database,
  organisationId: string,
  now: number,
): Promise<readonly ApiKey[]> {
  const keysThat = (state: SQL) =>
    database
      .select()
      .from(apiKeysTable)
      .where(and(eq(apiKeysTable.organisationId, organisationId), state))
      .orderBy(desc(apiKeysTable.createdAt));
  const [live, ended] = await database.batch([
    keysThat(isLiveAt(now)),
    keysThat(sql`NOT (${isLiveAt(now)})`).limit(ENDED_MAXIMUM),
  ]);
  return [...live, ...ended].map(apiKeyOf);
}

/** One key of an organisation, in any state. */
export async function readKeyOfOrganisation(
  database: Database,
  { organisationId, keyId }: Pick<ApiKey, 'organisationId' | 'keyId'>,
): Promise<ApiKey | undefined> {
  const [row] = await database
    .select()
    .from(apiKeysTable)
    .where(and(eq(apiKeysTable.keyId, keyId), eq(apiKeysTable.organisationId, organisationId)));
  return row === undefined ? undefined : apiKeyOf(row);
}
