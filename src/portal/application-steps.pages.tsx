/** `/dashboard/applications/new`: an application made in four steps, each a form of its own. */
import type { Hono } from 'hono';
import { type Answer, answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import type { Problem } from '#developers/parts.view.tsx';
import { seeOther } from '#edge/answer-page.ts';
import type { Parameters as Fields } from '#edge/body.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { FieldOf } from '#portal/answered.ts';
import { parseKeys, parseSoftware } from '#portal/application-answers.ts';
import {
  findDraft,
  mintDraftStatement,
  saveAnswers,
  saveSoftware,
  takeStatement,
} from '#portal/application-draft.flow.ts';
import { type ApplicationDraft, firstOpenStep, isReached, type Step } from '#portal/application-draft.ts';
import { keyValues, softwareValues } from '#portal/application-form.view.tsx';
import { applicationPath } from '#portal/application-paths.ts';
import {
  KeysStepView,
  ReviewStepView,
  SoftwareStepView,
  STEP_PATHS,
  StatementStepView,
} from '#portal/application-steps.view.tsx';
import type { Asked } from '#portal/portal-page.view.tsx';
import { askedAgain, problemsOf } from '#portal/refused-form.pages.tsx';
import { registerApplication, reviewDraft } from '#portal/register-application.flow.ts';
import { RegisteredView } from '#portal/registered-application.view.tsx';
import type { MintStatement } from '#portal/statement-mint.ts';

/** Shown where a form belongs to an application that was begun anew, registered or forgotten since. */
const LOST = `${STEP_PATHS.software}?lost=1`;
const LOST_PROBLEM: Problem = {
  message: 'That form belonged to an application you are no longer making.',
};

async function findOpenDraft(c: BoardContext): Promise<ApplicationDraft | undefined> {
  const draft = await findDraft(c.var.scope, c.var.member);
  return draft?.clientId === null ? draft : undefined;
}

/** Shows a step: as it was answered before, or as it was `posted` and refused. */
type ShowStep = (c: BoardContext, draft: ApplicationDraft, posted?: Asked) => Answer;

/** A step that comes after another: shown where that is answered; else the way there. */
function shownAt(step: Step, showStep: ShowStep) {
  return async function shown(c: BoardContext): Promise<Response> {
    const draft = await findOpenDraft(c);
    if (draft === undefined) return seeOther(c, STEP_PATHS.software);
    return isReached(draft.content, step)
      ? showStep(c, draft)
      : seeOther(c, STEP_PATHS[firstOpenStep(draft.content)]);
  };
}

/** A step's form: handled where it is of the open draft, and the step before is answered. */
function takenAt(
  step: Step,
  take: (c: BoardContext, draft: ApplicationDraft, field: FieldOf, fields: Fields) => Promise<Answer>,
) {
  return withForm(async (c: BoardContext, field, fields) => {
    const draft = await findOpenDraft(c);
    if (draft === undefined || draft.draftId !== field('draft')) return seeOther(c, LOST);
    return isReached(draft.content, step)
      ? take(c, draft, field, fields)
      : seeOther(c, STEP_PATHS[firstOpenStep(draft.content)]);
  });
}

const BLANK: Asked['values'] = { role_AISP: 'on' };

async function showSoftware(c: BoardContext, posted?: Asked): Promise<Response> {
  const draft = c.req.query('fresh') === undefined ? await findOpenDraft(c) : undefined;
  const software = draft?.content.software;
  const asked = posted ?? {
    values: software === undefined ? BLANK : softwareValues(software),
    problems: c.req.query('lost') === undefined ? [] : [LOST_PROBLEM],
  };
  return answerBoard(c, <SoftwareStepView {...boardOf(c)} draft={draft} asked={asked} />);
}

function showKeys(c: BoardContext, draft: ApplicationDraft, posted?: Asked): Answer {
  const asked = posted ?? { values: keyValues(draft.content.keys), problems: [] };
  return answerBoard(c, <KeysStepView {...boardOf(c)} draft={draft} asked={asked} />);
}

async function showReview(c: BoardContext, draft: ApplicationDraft, posted?: Asked): Promise<Response> {
  const { body, form, statement } = await reviewDraft(c.var.scope, draft);
  const refused = statement.ok ? posted?.problems : problemsOf(statement.refusal);
  return answerBoard(
    c,
    <ReviewStepView
      {...boardOf(c)}
      draft={draft}
      body={body}
      form={form}
      statement={statement.ok ? statement.value : undefined}
      // No field of them stands on this page.
      problems={(refused ?? []).map(({ field: _field, ...problem }) => problem)}
    />,
    refused === undefined ? 200 : 400,
  );
}

/** `mint` is the sandbox directory's; without one statements are pasted. */
export function applicationStepPages(mint: MintStatement | undefined): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  const guard = requireMember('applications.change');
  const mintOf = (c: BoardContext) => (c.var.scope.settings.environment === 'sandbox' ? mint : undefined);
  const showStatement: ShowStep = (c, draft, posted) => {
    const asked = posted ?? { values: { software_statement: draft.content.statement }, problems: [] };
    const isMinted = mintOf(c) !== undefined;
    return answerBoard(
      c,
      <StatementStepView {...boardOf(c)} draft={draft} asked={asked} isMinted={isMinted} />,
    );
  };

  pages.get(STEP_PATHS.software, guard, (c) => showSoftware(c));

  pages.post(
    STEP_PATHS.software,
    guard,
    withForm(async (c: BoardContext, field, fields) => {
      const { scope, member } = c.var;
      const { environment } = scope.settings;
      const software = parseSoftware(field, { environment, withRoles: environment === 'sandbox' });
      if (!software.ok) return showSoftware(c, askedAgain(fields, software.problems));
      await saveSoftware(scope, member, field('draft'), software.value);
      return seeOther(c, STEP_PATHS.keys);
    }),
  );

  pages.get(STEP_PATHS.keys, guard, shownAt('keys', showKeys));

  pages.post(
    STEP_PATHS.keys,
    guard,
    takenAt('keys', async (c, draft, field, fields) => {
      const { scope } = c.var;
      const keys = parseKeys(field, (url) => checkOutboundUrl(url, scope).ok);
      if (!keys.ok) return showKeys(c, draft, askedAgain(fields, keys.problems));
      return seeOther(
        c,
        (await saveAnswers(scope, draft, { keys: keys.value })) ? STEP_PATHS.statement : LOST,
      );
    }),
  );

  pages.get(STEP_PATHS.statement, guard, shownAt('statement', showStatement));

  pages.post(
    STEP_PATHS.statement,
    guard,
    takenAt('statement', async (c, draft, field, fields) => {
      const { scope, member } = c.var;
      const directory = mintOf(c);
      const saved =
        directory === undefined
          ? await takeStatement(scope, draft, field('software_statement').trim())
          : await mintDraftStatement(scope, member.organisation, draft, directory);
      if (saved.ok) return seeOther(c, saved.value ? STEP_PATHS.review : LOST);
      const problems = problemsOf(saved.refusal, 'software_statement');
      return showStatement(c, draft, askedAgain(fields, problems));
    }),
  );

  pages.get(STEP_PATHS.review, guard, shownAt('review', showReview));

  pages.post(
    STEP_PATHS.review,
    guard,
    withForm(async (c: BoardContext, field) => {
      const { scope, member } = c.var;
      const outcome = await registerApplication(scope, member, field('form'));
      if (!outcome.ok) {
        const draft = await findOpenDraft(c);
        const asked = { values: {}, problems: problemsOf(outcome.refusal) };
        // Begun anew in another tab: that one has not come so far.
        if (draft === undefined || !isReached(draft.content, 'statement')) return seeOther(c, LOST);
        // Changed in another tab, its statement fits no more: that step says so, and gets another.
        const showOpen = isReached(draft.content, 'review') ? showReview : showStatement;
        return showOpen(c, draft, asked);
      }
      const { clientId, handout } = outcome.value;
      return handout === undefined
        ? seeOther(c, `${applicationPath(clientId)}?done=before`)
        : answerBoard(c, <RegisteredView {...boardOf(c)} {...handout} />, 200);
    }),
  );

  return pages;
}
