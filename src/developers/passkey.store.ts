/** Passkeys in D1, and the challenges that were used: each write is one statement that holds its own condition. */
import { and, asc, eq, sql } from 'drizzle-orm';
import type { DeveloperSession } from '#developers/member.ts';
import { developerPasskeysTable as passkeys } from '#developers/passkey.table.ts';
import { CHALLENGE_SECONDS, PASSKEYS_MAXIMUM, type Passkey } from '#developers/passkey.ts';
import { isSessionKept } from '#developers/session.store.ts';
import { developerTokensTable as tokens } from '#developers/token.table.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

type Row = typeof passkeys.$inferSelect;

const passkeyOf = (row: Row): Passkey => ({
  ...row,
  transports: JSON.parse(row.transports) as string[],
  backedUp: row.backedUp === 1,
});

/** The oldest first. */
export async function readPasskeys(database: Database, developerId: string): Promise<readonly Passkey[]> {
  const rows = await database
    .select()
    .from(passkeys)
    .where(eq(passkeys.developerId, developerId))
    .orderBy(asc(passkeys.createdAt))
    .limit(PASSKEYS_MAXIMUM);
  return rows.map(passkeyOf);
}

export async function readPasskey(database: Database, credentialId: string): Promise<Passkey | undefined> {
  const [row] = await database.select().from(passkeys).where(eq(passkeys.credentialId, credentialId));
  return row === undefined ? undefined : passkeyOf(row);
}

/** False where the credential is known, the developer has as many as one may have, or the session was ended meanwhile. */
export async function insertPasskey(
  database: Database,
  session: DeveloperSession,
  passkey: Passkey,
): Promise<boolean> {
  const { developerId, transports, backedUp } = passkey;
  const row = { ...passkey, transports: JSON.stringify(transports), backedUp: backedUp ? 1 : 0 };
  const mayBeAdded = sql`(SELECT count(*) FROM developer_passkeys WHERE developer_id = ${developerId}) < ${PASSKEYS_MAXIMUM}
    AND ${isSessionKept(session)}`;
  const { meta } = await insertWhere(database, passkeys, row, mayBeAdded).onConflictDoNothing();
  return meta.changes > 0;
}

/**
 * Notes a signature. False where the authenticator counts and this count was not above the last: another device holds a
 * copy of the key, or another request with it came first. Source: section 6.1.1.
 */
export async function notePasskeyUse(
  database: Database,
  { credentialId, counter, backedUp }: Pick<Passkey, 'credentialId' | 'counter' | 'backedUp'>,
  now: number,
): Promise<boolean> {
  const { meta } = await database
    .update(passkeys)
    .set({ counter, backedUp: backedUp ? 1 : 0, lastUsedAt: now })
    .where(
      and(
        eq(passkeys.credentialId, credentialId),
        sql`(${passkeys.counter} < ${counter} OR (${passkeys.counter} = 0 AND ${counter} = 0))`,
      ),
    );
  return meta.changes > 0;
}

/** False where there is none, it is the account's last way in, or the session was ended meanwhile. */
export async function deletePasskey(
  database: Database,
  session: DeveloperSession,
  credentialId: string,
): Promise<boolean> {
  const { developerId } = session;
  const hasPassword = sql`EXISTS (SELECT 1 FROM developers
    WHERE developer_id = ${developerId} AND password_digest IS NOT NULL)`;
  const hasAnother = sql`EXISTS (SELECT 1 FROM developer_passkeys
    WHERE developer_id = ${developerId} AND credential_id <> ${credentialId})`;
  const { meta } = await database
    .delete(passkeys)
    .where(
      and(
        eq(passkeys.credentialId, credentialId),
        eq(passkeys.developerId, developerId),
        sql`(${hasPassword} OR ${hasAnother})`,
        isSessionKept(session),
      ),
    );
  return meta.changes > 0;
}

/** Uses a challenge; false where it was used. The row goes with the mailed tokens' once nobody would take it anyway. */
export async function useChallenge(
  database: Database,
  digest: string,
  developerId: string,
  now: number,
): Promise<boolean> {
  const { meta } = await database
    .insert(tokens)
    .values({
      digest,
      purpose: 'passkey',
      email: '',
      developerId,
      detail: '{}',
      createdAt: now,
      expiresAt: now + CHALLENGE_SECONDS,
      usedAt: now,
    })
    .onConflictDoNothing();
  return meta.changes > 0;
}
