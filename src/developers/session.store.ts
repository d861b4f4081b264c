/** Developers' sessions in D1: who a cookie is, with all the organisations they belong to. */
import { and, asc, desc, eq, gt, isNull, lt, ne, type SQL, sql } from 'drizzle-orm';
import { selectOrganisationsStatement } from '#clients/organisation.statements.ts';
import { developersTable } from '#developers/developer.table.ts';
import type { Account, DeveloperSession, Membership } from '#developers/member.ts';
import { membershipsTable as memberships } from '#developers/membership.table.ts';
import type { MemberRole } from '#developers/role.ts';
import { developerSessionsTable as sessions } from '#developers/session.table.ts';
import { SESSION_IDLE_SECONDS, SESSION_SECONDS, USE_NOTED_SECONDS } from '#developers/session.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

/** What D1 knows of a cookie's owner. */
export interface KnownSession {
  readonly account: Account;
  /** The oldest first. */
  readonly memberships: readonly Membership[];
}

/** A session that has not ended, by hand or by time. */
function isStillLive(now: number) {
  return and(
    isNull(sessions.endedAt),
    gt(sessions.lastUsedAt, now - SESSION_IDLE_SECONDS),
    gt(sessions.createdAt, now - SESSION_SECONDS),
  );
}

/** One batch; undefined for a session unknown or ended. */
export async function readSignedIn(
  database: Database,
  digest: string,
  now: number,
): Promise<KnownSession | undefined> {
  const { developerId, email, name } = developersTable;
  const { sessionId, organisationId, createdAt, lastUsedAt, confirmedAt } = sessions;
  const [rows, organisations] = await database.batch([
    database
      // Each column once and by a name of its own: of two by one name a batch gives back one, and those after it would shift.
      .select({
        developer: { developerId, email, name },
        session: { sessionId, organisationId, createdAt, lastUsedAt, confirmedAt },
        memberOf: sql<string | null>`${memberships.organisationId}`.as('member_of'),
        role: memberships.role,
      })
      .from(sessions)
      .innerJoin(developersTable, eq(developerId, sessions.developerId))
      .leftJoin(memberships, eq(memberships.developerId, sessions.developerId))
      .where(and(eq(sessions.digest, digest), isStillLive(now)))
      .orderBy(asc(memberships.createdAt)),
    selectOrganisationsStatement(
      database,
      sql`(SELECT organisation_id FROM memberships
        WHERE developer_id = (SELECT developer_id FROM developer_sessions WHERE digest = ${digest}))`,
    ),
  ]);
  const [found] = rows;
  if (found === undefined) return undefined;
  const { developer } = found;
  return {
    account: { developer, session: { ...found.session, developerId: developer.developerId } },
    memberships: rows.flatMap(({ memberOf, role }) => {
      const row = organisations.find(({ organisationId: id }) => id === memberOf);
      if (row === undefined) return [];
      return [{ organisation: { ...row, tenantId: row.tenantId ?? undefined }, role: role as MemberRole }];
    }),
  };
}

/** That a session was not ended since the guard looked at it: for changes of what signs in, which would outlast it. */
export function isSessionKept({ sessionId }: Pick<DeveloperSession, 'sessionId'>): SQL {
  return sql`EXISTS (SELECT 1 FROM developer_sessions WHERE session_id = ${sessionId} AND ended_at IS NULL)`;
}

/** Notes that a session is used; once in five minutes, whoever asks first. */
export async function touchSession(database: Database, sessionId: string, now: number): Promise<void> {
  await database
    .update(sessions)
    .set({ lastUsedAt: now })
    .where(and(eq(sessions.sessionId, sessionId), lt(sessions.lastUsedAt, now - USE_NOTED_SECONDS)));
}

export interface NewSession {
  readonly sessionId: string;
  readonly digest: string;
  readonly developerId: string;
  readonly now: number;
  readonly source: string;
  readonly agent: string;
  /** The digest the password was compared with: another by now means that it was changed meanwhile. */
  readonly passwordDigest?: string;
}

/**
 * Opens a session in the organisation the developer worked for last, else in that of the oldest membership, and ends the one
 * the browser came with. False where the password that was compared is the account's no more.
 */
export async function insertSession(
  database: Database,
  { passwordDigest, now, ...session }: NewSession,
  replaced: string,
): Promise<boolean> {
  const { developerId } = session;
  const lastChosen = sql`(SELECT organisation_id FROM developer_sessions JOIN memberships USING (organisation_id, developer_id)
    WHERE developer_id = ${developerId} ORDER BY developer_sessions.created_at DESC LIMIT 1)`;
  const oldest = sql`(SELECT organisation_id FROM memberships
    WHERE developer_id = ${developerId} ORDER BY created_at LIMIT 1)`;
  const isProved =
    passwordDigest === undefined
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM developers WHERE developer_id = ${developerId} AND password_digest = ${passwordDigest})`;
  const row = {
    ...session,
    organisationId: sql`coalesce(${lastChosen}, ${oldest}, '')`,
    createdAt: now,
    lastUsedAt: now,
    confirmedAt: now,
  };
  const [{ meta }] = await database.batch([
    insertWhere(database, sessions, row, isProved),
    endStatement(database, now, eq(sessions.digest, replaced)),
  ]);
  return meta.changes > 0;
}

function endStatement(database: Database, now: number, which: SQL | undefined) {
  return database
    .update(sessions)
    .set({ endedAt: now })
    .where(and(isNull(sessions.endedAt), which));
}

export async function endSessionByDigest(database: Database, digest: string, now: number): Promise<void> {
  await endStatement(database, now, eq(sessions.digest, digest));
}

/** Ends a session of the developer, or all others (of the empty id: all); another developer's is left alone. */
export function endSessionsStatement(
  database: Database,
  { developerId, sessionId }: Pick<DeveloperSession, 'developerId' | 'sessionId'>,
  which: 'this' | 'others',
  now: number,
  condition?: SQL,
) {
  const chosen = (which === 'this' ? eq : ne)(sessions.sessionId, sessionId);
  return endStatement(database, now, and(eq(sessions.developerId, developerId), chosen, condition));
}

/** Gives a live session another cookie, and notes the proof. False where it has ended, or its cookie changed just now. */
export async function turnSession(
  database: Database,
  turn: { readonly from: string; readonly to: string; readonly sessionId: string; readonly now: number },
): Promise<boolean> {
  const { from, to, sessionId, now } = turn;
  const { meta } = await database
    .update(sessions)
    .set({ digest: to, confirmedAt: now, lastUsedAt: now })
    .where(and(eq(sessions.digest, from), eq(sessions.sessionId, sessionId), isStillLive(now)));
  return meta.changes > 0;
}

export interface ListedSession {
  readonly sessionId: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly source: string;
  readonly agent: string;
}

/** Sessions shown at most. */
const LISTED_MAXIMUM = 100;

/** The newest first. */
export function readLiveSessions(
  database: Database,
  developerId: string,
  now: number,
): Promise<readonly ListedSession[]> {
  const { sessionId, createdAt, lastUsedAt, source, agent } = sessions;
  return database
    .select({ sessionId, createdAt, lastUsedAt, source, agent })
    .from(sessions)
    .where(and(eq(sessions.developerId, developerId), isStillLive(now)))
    .orderBy(desc(createdAt))
    .limit(LISTED_MAXIMUM);
}

/** Sessions that are over whatever was done with them. */
export async function deletePastSessions(database: Database, now: number): Promise<void> {
  await database.delete(sessions).where(lt(sessions.createdAt, now - SESSION_SECONDS));
}
