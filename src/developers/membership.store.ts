/** Memberships in D1: who belongs to an organisation, the conditions a change stands under, and the changes. */
import { and, asc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import { isNoOrganisation } from '#clients/organisation.statements.ts';
import type { Doer } from '#developers/audit.ts';
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

function isOf(organisationId: string, developerId: string) {
  return and(eq(memberships.organisationId, organisationId), eq(memberships.developerId, developerId));
}

/** The oldest membership first; of one developer alone, where one is named. */
export function selectMembers(database: Database, organisationId: string, developerId?: string) {
  return database
    .select({
      developerId: developersTable.developerId,
      email: developersTable.email,
      name: developersTable.name,
      role: sql<MemberRole>`${memberships.role}`,
      createdAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(developersTable, eq(developersTable.developerId, memberships.developerId))
    .where(
      developerId === undefined
        ? eq(memberships.organisationId, organisationId)
        : isOf(organisationId, developerId),
    )
    .orderBy(asc(memberships.createdAt), asc(memberships.developerId));
}

/** That the organisation has a member of whom this holds. */
export function hasMember(organisationId: string, condition: SQL | undefined): SQL {
  return sql`EXISTS (SELECT 1 FROM memberships WHERE ${and(eq(memberships.organisationId, organisationId), condition)})`;
}

/** That whoever acts is still a member whose role allows it: the guard's look at it is older than the write. */
export function isStillAllowed({ organisationId, actorId }: Doer, action: MemberAction): SQL {
  return hasMember(
    organisationId,
    and(eq(memberships.developerId, actorId), inArray(memberships.role, rolesFor(action))),
  );
}

/** Somebody in an organisation, with the role they were last seen in. */
export type SeenMember = Pick<ListedMember, 'developerId' | 'email' | 'role'>;

/** That the member is as they were seen, and an owner remains when they have the role; without one: when they are gone. */
export function mayBecome(
  organisationId: string,
  { developerId, role: seen }: SeenMember,
  role: MemberRole | undefined,
): SQL {
  const isStill = hasMember(
    organisationId,
    and(eq(memberships.developerId, developerId), eq(memberships.role, seen)),
  );
  // An organisation has an owner at all times, so this always holds of who is none.
  const another = and(ne(memberships.developerId, developerId), eq(memberships.role, 'owner'));
  return role === 'owner' ? isStill : sql`${isStill} AND ${hasMember(organisationId, another)}`;
}

/** Gives the member that role; without one takes them out. */
export function becomeStatement(
  database: Database,
  organisationId: string,
  developerId: string,
  role: MemberRole | undefined,
  condition: SQL,
) {
  const which = and(isOf(organisationId, developerId), condition);
  return role === undefined
    ? database.delete(memberships).where(which)
    : database.update(memberships).set({ role }).where(which);
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
        hasMember(organisationId, eq(memberships.developerId, developerId)),
      ),
    );
}

/** Whether the session goes on there: its developer belongs to it. */
export async function chooseOrganisation(
  database: Database,
  session: DeveloperSession,
  organisationId: string,
): Promise<boolean> {
  const { meta } = await switchStatement(database, session, organisationId);
  return meta.changes > 0;
}

/** That the developer belongs to fewer organisations than `maximum`, and the new one is not there yet. */
export function mayMakeOrganisation(developerId: string, organisationId: string, maximum: number): SQL {
  return sql`(SELECT count(*) FROM memberships WHERE developer_id = ${developerId}) < ${maximum}
    AND ${isNoOrganisation(organisationId)}`;
}

/** The roles that the doer and another have now, undefined for who is no member. One batch. */
export async function readRoles(
  database: Database,
  { organisationId, actorId }: Doer,
  developerId: string,
): Promise<readonly (MemberRole | undefined)[]> {
  const roleOf = (id: string) =>
    database.select({ role: memberships.role }).from(memberships).where(isOf(organisationId, id));
  const found = await database.batch([roleOf(actorId), roleOf(developerId)]);
  return found.map(([row]) => row?.role as MemberRole | undefined);
}
