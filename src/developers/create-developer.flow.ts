/**
 * Makes an account from a mailed token: with an organisation of its own, or as a member of the one that invited. D1: one read
 * and one batch, which uses the token and writes it down. Objects: none.
 */
import { accountParts } from '#developers/developer.statements.ts';
import type { TokenPurpose } from '#developers/mailed-token.ts';
import type { Developer } from '#developers/member.ts';
import { newOrganisation } from '#developers/new-organisation.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import type { MemberRole } from '#developers/role.ts';
import type { Scope } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** An organisation that the developer is invited to. */
export interface Joining {
  readonly organisationId: string;
  readonly role: MemberRole;
}

export interface AccountWanted {
  /** Of the mail that proved the address. */
  readonly token: { readonly digest: string; readonly purpose: TokenPurpose };
  readonly email: string;
  readonly name: string;
  /** As `hashPassword` made it; null for who will sign in by passkey alone. */
  readonly passwordDigest: string | null;
  /** Joins an organisation, or makes one of that name and owns it. */
  readonly belongs: { readonly joins: Joining } | { readonly makes: string };
}

/**
 * Of all that race with one token, or for one address, one wins. Refuses with `conflict` where the token was used or has
 * ended, or the address has an account by now.
 */
export async function createDeveloper(scope: Scope, wanted: AccountWanted): Promise<Result<Developer>> {
  const { token, email, name, passwordDigest, belongs } = wanted;
  const developerId = `dev_${newSecret().slice(0, 22)}`;
  const { database, settings, now } = scope;
  const organisation =
    'makes' in belongs ? await newOrganisation(settings.environment, belongs.makes, now) : undefined;
  const { organisationId, role } =
    'joins' in belongs
      ? belongs.joins
      : { organisationId: organisation?.organisationId ?? '', role: 'owner' as const };
  const account = { developerId, email, name, passwordDigest };
  const recorded = await recordDeed(
    scope,
    { organisationId, actorId: developerId, actor: email },
    organisation === undefined
      ? { action: 'member.join', subject: developerId, detail: { email, role } }
      : { action: 'organisation.create', subject: organisationId, detail: { name: organisation.name } },
    accountParts(database, { account, organisationId, role, organisation, token, now }),
  );
  return recorded
    ? ok({ developerId, email, name })
    : refuse('conflict', 'token used or ended, or the address has an account');
}
