/** Applications being put together, in D1. */
import { lt } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { type DraftOwner, isDraftOf, isOpenRow } from '#portal/application-draft.statements.ts';
import { applicationDraftsTable } from '#portal/application-draft.table.ts';
import type { ApplicationDraft, DraftContent } from '#portal/application-draft.ts';

export async function readDraft(
  database: Database,
  owner: DraftOwner,
): Promise<ApplicationDraft | undefined> {
  const [row] = await database.select().from(applicationDraftsTable).where(isDraftOf(owner));
  return row === undefined ? undefined : { ...row, content: JSON.parse(row.content) as DraftContent };
}

/** Puts a draft in the place of the one before. */
export async function putDraft(database: Database, draft: ApplicationDraft): Promise<void> {
  const row = { ...draft, content: JSON.stringify(draft.content) };
  await database
    .insert(applicationDraftsTable)
    .values(row)
    .onConflictDoUpdate({
      target: [applicationDraftsTable.organisationId, applicationDraftsTable.developerId],
      set: row,
    });
}

/** Changes what a draft says while it is open; whether it was. */
export async function updateDraft(database: Database, draft: ApplicationDraft): Promise<boolean> {
  const { content, updatedAt } = draft;
  const { meta } = await database
    .update(applicationDraftsTable)
    .set({ content: JSON.stringify(content), updatedAt })
    .where(isOpenRow(draft));
  return meta.changes > 0;
}

/** Forgets drafts that nobody touched since. */
export async function deleteDraftsBefore(database: Database, time: number): Promise<void> {
  await database.delete(applicationDraftsTable).where(lt(applicationDraftsTable.updatedAt, time));
}
