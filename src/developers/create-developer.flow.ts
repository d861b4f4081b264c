/**
 * Makes an account from a mailed token: with an organisation of its own, or as a member of the one that invited. D1: one read
 * and one batch, which uses the token and writes it down. Objects: none.
 */
import { organisationStatement } from '#clients/organisation.statements.ts';
import type { Organisation } from '#clients/organisation.ts';
import {
  insertDeveloperStatement,
  insertMembershipStatement,
  mayBeMade,
} from '#developers/developer.statements.ts';
import type { Developer } from '#developers/member.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import type { MemberRole } from '#developers/role.ts';
import { type NamedToken, useTokenStatement } from '#developers/token.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';

export interface AccountWanted {
  /** Of the mail that proved the address. */
  readonly token: NamedToken;
  readonly email: string;
  readonly name: string;
  /** As `hashPassword` made it; null for who will sign in by passkey alone. */
  readonly passwordDigest: string | null;
  /** The organisation that they will belong to. */
  readonly organisationId: string;
  readonly role: MemberRole;
  /** The same, where it is new and their own. */
  readonly made?: Organisation;
}

/**
 * Of all that race with one token, or for one address, one wins. Undefined where the token was used or has ended, or the
 * address has an account by now.
 */
export async function createDeveloper(scope: Scope, wanted: AccountWanted): Promise<Developer | undefined> {
  const { token, email, name, passwordDigest, organisationId, role, made } = wanted;
  const { database, now } = scope;
  const developerId = `dev_${newSecret().slice(0, 22)}`;
  const isRecorded = await recordDeed(
    scope,
    { organisationId, actorId: developerId, actor: email },
    made === undefined
      ? { action: 'member.join', subject: developerId, detail: { email, role } }
      : { action: 'organisation.create', subject: organisationId, detail: { name: made.name } },
    {
      condition: mayBeMade(token, email, now),
      changes: (condition) => [
        ...(made === undefined ? [] : [organisationStatement(database, made, condition)]),
        insertDeveloperStatement(database, { developerId, email, name, passwordDigest }, now, condition),
        insertMembershipStatement(database, { organisationId, developerId, role }, now, condition),
        useTokenStatement(database, token.digest, now, condition),
      ],
    },
  );
  return isRecorded ? { developerId, email, name } : undefined;
}
