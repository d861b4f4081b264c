/** What holds of a draft, and its end, for the batch that registers what it became. */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { applicationDraftsTable } from '#portal/application-draft.table.ts';
import type { ApplicationDraft } from '#portal/application-draft.ts';

/** Whose draft it is. */
export type DraftOwner = Pick<ApplicationDraft, 'organisationId' | 'developerId'>;

export function isDraftOf({ organisationId, developerId }: DraftOwner): SQL | undefined {
  return and(
    eq(applicationDraftsTable.organisationId, organisationId),
    eq(applicationDraftsTable.developerId, developerId),
  );
}

/** That a row is this draft, and open still. */
export function isOpenRow(draft: ApplicationDraft): SQL | undefined {
  return and(
    isDraftOf(draft),
    eq(applicationDraftsTable.draftId, draft.draftId),
    isNull(applicationDraftsTable.clientId),
  );
}

/** That a draft is open still, and another condition holds. */
export function isOpenDraft(draft: ApplicationDraft, condition: SQL): SQL {
  return sql`${condition} AND EXISTS (SELECT 1 FROM ${applicationDraftsTable} WHERE ${isOpenRow(draft)})`;
}

/** Notes which client an open draft became, where `condition` holds. */
export function closeDraftStatement(
  database: Database,
  draft: ApplicationDraft,
  clientId: string,
  condition: SQL,
) {
  return database
    .update(applicationDraftsTable)
    .set({ clientId })
    .where(and(isOpenRow(draft), condition));
}
