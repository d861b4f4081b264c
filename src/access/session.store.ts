/** Sessions in D1. Each use and each try of a code is one conditional write, so that no two requests take the same one. */
import { and, eq, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { accessSessionsTable } from '#access/session.table.ts';
import { IDLE_SECONDS, SESSION_SECONDS, type Session, type SessionKey } from '#access/session.ts';
import { CODE_TRIES } from '#authorization/interaction.ts';
import { customerMayLogIn } from '#bank/customer.statements.ts';
import { tenantOfOrganisation } from '#clients/organisation-tenant.statements.ts';
import type { Database } from '#edge/database.ts';

const {
  sessionId,
  digest,
  formerDigest,
  stage,
  tenantId,
  customerId,
  organisationId,
  codeDigest,
  codeExpiresAt,
  codeTries,
  createdAt,
  openedAt,
  lastUsedAt,
} = accessSessionsTable;

export type SessionRow = typeof accessSessionsTable.$inferSelect;

function isOf(key: SessionKey): SQL | undefined {
  return and(eq(sessionId, key.sessionId), eq(digest, key.digest));
}

/** The customer may still log in, and their tenant is still the one of its organisation: a reset sandbox has another. */
const isStanding = and(
  customerMayLogIn(sql`${tenantId}`, sql`${customerId}`),
  or(isNull(organisationId), eq(tenantId, tenantOfOrganisation(sql`${organisationId}`))),
);

export interface NewSession extends SessionKey, Session {
  readonly codeDigest: string;
}

/** Keeps a log-in that waits for its code, in the place of the session the browser had before. */
export async function insertSession(
  database: Database,
  session: NewSession,
  former: SessionKey | undefined,
  now: number,
): Promise<void> {
  await database.batch([
    database.delete(accessSessionsTable).where(isOf(former ?? { sessionId: '', digest: '' })),
    database.insert(accessSessionsTable).values({
      ...session,
      stage: 'code',
      codeTries: 0,
      createdAt: now,
      lastUsedAt: now,
    }),
  ]);
}

/** Uses an open session now, if its time is not over; and what is kept of it in any case. One batch. */
export async function touchSession(
  database: Database,
  key: SessionKey,
  now: number,
): Promise<{ readonly row: SessionRow | undefined; readonly isOpen: boolean }> {
  const [touched, [row]] = await database.batch([
    database
      .update(accessSessionsTable)
      .set({ lastUsedAt: now })
      .where(
        and(
          isOf(key),
          eq(stage, 'open'),
          gt(lastUsedAt, now - IDLE_SECONDS),
          gt(openedAt, now - SESSION_SECONDS),
          isStanding,
        ),
      )
      .returning({ sessionId }),
    database.select().from(accessSessionsTable).where(isOf(key)),
  ]);
  return { row, isOpen: touched.length > 0 };
}

/** The session of a cookie, or of the cookie before its last step. */
export async function selectSession(database: Database, key: SessionKey): Promise<SessionRow | undefined> {
  const [row] = await database
    .select()
    .from(accessSessionsTable)
    .where(and(eq(sessionId, key.sessionId), or(eq(digest, key.digest), eq(formerDigest, key.digest))));
  return row;
}

export interface CodeTry {
  /** Digest of the code typed; undefined where the name is refused, which is always wrong. */
  readonly codeDigest: string | undefined;
  /** Digest of the cookie's next secret. */
  readonly nextDigest: string;
}

/**
 * Counts a try of the code and compares it, in one: `right` opens the session under the next secret. The right one again,
 * with the secret of before, opens it once more: the first answer was lost. `over`: no try is left, or no time.
 */
export async function tryCode(
  database: Database,
  key: SessionKey,
  { codeDigest: typed, nextDigest }: CodeTry,
  now: number,
): Promise<'right' | 'again' | 'too_many' | 'over'> {
  // Keyed digests: how long comparing them takes tells nothing about the code.
  const isRight = sql`${codeDigest} = ${typed ?? null}`;
  const waits = and(eq(stage, 'code'), eq(digest, key.digest), lt(codeTries, CODE_TRIES));
  const isRepeated = and(eq(stage, 'open'), eq(formerDigest, key.digest), isRight);
  const [tried] = await database
    .update(accessSessionsTable)
    .set({
      codeTries: sql`${codeTries} + 1`,
      stage: sql`CASE WHEN ${isRight} THEN 'open' ELSE 'code' END`,
      digest: sql`CASE WHEN ${isRight} THEN ${nextDigest} ELSE ${digest} END`,
      formerDigest: sql`CASE WHEN ${isRight} THEN ${key.digest} END`,
      openedAt: sql`CASE WHEN ${isRight} THEN coalesce(${openedAt}, ${now}) END`,
      lastUsedAt: now,
    })
    .where(and(eq(sessionId, key.sessionId), or(waits, isRepeated), gt(codeExpiresAt, now), isStanding))
    .returning({ stage, codeTries });
  if (tried === undefined) return 'over';
  if (tried.stage === 'open') return 'right';
  return tried.codeTries >= CODE_TRIES ? 'too_many' : 'again';
}

export async function deleteSession(database: Database, key: SessionKey): Promise<void> {
  await database.delete(accessSessionsTable).where(isOf(key));
}

/** Forgets sessions begun before (epoch seconds), all of them over. */
export async function deleteSessionsBefore(database: Database, before: number): Promise<void> {
  await database.delete(accessSessionsTable).where(lt(createdAt, before));
}
