/** Invitations in D1, among the tokens of mailed links: a row is open until it is used, taken back, or over. */
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { selectOrganisationsStatement } from '#clients/organisation.statements.ts';
import type { Doer } from '#developers/audit.ts';
import { developersTable } from '#developers/developer.table.ts';
import {
  INVITATIONS_A_DAY,
  INVITATIONS_TO_ADDRESS_A_DAY,
  type Invitation,
  OPEN_INVITATIONS_MAXIMUM,
} from '#developers/invitation.ts';
import { hasMember, isStillAllowed } from '#developers/membership.store.ts';
import { membershipsTable as memberships } from '#developers/membership.table.ts';
import { isOpen, isOpenToken, isTokenOpen, type NamedToken } from '#developers/token.statements.ts';
import { developerTokensTable as tokens } from '#developers/token.table.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

export function invitationOf({
  digest: invitationId,
  organisationId,
  email,
  detail,
  createdAt,
  expiresAt,
}: typeof tokens.$inferSelect): Invitation {
  const { role } = JSON.parse(detail) as Pick<Invitation, 'role'>;
  return { invitationId, organisationId: organisationId ?? '', email, role, createdAt, expiresAt };
}

/** Open ones of an organisation, the oldest first. */
export function selectInvitations(database: Database, organisationId: string, now: number) {
  return database
    .select()
    .from(tokens)
    .where(and(eq(tokens.organisationId, organisationId), isOpen('invite', now)))
    .orderBy(asc(tokens.createdAt));
}

/** What who holds the link may know. */
export interface Invited extends Invitation {
  readonly organisationName: string;
  /** The address has an account, which is to sign in. */
  readonly hasAccount: boolean;
}

/** The one of that id, if it is open, with what its page says. One batch. */
export async function findInvited(
  database: Database,
  invitationId: string,
  now: number,
): Promise<Invited | undefined> {
  const its = (column: SQLiteColumn) =>
    sql`(SELECT ${column} FROM developer_tokens WHERE digest = ${invitationId})`;
  const [[row], [organisation], [account]] = await database.batch([
    database
      .select()
      .from(tokens)
      .where(isOpenToken(invitationToken(invitationId), now)),
    selectOrganisationsStatement(database, its(tokens.organisationId)),
    database
      .select({ developerId: developersTable.developerId })
      .from(developersTable)
      .where(eq(developersTable.email, its(tokens.email))),
  ]);
  if (row === undefined || organisation === undefined) return undefined;
  return {
    ...invitationOf(row),
    organisationName: organisation.name,
    hasAccount: account !== undefined,
  };
}

/** That no member of the organisation has the address. */
function isNoMember(organisationId: string, email: string): SQL {
  const developerId = sql`(SELECT developer_id FROM developers WHERE email = ${email})`;
  return sql`NOT ${hasMember(organisationId, eq(memberships.developerId, developerId))}`;
}

/** That the organisation may send one more, and the address may get it. */
function isWithinLimits(organisationId: string, email: string, now: number): SQL {
  const dayAgo = now - DAY_SECONDS;
  return sql`((SELECT count(*) FROM developer_tokens WHERE organisation_id = ${organisationId} AND purpose = 'invite'
      AND used_at IS NULL AND expires_at > ${now} AND email <> ${email}) < ${OPEN_INVITATIONS_MAXIMUM}
    AND (SELECT count(*) FROM developer_tokens WHERE organisation_id = ${organisationId} AND purpose = 'invite'
      AND created_at > ${dayAgo}) < ${INVITATIONS_A_DAY}
    AND (SELECT count(*) FROM developer_tokens WHERE email = ${email} AND purpose = 'invite'
      AND created_at > ${dayAgo}) < ${INVITATIONS_TO_ADDRESS_A_DAY})`;
}

/** That the address is no member's, and no limit is reached. */
export function mayBeInvited(organisationId: string, email: string, now: number): SQL {
  return sql`${isNoMember(organisationId, email)} AND ${isWithinLimits(organisationId, email, now)}`;
}

/** Why an address was not invited. */
export async function readInvitationRefusal(
  database: Database,
  doer: Doer,
  email: string,
): Promise<'member' | 'too_many' | 'not_allowed'> {
  const [row] = await database.all<{ readonly allowed: number; readonly free: number }>(sql`
    SELECT ${isStillAllowed(doer, 'members.change')} AS allowed, ${isNoMember(doer.organisationId, email)} AS free`);
  if (row?.allowed !== 1) return 'not_allowed';
  return row.free === 1 ? 'too_many' : 'member';
}

/** An invitation as the token it is. */
export function invitationToken(invitationId: string): NamedToken {
  return { digest: invitationId, purpose: 'invite' };
}

/** That it is open, and the address no member's. */
export function mayBeAccepted({ invitationId, organisationId, email }: Invitation, now: number): SQL {
  return sql`${isTokenOpen(invitationToken(invitationId), now)} AND ${isNoMember(organisationId, email)}`;
}

/** Keeps one, from that developer. */
export function invitationStatement(
  database: Database,
  { invitationId, role, ...invitation }: Invitation,
  developerId: string,
  condition: SQL,
) {
  const detail = JSON.stringify({ role });
  const row = { ...invitation, ...invitationToken(invitationId), developerId, detail };
  return insertWhere(database, tokens, row, condition);
}

/** Ends open ones of an organisation: those to an address, or those that a developer sent. */
export function endInvitationsStatement(
  database: Database,
  organisationId: string,
  which: { readonly email: string } | { readonly developerId: string },
  now: number,
  condition: SQL,
) {
  return database
    .update(tokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(tokens.organisationId, organisationId),
        'email' in which ? eq(tokens.email, which.email) : eq(tokens.developerId, which.developerId),
        isOpen('invite', now),
        condition,
      ),
    );
}
