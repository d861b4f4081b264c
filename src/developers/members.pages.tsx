/** Routes that change who belongs to an organisation: each asks for a password or passkey of the last 15 minutes. */
import type { Hono } from 'hono';
import { pathDone } from '#developers/accounts.ts';
import { type Answer, answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import {
  changeRole,
  findOrganisationMember,
  type MemberChange,
  removeMember,
} from '#developers/change-member.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { MemberView, RemoveMemberView } from '#developers/members.view.tsx';
import type { ListedMember } from '#developers/membership.store.ts';
import { LAST_OWNER, ORGANISATION } from '#developers/organisation.view.tsx';
import { parseRole } from '#developers/role.ts';
import { answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';

const PROBLEMS = {
  no_role: 'Choose one of the roles.',
  last_owner: LAST_OWNER,
  changed: 'Somebody else changed this member just now. Look again at how it stands.',
} as const;

/** Handles a page about one member; what is no member's id of this organisation has no page. */
function withTarget(handle: (c: BoardContext, target: ListedMember) => Answer) {
  return async function target(c: BoardContext): Promise<Response> {
    const found = await findOrganisationMember(c.var.scope, c.var.member, c.req.param('developer_id') ?? '');
    return found === undefined ? answerStop(c, 'no_page', 'no member of that id') : handle(c, found);
  };
}

const showMember = withTarget((c, target) => answerBoard(c, <MemberView {...boardOf(c)} target={target} />));

const showRemove = withTarget((c, target) =>
  answerBoard(c, <RemoveMemberView {...boardOf(c)} target={target} />),
);

/** After a change: the organisation's page, or the form again with why it did not happen. */
function answerChange(
  c: BoardContext,
  change: MemberChange | 'no_role',
  done: 'role' | 'removed',
  View: typeof MemberView,
  target: ListedMember,
): Answer {
  if (change === 'done') return seeOther(c, pathDone(ORGANISATION, done));
  if (change === 'not_allowed') return answerStop(c, 'not_allowed', 'no owner any more');
  const problems = [{ message: PROBLEMS[change] }];
  const page = <View {...boardOf(c)} target={target} problems={problems} />;
  return answerBoard(c, page, change === 'no_role' ? 400 : 409);
}

const postRole = withForm<MemberEnv>((c, field) =>
  withTarget(async (_, target) => {
    const role = parseRole(field('role'));
    const change = role === undefined ? 'no_role' : await changeRole(c.var.scope, c.var.member, target, role);
    return answerChange(c, change, 'role', MemberView, target);
  })(c),
);

const removeTarget = withTarget(async (c, target) => {
  // One's own going has a page of its own, which says what it means.
  if (target.developerId === c.var.member.developer.developerId) return seeOther(c, `${ORGANISATION}/leave`);
  const change = await removeMember(c.var.scope, c.var.member, target);
  return answerChange(c, change, 'removed', RemoveMemberView, target);
});

const postRemove = withForm(removeTarget);

const MEMBER = `${ORGANISATION}/members/:developer_id`;

export function memberPages(): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  const owners = requireMember('members.change', { confirmed: true });
  pages.get(MEMBER, owners, showMember);
  pages.post(MEMBER, owners, postRole);
  pages.get(`${MEMBER}/remove`, owners, showRemove);
  pages.post(`${MEMBER}/remove`, owners, postRemove);
  return pages;
}
