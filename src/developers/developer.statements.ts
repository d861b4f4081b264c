/** Statements that make a developer and a membership, for the batch that also writes it down. */
import { type SQL, sql } from 'drizzle-orm';
import { developersTable } from '#developers/developer.table.ts';
import { membershipsTable } from '#developers/membership.table.ts';
import type { MemberRole } from '#developers/role.ts';
import { isTokenOpen, type NamedToken } from '#developers/token.statements.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

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
  const row = { ...account, emailConfirmedAt: now, createdAt: now };
  return insertWhere(database, developersTable, row, condition).onConflictDoNothing();
}

export interface NewMembership {
  readonly organisationId: string;
  readonly developerId: string;
  readonly role: MemberRole;
}

/** Makes a member; who is one stays as they are. */
export function insertMembershipStatement(
  database: Database,
  membership: NewMembership,
  now: number,
  condition: SQL,
) {
  const row = { ...membership, createdAt: now };
  return insertWhere(database, membershipsTable, row, condition).onConflictDoNothing();
}
