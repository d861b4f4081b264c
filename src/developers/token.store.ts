/** Mailed tokens in D1: kept while an address gets not too many mails, read by their digest, forgotten after their end. */
import { lt, type SQL, sql } from 'drizzle-orm';
import {
  type AwaitedAccount,
  CONFIRM_SECONDS,
  ENDED_KEPT_SECONDS,
  MAIL_WINDOWS,
  MAILS_A_DAY,
  MAILS_AN_HOUR,
  type TokenPurpose,
} from '#developers/mailed-token.ts';
import { isOpenToken, type NamedToken } from '#developers/token.statements.ts';
import { developerTokensTable as tokens } from '#developers/token.table.ts';
import type { Database } from '#edge/database.ts';
import { insertWhere } from '#edge/insert-where.statements.ts';

export interface NewToken {
  readonly digest: string;
  readonly email: string;
  readonly now: number;
  readonly expiresAt: number;
}

interface Asked extends NewToken {
  /** What the token is for; without that, of an address in the other state, the row is a note. */
  readonly purpose: 'confirm' | 'reset';
  readonly detail: string;
  /** What a note in its place says. */
  readonly note: string;
  /** Whether the deployment takes one more. */
  readonly condition?: SQL;
}

/**
 * Keeps what was asked for, in the same one write whether the address has an account or not. A sign-up of a known address
 * and a reset of an unknown one become notes, which open nothing. Nothing is written when the address got its mails already.
 */
function askedStatement(
  database: Database,
  { digest, email, now, expiresAt, purpose, detail, note, condition = sql`1` }: Asked,
) {
  const developerId = sql`(SELECT developer_id FROM developers WHERE email = ${email})`;
  const isMeant = purpose === 'confirm' ? sql`${developerId} IS NULL` : sql`${developerId} IS NOT NULL`;
  const isOfSignUp = purpose === 'confirm' ? 1 : 0;
  // Counted apart: asking for one must not keep the other's mail away.
  const sentSince = (seconds: number) => sql`(SELECT count(*) FROM developer_tokens
    WHERE email = ${email} AND created_at > ${now - seconds} AND json_extract(detail, '$.sign_up') IS ${isOfSignUp})`;
  const row = {
    digest,
    purpose: sql`CASE WHEN ${isMeant} THEN ${purpose} ELSE 'note' END`,
    email,
    developerId,
    detail: sql`CASE WHEN ${isMeant} THEN ${detail} ELSE ${note} END`,
    createdAt: now,
    expiresAt,
  };
  const mayBeSent = sql`${sentSince(MAIL_WINDOWS.hour)} < ${MAILS_AN_HOUR}
    AND ${sentSince(MAIL_WINDOWS.day)} < ${MAILS_A_DAY} AND ${condition}`;
  return insertWhere(database, tokens, row, mayBeSent).returning({ purpose: tokens.purpose });
}

/** What was kept; undefined when the address got its mails already. */
type Kept = { readonly purpose: TokenPurpose } | undefined;

/** How many sign-ups are taken within an hour, of all and of where this one comes from. */
export interface SignUpBounds {
  readonly maximum: number;
  readonly source: string;
  readonly ofSource: number;
}

/** Whether the hour before `now` holds as many; the ends of sign-ups, which have an index, tell when they came. */
function isHourFull(now: number, { maximum, source, ofSource }: SignUpBounds): SQL<number> {
  const end = now + CONFIRM_SECONDS;
  return sql`(SELECT count(*) >= ${maximum} OR count(*) FILTER (WHERE json_extract(detail, '$.source') IS ${source}) >= ${ofSource}
    FROM developer_tokens WHERE expires_at > ${end - MAIL_WINDOWS.hour}
    AND expires_at <= ${end} AND json_extract(detail, '$.sign_up') IS 1)`;
}

/** `full`: the deployment, or this one's source, has had its sign-ups of the hour; the same for every address. */
export async function insertSignUp(
  database: Database,
  token: NewToken,
  account: AwaitedAccount,
  bounds: SignUpBounds,
): Promise<Kept | 'full'> {
  const isFull = isHourFull(token.now, bounds);
  const note = { sign_up: 1, source: bounds.source };
  const [[hour], [row]] = await database.batch([
    database.select({ isFull }).from(sql`(SELECT 1)`),
    askedStatement(database, {
      ...token,
      purpose: 'confirm',
      detail: JSON.stringify({ ...account, ...note }),
      note: JSON.stringify(note),
      condition: sql`NOT ${isFull}`,
    }),
  ]);
  return hour?.isFull === 1 ? 'full' : (row as Kept);
}

export async function insertReset(database: Database, token: NewToken): Promise<Kept> {
  const detail = '{"sign_up":0}';
  const [row] = await askedStatement(database, { ...token, purpose: 'reset', detail, note: detail });
  return row as Kept;
}

export interface OpenToken {
  readonly digest: string;
  readonly email: string;
  readonly developerId: string | null;
  readonly detail: string;
}

export async function readOpenToken(
  database: Database,
  token: NamedToken,
  now: number,
): Promise<OpenToken | undefined> {
  const [row] = await database.select().from(tokens).where(isOpenToken(token, now));
  return row;
}

export async function deleteEndedTokens(database: Database, now: number): Promise<void> {
  await database.delete(tokens).where(lt(tokens.expiresAt, now - ENDED_KEPT_SECONDS));
}
