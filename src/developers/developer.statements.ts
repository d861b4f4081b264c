/** Statements that make a developer and a membership, for the batch that also writes it down. */
import { type SQL, sql } from 'drizzle-orm';
import { developersTable } from '#developers/developer.table.ts';
import { membershipsTable } from '#developers/membership.table.ts';
import type { MemberRole } from '#developers/role.ts';
import { isTokenOpen, type NamedToken } from '#developers/token.statements.ts';
import type { Database } from '#edge/database.ts';

export interface NewAccount {
  readonly developerId: string;
  readonly email: string;
  readonly name: string;
  readonly passwordDigest: string | null;
}

/** That the token is open, and no account has the address. */
export function mayBeMade(token: NamedToken, email: string, now: number): SQL {
  return sql`${isTokenOpen(token, now)} AND NOT EXISTS (SELECT 1 FROM developers WHERE email = ${email})`;
}

/** Makes the account, its address confirmed by what led here; one that has the address stays as it is. */
export function insertDeveloperStatement(
  database: Database,
  account: NewAccount,
  now: number,
  condition: SQL,
) {
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
