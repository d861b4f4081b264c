/** API keys read from D1, each with its organisation. */
import { eq } from 'drizzle-orm';
import { apiKeysTable } from '#clients/api-key.table.ts';
import { organisationOf } from '#clients/organisation.store.ts';
import { organisationsTable } from '#clients/organisation.table.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Database } from '#edge/database.ts';

export interface KnownKey {
  readonly environment: string;
  /** Epoch seconds; null where the key does not expire or is not revoked. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly organisation: Organisation;
}

export async function readApiKey(database: Database, digest: string): Promise<KnownKey | undefined> {
  const [row] = await database
    .select({
      environment: apiKeysTable.environment,
      expiresAt: apiKeysTable.expiresAt,
      revokedAt: apiKeysTable.revokedAt,
      organisation: organisationsTable,
    })
    .from(apiKeysTable)
    .innerJoin(organisationsTable, eq(organisationsTable.organisationId, apiKeysTable.organisationId))
    .where(eq(apiKeysTable.digest, digest));
  return row === undefined ? undefined : { ...row, organisation: organisationOf(row.organisation) };
}
