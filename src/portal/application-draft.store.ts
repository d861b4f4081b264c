/** Applications being put together, in D1. */
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { applicationDraftsTable } from '#portal/application-draft.table.ts';
import type { ApplicationDraft, DraftContent } from '#portal/application-draft.ts';

/** Whose draft it is. */
export interface DraftOwner {
  readonly organisationId: string;
  readonly developerId: string;
}

function isOf({ organisationId, developerId }: DraftOwner) {
  return and(
    eq(applicationDraftsTable.organisationId, organisationId),
    eq(applicationDraftsTable.developerId, developerId),
  );
}

export async function readDraft(
  database: Database,
  owner: DraftOwner,
): Promise<ApplicationDraft | undefined> {
  const [row] = await database.select().from(applicationDraftsTable).where(isOf(owner));
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
export async function updateDraft(
  database: Database,
  { draftId, content, updatedAt, ...owner }: ApplicationDraft,
): Promise<boolean> {
  const { meta } = await database
    .update(applicationDraftsTable)
    .set({ content: JSON.stringify(content), updatedAt })
    .where(
      and(isOf(owner), eq(applicationDraftsTable.draftId, draftId), isNull(applicationDraftsTable.clientId)),
    );
  return meta.changes > 0;
}

/** Forgets drafts that nobody touched since. */
export async function deleteDraftsBefore(database: Database, time: number): Promise<void> {
  await database.delete(applicationDraftsTable).where(lt(applicationDraftsTable.updatedAt, time));
}
