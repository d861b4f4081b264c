/** Routes of owners' invitations: sending one, and taking one back. Each asks for a proof of the last 15 minutes. */
import type { Hono } from 'hono';
import { pathDone } from '#developers/accounts.ts';
import { type Answer, answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import { NO_EMAIL, normaliseEmail } from '#developers/email.ts';
import type { Invitation } from '#developers/invitation.ts';
import { findOwnInvitation, inviteMember, revokeInvitation } from '#developers/invite.flow.ts';
import type { MailerOf } from '#developers/mailer.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { InviteView, RevokeInvitationView } from '#developers/members.view.tsx';
import { ORGANISATION } from '#developers/organisation.view.tsx';
import type { Problem } from '#developers/parts.view.tsx';
import { type MemberRole, parseRole } from '#developers/role.ts';
import { answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';

const ROLE_OFFERED: MemberRole = 'developer';

const PROBLEMS = {
  address: { field: 'email', message: NO_EMAIL },
  role: { field: 'role', message: 'Choose one of the roles.' },
  member: { field: 'email', message: 'This address is a member’s already.' },
  too_many: {
    field: 'email',
    message:
      'Too many invitations: 20 can be open, 30 go out in a day, 5 to one address. Take one back, or try again tomorrow.',
  },
  closed: {
    field: 'email',
    message: 'This deployment cannot send e-mail, so nobody can be invited.',
  },
} as const satisfies Record<string, Problem>;

function showInvite(c: BoardContext): Answer {
  return answerBoard(c, <InviteView {...boardOf(c)} email="" role={ROLE_OFFERED} />);
}

const postInvite = (mailerOf: MailerOf) =>
  withForm<MemberEnv>(async (c, field) => {
    const { scope, member } = c.var;
    const submitted = field('email');
    const role = parseRole(field('role'));
    const again = (problem: Problem, status?: 409 | 503) =>
      answerBoard(
        c,
        <InviteView {...boardOf(c)} email={submitted} role={role} problems={[problem]} />,
        status,
      );
    const email = normaliseEmail(submitted);
    if (email === undefined) return again(PROBLEMS.address);
    if (role === undefined) return again(PROBLEMS.role);
    const mailer = mailerOf(scope);
    if (!mailer.ok) return again(PROBLEMS.closed, 503);
    const outcome = await inviteMember(scope, mailer, member, { email, role });
    if (outcome === 'done') return seeOther(c, pathDone(ORGANISATION, 'invited'));
    if (outcome === 'not_allowed') return answerStop(c, 'not_allowed', 'no owner any more');
    return again(PROBLEMS[outcome], 409);
  });

/** Handles a page about one open invitation of the organisation. */
function withInvitation(handle: (c: BoardContext, invitation: Invitation) => Answer) {
  return async function invitation(c: BoardContext): Promise<Response> {
    const found = await findOwnInvitation(c.var.scope, c.var.member, c.req.param('invitation_id') ?? '');
    return found === undefined ? answerStop(c, 'no_page', 'no open invitation of that id') : handle(c, found);
  };
}

const showRevoke = withInvitation((c, invitation) =>
  answerBoard(c, <RevokeInvitationView {...boardOf(c)} invitation={invitation} />),
);

const postRevoke = withInvitation(async (c, invitation) => {
  const isRevoked = await revokeInvitation(c.var.scope, c.var.member, invitation);
  // It was accepted or taken back meanwhile: the page says how it stands.
  return seeOther(c, isRevoked ? pathDone(ORGANISATION, 'revoked') : ORGANISATION);
});

export function invitingPages(mailerOf: MailerOf): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  const owners = requireMember('members.change', { confirmed: true });
  pages.get(`${ORGANISATION}/invite`, owners, showInvite);
  pages.post(`${ORGANISATION}/invite`, owners, postInvite(mailerOf));
  pages.get(`${ORGANISATION}/invitations/:invitation_id/revoke`, owners, showRevoke);
  pages.post(`${ORGANISATION}/invitations/:invitation_id/revoke`, owners, postRevoke);
  return pages;
}
