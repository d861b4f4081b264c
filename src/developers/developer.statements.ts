/** Statements that make a developer and a membership, for the batch that also writes it down. */
import { type SQL, sql } from 'drizzle-orm';
import { newOrganisationStatement } from '#clients/organisation.statements.ts';
import type { Organisation } from '#clients/organisation.ts';
import { developersTable } from '#developers/developer.table.ts';
import type { TokenPurpose } from '#developers/mailed-token.ts';
import { membershipsTable } from '#developers/membership.table.ts';
import type { MemberRole } from '#developers/role.ts';
import { isTokenOpen, useTokenStatement } from '#developers/token.statements.ts';
import type { Database, Statement } from '#edge/database.ts';

export interface NewAccount {
  readonly developerId: string;
  readonly email: string;
  readonly name: string;
  readonly passwordDigest: string | null;
}

/** That no account has the address. */
function isFreeEmail(email: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM developers WHERE email = ${email})`;
}

/** Makes the account, its address confirmed by what led here; one that has the address stays as it is. */
function insertDeveloperStatement(database: Database, account: NewAccount, now: number, condition: SQL) {
  const { developerId, email, name, passwordDigest } = account;
  return database
    .insert(developersTable)
    .select(
      sql`SELECT ${developerId}, ${email}, ${name}, ${passwordDigest}, ${now}, ${now} WHERE ${condition}`,
    )
    .onConflictDoNothing();
}

export interface NewMembership {
  readonly organisationId: string;
  readonly developerId: string;
  readonly role: MemberRole;
}

/** Makes a member; who is one stays as they are. */
export function insertMembershipStatement(
  database: Database,
  { organisationId, developerId, role }: NewMembership,
  now: number,
  condition: SQL,
) {
  return database
    .insert(membershipsTable)
    .select(sql`SELECT ${organisationId}, ${developerId}, ${role}, ${now} WHERE ${condition}`)
    .onConflictDoNothing();
}

export interface AccountParts {
  readonly account: NewAccount;
  readonly organisationId: string;
  readonly role: MemberRole;
  /** The organisation itself, where it is new. */
  readonly organisation: Organisation | undefined;
  readonly token: { readonly digest: string; readonly purpose: TokenPurpose };
  readonly now: number;
}

/** Under which condition an account is made, and all that makes it: parts of the deed that tells of it. */
export function accountParts(database: Database, parts: AccountParts) {
  const { account, organisationId, role, organisation, token, now } = parts;
  const { developerId, email } = account;
  return {
    condition: sql`${isTokenOpen(token.digest, token.purpose, now)} AND ${isFreeEmail(email)}`,
    changes: (isRecorded: SQL): readonly Statement[] => [
      ...(organisation === undefined ? [] : [newOrganisationStatement(database, organisation, isRecorded)]),
      insertDeveloperStatement(database, account, now, isRecorded),
      insertMembershipStatement(database, { organisationId, developerId, role }, now, isRecorded),
      useTokenStatement(database, token.digest, now, isRecorded),
    ],
  };
}
