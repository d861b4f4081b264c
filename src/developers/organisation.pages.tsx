/** Routes of the organisation's own pages: what it is, its name, another one, the choice between them, leaving. */
import type { Hono } from 'hono';
import { answerBoard, type BoardContext, boardOf, goOn, withForm } from '#developers/board.pages.tsx';
import { leaveOrganisation } from '#developers/change-member.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { memberPages } from '#developers/members.pages.tsx';
import {
  makeOrganisation,
  parseOrganisationName,
  readOrganisation,
  renameOrganisation,
  switchOrganisation,
} from '#developers/organisation.flow.ts';
import {
  DONE,
  type Done,
  LeaveView,
  NameView,
  ORGANISATION,
  OrganisationView,
} from '#developers/organisation.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { answerStop, seeOther } from '#developers/stop.guard.tsx';
import { makeRoutes } from '#edge/routes.ts';

const NO_NAME = 'Give the organisation a name of 1 to 100 characters.';
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

function showNew(c: BoardContext) {
  return answerBoard(c, <NameView {...boardOf(c)} of="new" value="" />);
}

function showRename(c: BoardContext) {
  return answerBoard(c, <NameView {...boardOf(c)} of="rename" value={c.var.member.organisation.name} />);
}

function showLeave(c: BoardContext) {
  return answerBoard(c, <LeaveView {...boardOf(c)} />);
}

const postNew = withForm(async (c, fields) => {
  const submitted = fields.get('name');
  const name = parseOrganisationName(submitted);
  const again = (problem: string, status: 400 | 409) =>
    answerBoard(c, <NameView {...boardOf(c)} of="new" value={submitted ?? ''} problem={problem} />, status);
  if (name === undefined) return again(NO_NAME, 400);
  const isMade = await makeOrganisation(c.var.scope, c.var.member, name);
  return isMade ? goOn(c, 'made') : again(TOO_MANY, 409);
});

const postRename = withForm(async (c, fields) => {
  const submitted = fields.get('name');
  const name = parseOrganisationName(submitted);
  if (name === undefined) {
    const page = <NameView {...boardOf(c)} of="rename" value={submitted ?? ''} problem={NO_NAME} />;
    return answerBoard(c, page, 400);
  }
  const isRenamed = await renameOrganisation(c.var.scope, c.var.member, name);
  return isRenamed ? goOn(c, 'renamed') : answerStop(c, 'not_allowed', 'no owner any more');
});

const postSwitch = withForm(async (c, fields) => {
  await switchOrganisation(c.var.scope, c.var.member, fields.get('organisation_id') ?? '');
  return seeOther(c, DASHBOARD);
});

async function postLeave(c: BoardContext) {
  const change = await leaveOrganisation(c.var.scope, c.var.member);
  if (change === 'last_owner') {
    return answerBoard(c, <LeaveView {...boardOf(c)} problem={LAST_OWNER} />, 409);
  }
  // Left twice, or with a role changed meanwhile: the page says how it stands.
  if (change !== 'done') return seeOther(c, ORGANISATION);
  return c.var.member.organisations.length > 1 ? goOn(c, 'left') : seeOther(c, DASHBOARD);
}

export function organisationPages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.get(ORGANISATION, requireMember('members.read'), showOrganisation);
  pages.get(`${ORGANISATION}/new`, requireMember('account.change'), showNew);
  pages.post(`${ORGANISATION}/new`, requireMember('account.change'), postNew);
  pages.get(`${ORGANISATION}/rename`, requireMember('organisation.change'), showRename);
  pages.post(`${ORGANISATION}/rename`, requireMember('organisation.change'), postRename);
  pages.get(`${ORGANISATION}/leave`, requireMember('account.change'), showLeave);
  pages.post(`${ORGANISATION}/leave`, requireMember('account.change'), postLeave);
  pages.post(`${ORGANISATION}/switch`, requireMember('account.change'), postSwitch);
  pages.route('/', memberPages());
  return pages;
}
