/** Statements that use a mailed token once, for the batch in which it opens something; and what tells an open one. */
import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { TokenPurpose } from '#developers/mailed-token.ts';
import { developerTokensTable as tokens } from '#developers/token.table.ts';
import type { Database } from '#edge/database.ts';

export interface NamedToken {
  readonly digest: string;
  readonly purpose: TokenPurpose;
}

/** Of a row of tokens: that it still opens what it is for. */
export function isOpen(purpose: TokenPurpose, now: number): SQL | undefined {
  return and(eq(tokens.purpose, purpose), isNull(tokens.usedAt), gt(tokens.expiresAt, now));
}

/** Of a row of tokens: that it is this one, and still opens what it is for. */
export function isOpenToken({ digest, purpose }: NamedToken, now: number): SQL | undefined {
  return and(eq(tokens.digest, digest), isOpen(purpose, now));
}

/** That the token still opens what it is for: a condition for each statement of the batch, before it is used. */
export function isTokenOpen(token: NamedToken, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM developer_tokens WHERE ${isOpenToken(token, now)})`;
}

/** Uses the token; put it last in the batch. */
export function useTokenStatement(database: Database, digest: string, now: number, condition: SQL) {
  return database
    .update(tokens)
    .set({ usedAt: now })
    .where(and(eq(tokens.digest, digest), isNull(tokens.usedAt), condition));
}

/** Ends the links to set a new password that an address got: once the password has changed, none is asked for. */
export function endResetsStatement(database: Database, email: string, now: number, condition: SQL) {
  return database
    .update(tokens)
    .set({ usedAt: now })
    .where(and(eq(tokens.email, email), eq(tokens.purpose, 'reset'), isNull(tokens.usedAt), condition));
}
