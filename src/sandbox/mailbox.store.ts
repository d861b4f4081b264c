/** The local mailbox in D1: a message put in with the old ones thrown out, and the newest read. */
import { desc, lt, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { localMessagesTable as messages } from '#sandbox/local-message.table.ts';

export type LocalMessage = typeof messages.$inferSelect;

/** Messages shown at most. */
const SHOWN_MAXIMUM = 50;

export async function insertMessage(
  database: Database,
  message: LocalMessage,
  keptSince: number,
): Promise<void> {
  await database.batch([
    database.insert(messages).values(message),
    database.delete(messages).where(lt(messages.sentAt, keptSince)),
  ]);
}

/** The newest first. */
export function readMessages(database: Database): Promise<readonly LocalMessage[]> {
  // Within one second the later of two was put in later.
  return database
    .select()
    .from(messages)
    .orderBy(desc(messages.sentAt), desc(sql`rowid`))
    .limit(SHOWN_MAXIMUM);
}
