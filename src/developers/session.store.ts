/** Developers' sessions in D1: who a cookie is, with all the organisations they belong to. */
import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { selectOrganisationsStatement } from '#clients/organisation.statements.ts';
import type { Organisation } from '#clients/organisation.ts';
import { developersTable } from '#developers/developer.table.ts';
import type { Developer, DeveloperSession } from '#developers/member.ts';
import { membershipsTable } from '#developers/membership.table.ts';
import type { MemberRole } from '#developers/role.ts';
import { developerSessionsTable as sessions } from '#developers/session.table.ts';
import { SESSION_IDLE_SECONDS, SESSION_SECONDS, USE_NOTED_SECONDS } from '#developers/session.ts';
import type { Database } from '#edge/database.ts';

export interface Membership {
  readonly organisation: Organisation;
  readonly role: MemberRole;
}

/** What D1 knows of a cookie's owner. */
export interface SignedIn {
  readonly developer: Developer;
  readonly session: DeveloperSession;
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
): Promise<SignedIn | undefined> {
  const developerId = sql`(SELECT developer_id FROM developer_sessions WHERE digest = ${digest})`;
  const [[found], roles, organisations] = await database.batch([
    database
      // Each column once: of two by one name a batch gives back one, and those after it would shift.
      .select({
        developerId: developersTable.developerId,
        email: developersTable.email,
        name: developersTable.name,
        sessionId: sessions.sessionId,
        organisationId: sessions.organisationId,
        createdAt: sessions.createdAt,
        lastUsedAt: sessions.lastUsedAt,
        confirmedAt: sessions.confirmedAt,
      })
      .from(sessions)
      .innerJoin(developersTable, eq(developersTable.developerId, sessions.developerId))
      .where(and(eq(sessions.digest, digest), isStillLive(now))),
    database
      .select({ organisationId: membershipsTable.organisationId, role: membershipsTable.role })
      .from(membershipsTable)
      .where(eq(membershipsTable.developerId, developerId))
      .orderBy(asc(membershipsTable.createdAt)),
    selectOrganisationsStatement(
      database,
      sql`(SELECT organisation_id FROM memberships WHERE developer_id = ${developerId})`,
    ),
  ]);
  if (found === undefined) return undefined;
  const byId = new Map(organisations.map((row) => [row.organisationId, row]));
  const memberships = roles.flatMap(({ organisationId, role }) => {
    const row = byId.get(organisationId);
    if (row === undefined) return [];
    const organisation: Organisation = { ...row, tenantId: row.tenantId ?? undefined };
    return [{ organisation, role: role as MemberRole }];
  });
  const { email, name, ...session } = found;
  return { developer: { developerId: session.developerId, email, name }, session, memberships };
}

/** Notes that a session is used; once in five minutes, whoever asks first. */
export async function touchSession(database: Database, sessionId: string, now: number): Promise<void> {
  await database
    .update(sessions)
    .set({ lastUsedAt: now })
    .where(and(eq(sessions.sessionId, sessionId), lt(sessions.lastUsedAt, now - USE_NOTED_SECONDS)));
}
