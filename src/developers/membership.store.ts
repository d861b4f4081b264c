/** Memberships in D1: who belongs to an organisation, the conditions a change stands under, and the changes. */
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { isNoOrganisation } from '#clients/organisation.statements.ts';
import type { Doer } from '#developers/audit.ts';
import type { NewMembership } from '#developers/developer.statements.ts';
import { developersTable } from '#developers/developer.table.ts';
import type { DeveloperSession } from '#developers/member.ts';
import { membershipsTable as memberships } from '#developers/membership.table.ts';
import { type MemberAction, type MemberRole, rolesFor } from '#developers/role.ts';
import { developerSessionsTable as sessions } from '#developers/session.table.ts';
import type { Database } from '#edge/database.ts';

/** A member as an organisation's list shows them. */
export interface ListedMember {
  readonly developerId: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly createdAt: number;
}

/** The oldest membership first. */
export function selectMembers(database: Database, organisationId: string) {
  return database
    .select({
      developerId: developersTable.developerId,
      email: developersTable.email,
      name: developersTable.name,
      role: memberships.role,
      createdAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(developersTable, eq(developersTable.developerId, memberships.developerId))
    .where(eq(memberships.organisationId, organisationId))
    .orderBy(asc(memberships.createdAt), asc(memberships.developerId));
}

function isOf(organisationId: string, developerId: string) {
  return and(eq(memberships.organisationId, organisationId), eq(memberships.developerId, developerId));
}

export async function findListedMember(
  database: Database,
  organisationId: string,
  developerId: string,
): Promise<ListedMember | undefined> {
  const [row] = await database
    .select({
      developerId: developersTable.developerId,
      email: developersTable.email,
      name: developersTable.name,
      role: memberships.role,
      createdAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(developersTable, eq(developersTable.developerId, memberships.developerId))
    .where(isOf(organisationId, developerId));
  return row === undefined ? undefined : { ...row, role: row.role as MemberRole };
}

/** That whoever acts is still a member whose role allows it: the guard's look at it is older than the write. */
export function isStillAllowed({ organisationId, actorId }: Doer, action: MemberAction): SQL {
  return sql`EXISTS (SELECT 1 FROM memberships
    WHERE organisation_id = ${organisationId} AND developer_id = ${actorId}
      AND role IN (SELECT value FROM json_each(${JSON.stringify(rolesFor(action))})))`;
}

/** Somebody in an organisation, with the role they were last seen in. */
export interface SeenMember {
  readonly developerId: string;
  readonly role: MemberRole;
}

function isStill(organisationId: string, { developerId, role }: SeenMember): SQL {
  return sql`EXISTS (SELECT 1 FROM memberships
    WHERE organisation_id = ${organisationId} AND developer_id = ${developerId} AND role = ${role})`;
}

/** That somebody else is an owner: an organisation has one at all times, so it always holds of who is none. */
function hasAnotherOwner(organisationId: string, { developerId }: SeenMember): SQL {
  return sql`EXISTS (SELECT 1 FROM memberships
    WHERE organisation_id = ${organisationId} AND role = 'owner' AND developer_id <> ${developerId})`;
}

/** That the doer may still give the member that role, and an owner remains. */
export function mayBecome(doer: Doer, member: SeenMember, role: MemberRole): SQL {
  const { organisationId } = doer;
  const owned = role === 'owner' ? sql`1` : hasAnotherOwner(organisationId, member);
  return sql`${isStillAllowed(doer, 'members.change')} AND ${isStill(organisationId, member)} AND ${owned}`;
}

/** That the doer may still remove the member, and an owner remains. */
export function mayBeRemoved(doer: Doer, member: SeenMember): SQL {
  return mayBecome(doer, member, 'viewer');
}

/** That the member is one still, and an owner remains without them. */
export function mayLeave(organisationId: string, member: SeenMember): SQL {
  return sql`${isStill(organisationId, member)} AND ${hasAnotherOwner(organisationId, member)}`;
}

export function roleStatement(
  database: Database,
  { organisationId, developerId, role }: NewMembership,
  condition: SQL,
) {
  return database
    .update(memberships)
    .set({ role })
    .where(and(isOf(organisationId, developerId), condition));
}

export function removalStatement(
  database: Database,
  organisationId: string,
  developerId: string,
  condition: SQL,
) {
  return database.delete(memberships).where(and(isOf(organisationId, developerId), condition));
}

/** Whether anybody belongs to the organisation. */
export async function hasMembers(database: Database, organisationId: string): Promise<boolean> {
  const [row] = await database
    .select({ developerId: memberships.developerId })
    .from(memberships)
    .where(eq(memberships.organisationId, organisationId))
    .limit(1);
  return row !== undefined;
}

/** The session goes on in another organisation, if its developer belongs to that. */
export function switchStatement(
  database: Database,
  { sessionId, developerId }: Pick<DeveloperSession, 'sessionId' | 'developerId'>,
  organisationId: string,
) {
  return database
    .update(sessions)
    .set({ organisationId })
    .where(
      and(
        eq(sessions.sessionId, sessionId),
        sql`EXISTS (SELECT 1 FROM memberships
          WHERE organisation_id = ${organisationId} AND developer_id = ${developerId})`,
      ),
    );
}

/** Whether the session goes on there: its developer belongs to it. */
export async function chooseOrganisation(
  database: Database,
  session: DeveloperSession,
  organisationId: string,
): Promise<boolean> {
  const chosen = await switchStatement(database, session, organisationId).returning({
    sessionId: sessions.sessionId,
  });
  return chosen.length > 0;
}

/** That the developer belongs to fewer organisations than `maximum`, and the new one is not there yet. */
export function mayMakeOrganisation(developerId: string, organisationId: string, maximum: number): SQL {
  return sql`(SELECT count(*) FROM memberships WHERE developer_id = ${developerId}) < ${maximum}
    AND ${isNoOrganisation(organisationId)}`;
}

/** Why a change did not happen: how actor and target stand now. One batch. */
export async function readStanding(database: Database, { organisationId, actorId }: Doer, targetId: string) {
  const roleOf = (developerId: string) =>
    database.select({ role: memberships.role }).from(memberships).where(isOf(organisationId, developerId));
  const [[actor], [target]] = await database.batch([roleOf(actorId), roleOf(targetId)]);
  return {
    actorRole: actor?.role as MemberRole | undefined,
    targetRole: target?.role as MemberRole | undefined,
  };
}
