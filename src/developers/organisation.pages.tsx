/** Routes of the organisation's own pages: what it is, its name, another one, the choice between them, leaving. */
import type { Hono } from 'hono';
import { pathDone } from '#developers/accounts.ts';
import { answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import { type AccountContext, noticeOf } from '#developers/board.pages.tsx';
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
import { NO_ORGANISATION_NAME, parseOrganisationName } from '#developers/organisation.ts';
import {
  LAST_OWNER,
  LeaveView,
  NewOrganisationView,
  ORGANISATION,
  OrganisationView,
  RenameView,
} from '#developers/organisation.view.tsx';
import type { Problem } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { siteOf } from '#developers/site.ts';
import { answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import { isSecret, newSecret } from '#kernel/ids.ts';

const NO_NAME = { field: 'name', message: NO_ORGANISATION_NAME };
const TOO_MANY = {
  field: 'name',
  message: 'You belong to 20 organisations, the most there can be. Leave one first.',
};

async function showOrganisation(c: BoardContext) {
  const state = await readOrganisation(c.var.scope, c.var.member);
  return answerBoard(c, <OrganisationView {...boardOf(c)} {...state} notice={noticeOf(c)} />);
}

function showRename(c: BoardContext) {
  return answerBoard(c, <RenameView {...boardOf(c)} value={c.var.member.organisation.name} />);
}

function showLeave(c: BoardContext) {
  return answerBoard(c, <LeaveView {...boardOf(c)} />);
}

const postRename = withForm<MemberEnv>(async (c, field) => {
  const name = parseOrganisationName(field('name'));
  if (name === undefined) {
    return answerBoard(c, <RenameView {...boardOf(c)} value={field('name')} problems={[NO_NAME]} />);
  }
  const isRenamed = await renameOrganisation(c.var.scope, c.var.member, name);
  return isRenamed
    ? seeOther(c, pathDone(ORGANISATION, 'renamed'))
    : answerStop(c, 'not_allowed', 'no owner any more');
});

const postSwitch = withForm<MemberEnv>(async (c, field) => {
  await switchOrganisation(c.var.scope, c.var.member, field('organisation_id'));
  return seeOther(c, DASHBOARD);
});

const postLeave = withForm<MemberEnv>(async (c) => {
  const change = await leaveOrganisation(c.var.scope, c.var.member);
  if (change === 'last_owner') {
    return answerBoard(c, <LeaveView {...boardOf(c)} problems={[{ message: LAST_OWNER }]} />, 409);
  }
  // Left twice, or with a role changed meanwhile: the page says how it stands.
  if (change !== 'done') return seeOther(c, ORGANISATION);
  const goesOn = c.var.member.memberships.length > 1;
  return seeOther(c, goesOn ? pathDone(ORGANISATION, 'left') : DASHBOARD);
});

interface NewForm {
  readonly nonce: string;
  readonly value: string;
}

function answerNew(c: AccountContext, form: NewForm, problems: readonly Problem[] = [], status?: 409) {
  const page = <NewOrganisationView site={siteOf(c.var.scope)} {...form} problems={problems} />;
  return answerBoard(c, page, status);
}

const postNew = withForm<DeveloperEnv>(async (c, field) => {
  const form = { nonce: field('nonce'), value: field('name') };
  if (!isSecret(form.nonce)) return answerStop(c, 'bad_form', 'form without its nonce');
  const name = parseOrganisationName(form.value);
  if (name === undefined) return answerNew(c, form, [NO_NAME]);
  const isMade = await makeOrganisation(c.var.scope, c.var, { name, nonce: form.nonce });
  return isMade ? seeOther(c, pathDone(ORGANISATION, 'made')) : answerNew(c, form, [TOO_MANY], 409);
});

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
