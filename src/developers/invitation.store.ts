/** Invitations in D1, among the tokens of mailed links: a row is open until it is used, taken back, or over. */
import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import { selectOrganisationsStatement } from '#clients/organisation.statements.ts';
import type { Doer } from '#developers/audit.ts';
import { developersTable } from '#developers/developer.table.ts';
import {
  INVITATIONS_A_DAY,
  INVITATIONS_TO_ADDRESS_A_DAY,
  type Invitation,
  OPEN_INVITATIONS_MAXIMUM,
} from '#developers/invitation.ts';
import { isStillAllowed } from '#developers/membership.store.ts';
import { type MemberRole, parseRole } from '#developers/role.ts';
import { developerTokensTable as tokens } from '#developers/token.table.ts';
import type { Database } from '#edge/database.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

type TokenRow = typeof tokens.$inferSelect;

function roleIn(detail: string): MemberRole | undefined {
  const { role }: { readonly role?: string } = JSON.parse(detail);
  return parseRole(role);
}

export function invitationOf(row: TokenRow | undefined): Invitation | undefined {
  const role = row === undefined ? undefined : roleIn(row.detail);
  if (row?.organisationId == null || role === undefined) return undefined;
  const { digest: invitationId, organisationId, email, createdAt, expiresAt } = row;
  return { invitationId, organisationId, email, role, createdAt, expiresAt };
}

function isOpen(now: number) {
  return and(eq(tokens.purpose, 'invite'), isNull(tokens.usedAt), gt(tokens.expiresAt, now));
}

/** Open ones of an organisation, the oldest first. */
export function selectInvitations(database: Database, organisationId: string, now: number) {
  return database
    .select()
    .from(tokens)
    .where(and(eq(tokens.organisationId, organisationId), isOpen(now)))
    .orderBy(asc(tokens.createdAt));
}

/** The one of that id, if it is open. */
export async function findInvitation(
  database: Database,
  invitationId: string,
  now: number,
): Promise<Invitation | undefined> {
  const [row] = await database
    .select()
    .from(tokens)
    .where(and(eq(tokens.digest, invitationId), isOpen(now)));
  return invitationOf(row);
}

/** The one of that id, if it is open, with what its page says. One batch. */
export async function findInvited(
  database: Database,
  invitationId: string,
  now: number,
): Promise<
  | { readonly invitation: Invitation; readonly organisationName: string; readonly hasAccount: boolean }
  | undefined
> {
  const memberOf = (column: string) =>
    sql`(SELECT ${sql.raw(column)} FROM developer_tokens WHERE digest = ${invitationId})`;
  const [[row], [organisation], [account]] = await database.batch([
    database
      .select()
      .from(tokens)
      .where(and(eq(tokens.digest, invitationId), isOpen(now))),
    selectOrganisationsStatement(database, memberOf('organisation_id')),
    database
      .select({ developerId: developersTable.developerId })
      .from(developersTable)
      .where(eq(developersTable.email, memberOf('email'))),
  ]);
  const invitation = invitationOf(row);
  if (invitation === undefined || organisation === undefined) return undefined;
  return { invitation, organisationName: organisation.name, hasAccount: account !== undefined };
}

type Named = Pick<Invitation, 'invitationId' | 'organisationId' | 'email'>;

function isStillOpen({ invitationId, organisationId, email }: Named, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM developer_tokens
    WHERE digest = ${invitationId} AND purpose = 'invite' AND used_at IS NULL AND expires_at > ${now}
      AND organisation_id = ${organisationId} AND email = ${email})`;
}

/** That no member of the organisation has the address. */
function isNoMember(organisationId: string, email: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM memberships
    WHERE organisation_id = ${organisationId}
      AND developer_id = (SELECT developer_id FROM developers WHERE email = ${email}))`;
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

/** That the doer may still invite, the address is no member's, and no limit is reached. */
export function mayBeInvited(doer: Doer, email: string, now: number): SQL {
  const { organisationId } = doer;
  return sql`${isStillAllowed(doer, 'members.change')} AND ${isNoMember(organisationId, email)}
    AND ${isWithinLimits(organisationId, email, now)}`;
}

/** Why an address was not invited. */
export async function readInvitationRefusal(
  database: Database,
  doer: Doer,
  email: string,
): Promise<'member' | 'too_many' | 'not_allowed'> {
  const { organisationId } = doer;
  const [row] = await database.all<{ readonly allowed: number; readonly free: number }>(sql`
    SELECT ${isStillAllowed(doer, 'members.change')} AS allowed, ${isNoMember(organisationId, email)} AS free`);
  if (row?.allowed !== 1) return 'not_allowed';
  return row.free === 1 ? 'too_many' : 'member';
}

/** That the doer may still take it back, and it is open. */
export function mayBeEnded(doer: Doer, invitation: Named, now: number): SQL {
  return sql`${isStillAllowed(doer, 'members.change')} AND ${isStillOpen(invitation, now)}`;
}

/** That it is open, and the address no member's. */
export function mayBeAccepted(invitation: Named, now: number): SQL {
  const { organisationId, email } = invitation;
  return sql`${isStillOpen(invitation, now)} AND ${isNoMember(organisationId, email)}`;
}

/** Keeps one, from `inviterId`. */
export function invitationStatement(
  database: Database,
  { invitationId, organisationId, email, role, createdAt, expiresAt }: Invitation,
  inviterId: string,
  condition: SQL,
) {
  return database.insert(tokens).select(sql`
    SELECT ${invitationId}, 'invite', ${email}, ${inviterId}, ${organisationId}, ${JSON.stringify({ role })},
      ${createdAt}, ${expiresAt}, NULL
    WHERE ${condition}`);
}

/** Which open ones of an organisation end: one, those to an address, or those that a developer sent. */
export type EndedInvitations =
  | { readonly invitationId: string }
  | { readonly email: string }
  | { readonly inviterId: string };

export function endInvitationsStatement(
  database: Database,
  organisationId: string,
  which: EndedInvitations,
  now: number,
  condition: SQL,
) {
  const named =
    'invitationId' in which
      ? eq(tokens.digest, which.invitationId)
      : 'email' in which
        ? eq(tokens.email, which.email)
        : eq(tokens.developerId, which.inviterId);
  return database
    .update(tokens)
    .set({ usedAt: now })
    .where(and(eq(tokens.organisationId, organisationId), named, isOpen(now), condition));
}
