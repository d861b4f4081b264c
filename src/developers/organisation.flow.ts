/**
 * A developer's organisations: what one page says of one, its name, another one, and the choice between them. D1: one batch
 * to read; two for a change (the log's end, one batch); one write to choose. Objects: none.
 */
import { organisationStatement, renameOrganisationStatement } from '#clients/organisation.statements.ts';
import { insertMembershipStatement } from '#developers/developer.statements.ts';
import { invitationOf, selectInvitations } from '#developers/invitation.store.ts';
import type { Invitation } from '#developers/invitation.ts';
import type { Account, Member } from '#developers/member.ts';
import {
  chooseOrganisation,
  type ListedMember,
  mayMakeOrganisation,
  selectMembers,
  switchStatement,
} from '#developers/membership.store.ts';
import { newOrganisation } from '#developers/new-organisation.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** What one developer may belong to and still make another. */
const ORGANISATIONS_MAXIMUM = 20;

export interface OrganisationState {
  /** The oldest first. */
  readonly members: readonly ListedMember[];
  /** Those that still hold. */
  readonly invitations: readonly Invitation[];
}

export async function readOrganisation(scope: Scope, { organisation }: Member): Promise<OrganisationState> {
  const { database, now } = scope;
  const { organisationId } = organisation;
  const [members, tokens] = await retryRead(scope, () =>
    database.batch([
      selectMembers(database, organisationId),
      selectInvitations(database, organisationId, now),
    ]),
  );
  return {
    members,
    invitations: tokens.map(invitationOf),
  };
}

/** False: whoever asked is no owner any more. */
export async function renameOrganisation(scope: Scope, member: Member, name: string): Promise<boolean> {
  const { organisationId, name: from } = member.organisation;
  if (name === from) return true;
  return recordDeed(
    scope,
    doerOf(member),
    { action: 'organisation.rename', subject: organisationId, detail: { from, to: name } },
    {
      allowed: 'organisation.change',
      changes: (isRecorded) => [
        renameOrganisationStatement(scope.database, organisationId, name, isRecorded),
      ],
    },
  );
}

/**
 * Makes an organisation whose owner the developer is, and goes on in it; a form sent twice makes one: its `nonce` is spent.
 * False: they belong to too many.
 */
export async function makeOrganisation(
  scope: Scope,
  { developer, session }: Account,
  { name, nonce }: { readonly name: string; readonly nonce: string },
): Promise<boolean> {
  const { database, now, settings } = scope;
  const { developerId } = developer;
  const seed = JSON.stringify([developerId, nonce]);
  const organisation = await newOrganisation(settings.environment, name, now, seed);
  const { organisationId } = organisation;
  const isMade = await recordDeed(
    scope,
    doerOf({ developer, organisation }),
    { action: 'organisation.create', subject: organisationId, detail: { name } },
    {
      condition: mayMakeOrganisation(developerId, organisationId, ORGANISATIONS_MAXIMUM),
      changes: (isRecorded) => [
        organisationStatement(database, organisation, isRecorded),
        insertMembershipStatement(database, { organisationId, developerId, role: 'owner' }, now, isRecorded),
        switchStatement(database, session, organisationId),
      ],
    },
  );
  return isMade || chooseOrganisation(database, session, organisationId);
}

/** The session goes on in another of the developer's organisations; nothing happens where they do not belong to it. */
export async function switchOrganisation(
  scope: Scope,
  { session }: Member,
  organisationId: string,
): Promise<void> {
  await chooseOrganisation(scope.database, session, organisationId);
}
