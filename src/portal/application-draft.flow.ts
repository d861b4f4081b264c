/** Puts an application together, step by step. D1: one read, one write. Objects: none (the sandbox directory's keys on a cold isolate). */
import type { Organisation } from '#clients/organisation.ts';
import { verifyStatement } from '#clients/verify-statement.flow.ts';
import type { Member } from '#developers/member.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import type { SoftwareAnswers } from '#portal/application-answers.ts';
import type { DraftOwner } from '#portal/application-draft.statements.ts';
import { deleteDraftsBefore, putDraft, readDraft, updateDraft } from '#portal/application-draft.store.ts';
import {
  type ApplicationDraft,
  type DraftContent,
  describeSoftware,
  problemsOfStatement,
} from '#portal/application-draft.ts';
import type { MintStatement } from '#portal/statement-mint.ts';

/** A draft nobody touched for so long is forgotten. */
const DRAFT_LIFETIME_SECONDS = 30 * DAY_SECONDS;

function ownerOf({ organisation, developer }: Member): DraftOwner {
  return { organisationId: organisation.organisationId, developerId: developer.developerId };
}

/** The member's draft in the organisation, open or not. */
export async function findDraft(scope: Scope, member: Member): Promise<ApplicationDraft | undefined> {
  return retryRead(scope, () => readDraft(scope.database, ownerOf(member)));
}

/** Takes the first step's answers: into the open draft named, else into a new one in the place of what was there. */
export async function saveSoftware(
  scope: Scope,
  member: Member,
  draftId: string,
  software: SoftwareAnswers,
): Promise<void> {
  const known = await findDraft(scope, member);
  const isGoingOn = known !== undefined && known.clientId === null && known.draftId === draftId;
  await putDraft(scope.database, {
    ...ownerOf(member),
    draftId: isGoingOn ? known.draftId : newUuid(),
    // A statement of the sandbox directory says what was answered before: it is minted anew.
    content: isGoingOn ? { ...withoutMinted(scope, known.content), software } : { software },
    clientId: null,
    updatedAt: scope.now,
  });
}

function withoutMinted(scope: Scope, { statement, ...content }: DraftContent): DraftContent {
  return statement === undefined || scope.settings.environment === 'sandbox'
    ? content
    : { ...content, statement };
}

/** Takes the answers of a later step; false where the draft is open no more. */
export async function saveAnswers(
  scope: Scope,
  draft: ApplicationDraft,
  answers: Pick<DraftContent, 'keys' | 'statement'>,
): Promise<boolean> {
  const content = { ...withoutMinted(scope, draft.content), ...answers };
  return updateDraft(scope.database, { ...draft, content, updatedAt: scope.now });
}

/**
 * Has the sandbox directory issue the statement that the first two steps describe. Refuses with `invalid_request` naming the
 * members; false where the draft is open no more.
 */
export async function mintDraftStatement(
  scope: Scope,
  organisation: Organisation,
  draft: ApplicationDraft,
  mint: MintStatement,
): Promise<Result<boolean>> {
  const { software, keys } = draft.content;
  if (software === undefined || keys === undefined) return ok(false);
  const minted = await mint(scope, organisation, describeSoftware(software, keys));
  return minted.ok ? ok(await saveAnswers(scope, draft, { statement: minted.value })) : minted;
}

/**
 * Takes a statement of a trusted directory. Refuses as `verifyStatement` does, and with `invalid_software_statement` listing what does
 * not fit the steps before it; false where the draft is open no more.
 */
export async function takeStatement(
  scope: Scope,
  draft: ApplicationDraft,
  statement: string,
): Promise<Result<boolean>> {
  const verified = await verifyStatement(scope, statement);
  if (!verified.ok) return verified;
  const problems = problemsOfStatement(draft.content, verified.value);
  if (problems.length > 0) {
    return refuse('invalid_software_statement', 'does not fit the steps before', {
      errors: problems.map(({ field, message }) => ({ field, message, code: 'invalid' })),
    });
  }
  return ok(await saveAnswers(scope, draft, { statement }));
}

/** Forgets old drafts, once a day. */
export async function forgetDrafts(scope: Scope): Promise<void> {
  await deleteDraftsBefore(scope.database, scope.now - DRAFT_LIFETIME_SECONDS);
}
