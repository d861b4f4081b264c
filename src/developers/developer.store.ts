/** Accounts in D1: read to be compared with, and given a new password. */
import { and, eq, type SQL } from 'drizzle-orm';
import { developersTable } from '#developers/developer.table.ts';
import type { Developer } from '#developers/member.ts';
import { endSessionsStatement } from '#developers/session.store.ts';
import { endResetsStatement } from '#developers/token.statements.ts';
import type { Database, Statement } from '#edge/database.ts';

export interface KnownDeveloper extends Developer {
  /** Null for who signs in by passkey alone. */
  readonly passwordDigest: string | null;
}

const { developerId, email, name, passwordDigest } = developersTable;

export async function readDeveloper(
  database: Database,
  by: 'developerId' | 'email',
  value: string,
): Promise<KnownDeveloper | undefined> {
  const [row] = await database
    .select({ developerId, email, name, passwordDigest })
    .from(developersTable)
    .where(eq(developersTable[by], value));
  return row;
}

/** A new password, and while what it is set. */
export interface NewPassword extends Pick<Developer, 'developerId' | 'email'> {
  readonly passwordDigest: string;
  readonly condition: SQL;
  /** The session it is set in, which goes on. */
  readonly sessionId?: string;
  /** What else is done, in the same transaction; harmless where the condition does not hold. */
  readonly also?: readonly Statement[];
}

/**
 * Sets the password, ends all other sessions, and last each link that would set another, the one that was used too. False, and
 * nothing is done, where the condition does not hold.
 */
export async function replacePassword(
  database: Database,
  {
    developerId: id,
    email: address,
    passwordDigest: digest,
    condition,
    sessionId = '',
    also = [],
  }: NewPassword,
  now: number,
): Promise<boolean> {
  const [{ meta }] = await database.batch([
    database
      .update(developersTable)
      .set({ passwordDigest: digest })
      .where(and(eq(developerId, id), condition)),
    endSessionsStatement(database, { developerId: id, sessionId }, 'others', now, condition),
    ...also,
    endResetsStatement(database, address, now, condition),
  ]);
  return meta.changes > 0;
}
