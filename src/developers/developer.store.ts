/** Accounts in D1: read to be compared with, and given a new password. */
import { and, eq, type SQL } from 'drizzle-orm';
import { type AttemptKey, clearAttemptsStatement } from '#authorization/login-attempt.statements.ts';
import { developersTable } from '#developers/developer.table.ts';
import type { Developer, DeveloperSession } from '#developers/member.ts';
import { endSessionsStatement, isSessionKept } from '#developers/session.store.ts';
import { endResetsStatement, isTokenOpen, useTokenStatement } from '#developers/token.statements.ts';
import type { Database } from '#edge/database.ts';

export interface KnownDeveloper extends Developer {
  /** Null for who signs in by passkey alone. */
  readonly passwordDigest: string | null;
}

const { developerId, email, name, passwordDigest } = developersTable;

async function readOne(database: Database, condition: SQL): Promise<KnownDeveloper | undefined> {
  const [row] = await database
    .select({ developerId, email, name, passwordDigest })
    .from(developersTable)
    .where(condition);
  return row;
}

export function readDeveloperByEmail(
  database: Database,
  address: string,
): Promise<KnownDeveloper | undefined> {
  return readOne(database, eq(email, address));
}

export function readDeveloper(database: Database, id: string): Promise<KnownDeveloper | undefined> {
  return readOne(database, eq(developerId, id));
}

function setPasswordStatement(database: Database, id: string, digest: string, condition: SQL) {
  return database
    .update(developersTable)
    .set({ passwordDigest: digest })
    .where(and(eq(developerId, id), condition));
}

/**
 * Sets the password and ends all sessions but the one it was set in, and each link that would set another. False, and nothing
 * is done, where that session was ended while the password was hashed.
 */
export async function changePassword(
  database: Database,
  account: Developer,
  digest: string,
  session: DeveloperSession,
  now: number,
): Promise<boolean> {
  const condition = isSessionKept(session);
  const [{ meta }] = await database.batch([
    setPasswordStatement(database, account.developerId, digest, condition),
    endSessionsStatement(database, session, 'others', now, condition),
    endResetsStatement(database, account.email, now, condition),
  ]);
  return meta.changes > 0;
}

export interface PasswordReset {
  readonly tokenDigest: string;
  readonly developerId: string;
  readonly email: string;
  readonly passwordDigest: string;
  readonly attempts: AttemptKey;
  readonly now: number;
}

/**
 * Uses the token, ends the address's others, sets the password, ends every session and forgets failed sign-ins. False where
 * the token was used.
 */
export async function resetPassword(database: Database, reset: PasswordReset): Promise<boolean> {
  const { tokenDigest, now } = reset;
  const condition = isTokenOpen({ digest: tokenDigest, purpose: 'reset' }, now);
  const [{ meta }] = await database.batch([
    setPasswordStatement(database, reset.developerId, reset.passwordDigest, condition),
    endSessionsStatement(
      database,
      { developerId: reset.developerId, sessionId: '' },
      'others',
      now,
      condition,
    ),
    endResetsStatement(database, reset.email, now, condition, tokenDigest),
    // Harmless for a used token: its owner has the mailbox.
    clearAttemptsStatement(database, reset.attempts),
    useTokenStatement(database, tokenDigest, now, condition),
  ]);
  return meta.changes > 0;
}
