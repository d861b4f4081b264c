/** `/dashboard/applications/new`: an application made in four steps, each a form of its own. */
import type { Context, Hono } from 'hono';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { isShownForAnother } from '#developers/organisation.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { readForm } from '#edge/body.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import { makeRoutes } from '#edge/routes.ts';
import { parseKeys, parseSoftware } from '#portal/application-answers.ts';
import {
  findDraft,
  mintDraftStatement,
  readDraftStatement,
  saveKeys,
  saveSoftware,
  takeStatement,
} from '#portal/application-draft.flow.ts';
import { type ApplicationDraft, firstOpenStep, isReached, type Step } from '#portal/application-draft.ts';
import { type Asked, keyValues, softwareValues } from '#portal/application-form.view.tsx';
import { type Answer, problemsOf, show, typed, viewingOf } from '#portal/application-page.pages.tsx';
import { applicationPath } from '#portal/application-paths.ts';
import {
  KeysStepView,
  ReviewStepView,
  SoftwareStepView,
  STEP_PATHS,
  StatementStepView,
} from '#portal/application-steps.view.tsx';
import { envText, firstCalls } from '#portal/first-steps.ts';
import { registerApplication, reviewDraft } from '#portal/register-application.flow.ts';
import { RegisteredView } from '#portal/registered-application.view.tsx';
import type { MintStatement } from '#portal/statement-mint.ts';

type PageContext = Context<MemberEnv>;

/** Shown where a form belongs to an application that was begun anew, registered or forgotten since. */
const LOST = `${STEP_PATHS.software}?lost=1`;
const LOST_PROBLEM: Problem = {
  message: 'That form belonged to an application you are no longer making. This is the one you are at.',
};

function ownerOf({ var: { member } }: PageContext) {
  return {
    organisationId: member.organisation.organisationId,
    developerId: member.developer.developerId,
  };
}

async function findOpenDraft(c: PageContext): Promise<ApplicationDraft | undefined> {
  const draft = await findDraft(c.var.scope, ownerOf(c));
  return draft?.clientId === null ? draft : undefined;
}

/** The open draft where the step before is answered; else the way there. */
async function findDraftAt(c: PageContext, step: Step, named?: string): Promise<ApplicationDraft | Response> {
  const draft = await findOpenDraft(c);
  if (draft === undefined || (c.req.method === 'POST' && draft.draftId !== named)) {
    return seeOther(c, c.req.method === 'POST' ? LOST : STEP_PATHS.software);
  }
  return isReached(draft.content, step) ? draft : seeOther(c, STEP_PATHS[firstOpenStep(draft.content)]);
}

const BLANK: Asked = { values: { role_AISP: 'on' }, problems: [] };

async function showSoftware(c: PageContext, posted?: Asked): Promise<Response> {
  const isFresh = c.req.query('fresh') !== undefined;
  const draft = isFresh ? undefined : await findOpenDraft(c);
  const { content = {}, draftId } = draft ?? {};
  const known = content.software === undefined ? BLANK.values : softwareValues(content.software);
  const problems = c.req.query('lost') === undefined ? [] : [LOST_PROBLEM];
  const asked = posted ?? { values: known, problems };
  return show(
    c,
    <SoftwareStepView {...viewingOf(c.var)} content={content} draftId={draftId} asked={asked} />,
    posted?.problems,
  );
}

function showKeys(c: PageContext, { content, draftId }: ApplicationDraft, posted?: Asked): Answer {
  const asked = posted ?? { values: keyValues(content.keys), problems: [] };
  return show(
    c,
    <KeysStepView {...viewingOf(c.var)} content={content} draftId={draftId} asked={asked} />,
    posted?.problems,
  );
}

function showStatement(
  c: PageContext,
  { content, draftId }: ApplicationDraft,
  isMinted: boolean,
  posted?: Asked,
): Answer {
  const asked = posted ?? { values: { software_statement: content.statement }, problems: [] };
  return show(
    c,
    <StatementStepView
      {...viewingOf(c.var)}
      content={content}
      draftId={draftId}
      asked={asked}
      isMinted={isMinted}
    />,
    posted?.problems,
  );
}

async function showReview(
  c: PageContext,
  draft: ApplicationDraft,
  posted: readonly Problem[] = [],
): Promise<Response> {
  const { scope } = c.var;
  const [review, statement] = await Promise.all([
    reviewDraft(scope, draft),
    readDraftStatement(scope, draft),
  ]);
  if (review === undefined) return seeOther(c, STEP_PATHS[firstOpenStep(draft.content)]);
  const problems = statement.ok ? posted : problemsOf(statement.refusal);
  return show(
    c,
    <ReviewStepView
      {...viewingOf(c.var)}
      content={draft.content}
      draftId={draft.draftId}
      statement={statement.ok ? statement.value : undefined}
      body={review.body}
      form={review.form}
      // No field of them stands on this page.
      problems={problems.map(({ field: _field, ...problem }) => problem)}
    />,
    problems,
  );
}

/** `mint` is the sandbox directory's; without one statements are pasted. */
export function applicationStepPages(mint: MintStatement | undefined): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  const guard = requireMember('applications.change');
  const mintOf = (c: PageContext) => (c.var.scope.settings.environment === 'sandbox' ? mint : undefined);

  pages.get(STEP_PATHS.software, guard, (c) => showSoftware(c));

  pages.post(STEP_PATHS.software, guard, async (c) => {
    const { scope, member } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    // The steps after it name a draft, which is of one organisation.
    if (isShownForAnother(member, form.value)) {
      return answerStop(c, 'other_organisation', 'form of another organisation');
    }
    const { environment } = scope.settings;
    const software = parseSoftware(form.value, { environment, withRoles: environment === 'sandbox' });
    if (!software.ok) return showSoftware(c, { values: typed(form.value), problems: software.problems });
    await saveSoftware(scope, ownerOf(c), form.value.get('draft'), software.value);
    return seeOther(c, STEP_PATHS.keys);
  });

  pages.get(STEP_PATHS.keys, guard, async (c) => {
    const draft = await findDraftAt(c, 'keys');
    return draft instanceof Response ? draft : showKeys(c, draft);
  });

  pages.post(STEP_PATHS.keys, guard, async (c) => {
    const { scope } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const draft = await findDraftAt(c, 'keys', form.value.get('draft'));
    if (draft instanceof Response) return draft;
    const keys = parseKeys(form.value, (url) => checkOutboundUrl(url, scope).ok);
    if (!keys.ok) return showKeys(c, draft, { values: typed(form.value), problems: keys.problems });
    const isSaved = await saveKeys(scope, draft, keys.value);
    return seeOther(c, isSaved ? STEP_PATHS.statement : LOST);
  });

  pages.get(STEP_PATHS.statement, guard, async (c) => {
    const draft = await findDraftAt(c, 'statement');
    return draft instanceof Response ? draft : showStatement(c, draft, mintOf(c) !== undefined);
  });

  pages.post(STEP_PATHS.statement, guard, async (c) => {
    const { scope, member } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const draft = await findDraftAt(c, 'statement', form.value.get('draft'));
    if (draft instanceof Response) return draft;
    const directory = mintOf(c);
    const text = (form.value.get('software_statement') ?? '').trim();
    const saved =
      directory === undefined
        ? await takeStatement(scope, draft, text)
        : await mintDraftStatement(scope, member.organisation, draft, directory);
    if (saved.ok) return seeOther(c, saved.value ? STEP_PATHS.review : LOST);
    const problems = problemsOf(saved.refusal, 'software_statement');
    return showStatement(c, draft, directory !== undefined, { values: typed(form.value), problems });
  });

  pages.get(STEP_PATHS.review, guard, async (c) => {
    const draft = await findDraftAt(c, 'review');
    return draft instanceof Response ? draft : showReview(c, draft);
  });

  pages.post(STEP_PATHS.review, guard, async (c) => {
    const { scope, member } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const outcome = await registerApplication(scope, member, form.value.get('form'));
    if (!outcome.ok) {
      const draft = await findOpenDraft(c);
      const problems = problemsOf(outcome.refusal);
      const step = draft === undefined ? undefined : firstOpenStep(draft.content);
      // Begun anew in another tab: that one has not come so far.
      if (draft === undefined || step === 'software' || step === 'keys') return seeOther(c, LOST);
      if (step === 'review') return showReview(c, draft, problems);
      // Changed in another tab, so that its statement fits no more: this page says so, and gets another.
      return showStatement(c, draft, mintOf(c) !== undefined, { values: {}, problems });
    }
    if (outcome.value.is === 'registered_before') {
      return seeOther(c, `${applicationPath(outcome.value.clientId)}?done=before`);
    }
    const { registration, registrationToken } = outcome.value;
    const { issuer, environment } = scope.settings;
    return show(
      c,
      <RegisteredView
        {...viewingOf(c.var)}
        registration={registration}
        registrationToken={registrationToken}
        env={envText(issuer, registration.client, registrationToken)}
        blocks={firstCalls(registration.client, environment)}
      />,
    );
  });

  return pages;
}
