/** The end of a draft, for the batch that registers what it became. */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '#edge/database.ts';
import { applicationDraftsTable } from '#portal/application-draft.table.ts';
import type { ApplicationDraft } from '#portal/application-draft.ts';

/** That a draft is open still, and another condition holds. */
export function isOpenDraft({ organisationId, developerId, draftId }: ApplicationDraft, condition: SQL): SQL {
  return sql`${condition} AND EXISTS (SELECT 1 FROM application_drafts WHERE organisation_id = ${organisationId}
    AND developer_id = ${developerId} AND draft_id = ${draftId} AND client_id IS NULL)`;
}

/** Notes which client a draft became, where `condition` holds. */
export function closeDraftStatement(
  database: Database,
  { organisationId, developerId, draftId }: ApplicationDraft,
  clientId: string,
  condition: SQL,
) {
  return database
    .update(applicationDraftsTable)
    .set({ clientId })
    .where(
      and(
        eq(applicationDraftsTable.organisationId, organisationId),
        eq(applicationDraftsTable.developerId, developerId),
        eq(applicationDraftsTable.draftId, draftId),
        condition,
      ),
    );
}
