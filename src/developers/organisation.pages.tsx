/** Routes of the organisation's own pages: what it is, its name, another one, the choice between them, leaving. */
import type { Context, Hono } from 'hono';
import { answerBoard, type BoardContext, boardOf, doneAt, goOn, withForm } from '#developers/board.pages.tsx';
import { leaveOrganisation } from '#developers/change-member.flow.ts';
import { invitationPages } from '#developers/invitation.pages.tsx';
import { invitingPages } from '#developers/inviting.pages.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import {
  type DeveloperEnv,
  type MemberEnv,
  requireDeveloper,
  requireMember,
} from '#developers/member.guard.tsx';
import { memberPages } from '#developers/members.pages.tsx';
import {
  makeOrganisation,
  readOrganisation,
  renameOrganisation,
  switchOrganisation,
} from '#developers/organisation.flow.ts';
import { parseOrganisationName } from '#developers/organisation.ts';
import {
  DONE,
  type Done,
  LeaveView,
  NewOrganisationView,
  ORGANISATION,
  OrganisationView,
  RenameView,
} from '#developers/organisation.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import { isSecret, newSecret } from '#kernel/ids.ts';

const NO_NAME = 'Give the organisation a name of 1 to 80 characters.';
const TOO_MANY = 'You belong to 20 organisations, which is the most there can be. Leave one first.';
const LAST_OWNER =
  'You are the only owner. Make somebody else an owner first: an organisation always has one.';

function parseDone(text: string | undefined): Done | undefined {
  return text !== undefined && Object.hasOwn(DONE, text) ? (text as Done) : undefined;
}

async function showOrganisation(c: BoardContext) {
  const state = await readOrganisation(c.var.scope, c.var.member);
  const done = parseDone(c.req.query('done'));
  return answerBoard(c, <OrganisationView {...boardOf(c)} {...state} done={done} />);
}

function showRename(c: BoardContext) {
  return answerBoard(c, <RenameView {...boardOf(c)} value={c.var.member.organisation.name} />);
}

function showLeave(c: BoardContext) {
  return answerBoard(c, <LeaveView {...boardOf(c)} />);
}

const postRename = withForm(async (c, fields) => {
  const submitted = fields.get('name');
  const name = parseOrganisationName(submitted);
  if (name === undefined) {
    const page = <RenameView {...boardOf(c)} value={submitted ?? ''} problem={NO_NAME} />;
    return answerBoard(c, page, 400);
  }
  const isRenamed = await renameOrganisation(c.var.scope, c.var.member, name);
  return isRenamed ? goOn(c, 'renamed') : answerStop(c, 'not_allowed', 'no owner any more');
});

const postSwitch = withForm(async (c, fields) => {
  await switchOrganisation(c.var.scope, c.var.member, fields.get('organisation_id') ?? '');
  return seeOther(c, DASHBOARD);
});

const postLeave = withForm(async (c) => {
  const change = await leaveOrganisation(c.var.scope, c.var.member);
  if (change === 'last_owner') {
    return answerBoard(c, <LeaveView {...boardOf(c)} problem={LAST_OWNER} />, 409);
  }
  // Left twice, or with a role changed meanwhile: the page says how it stands.
  if (change !== 'done') return seeOther(c, ORGANISATION);
  return c.var.member.organisations.length > 1 ? goOn(c, 'left') : seeOther(c, DASHBOARD);
});

interface NewForm {
  readonly nonce: string;
  readonly value: string;
}

function answerNew(c: Context<DeveloperEnv>, form: NewForm, problem?: string, status: 200 | 400 | 409 = 200) {
  const page = <NewOrganisationView site={siteOf(c.var.scope)} {...form} problem={problem} />;
  return answerPage(c, page, { scripts: 'own', status });
}

async function postNew(c: Context<DeveloperEnv>): Promise<Response> {
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const form = { nonce: fields.value.get('nonce') ?? '', value: fields.value.get('name') ?? '' };
  if (!isSecret(form.nonce)) return answerStop(c, 'bad_form', 'form without its nonce');
  const name = parseOrganisationName(form.value);
  if (name === undefined) return answerNew(c, form, NO_NAME, 400);
  const isMade = await makeOrganisation(c.var.scope, c.var, { name, nonce: form.nonce });
  return isMade ? seeOther(c, doneAt('made')) : answerNew(c, form, TOO_MANY, 409);
}

/** What belongs to the account: open to who belongs to no organisation. */
function newOrganisationPages(): Hono<DeveloperEnv> {
  const pages = makeRoutes<DeveloperEnv>();
  pages.get(`${ORGANISATION}/new`, requireDeveloper(), (c) =>
    answerNew(c, { nonce: newSecret(), value: '' }),
  );
  pages.post(`${ORGANISATION}/new`, requireDeveloper(), postNew);
  return pages;
}

/** Pages about who belongs to which organisation. */
export function organisationPages(mailerOf: MailerOf): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(ORGANISATION, requireMember('members.read'), showOrganisation);
  pages.get(`${ORGANISATION}/rename`, requireMember('organisation.change'), showRename);
  pages.post(`${ORGANISATION}/rename`, requireMember('organisation.change'), postRename);
  pages.get(`${ORGANISATION}/leave`, requireMember('account.change'), showLeave);
  pages.post(`${ORGANISATION}/leave`, requireMember('account.change'), postLeave);
  pages.post(`${ORGANISATION}/switch`, requireMember('account.change'), postSwitch);
  pages.route('/', newOrganisationPages());
  pages.route('/', memberPages());
  pages.route('/', invitingPages(mailerOf));
  pages.route('/', invitationPages());
  return pages;
}
