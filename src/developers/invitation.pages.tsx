/** Routes of an invitation's mailed link: looking at it changes nothing, as mail scanners follow links; a button accepts it. */
import type { Context, Hono } from 'hono';
import {
  acceptInvitation,
  findByLink,
  type Invited,
  signUpInvited,
} from '#developers/accept-invitation.flow.ts';
import { NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';
import { type Answer, doneAt } from '#developers/board.pages.tsx';
import { findMember } from '#developers/find-member.flow.ts';
import {
  AcceptView,
  INVITATION,
  InvitationEndedView,
  InvitedSignUpView,
  OtherAddressView,
  SignInFirstView,
} from '#developers/invitation.view.tsx';
import { type DeveloperEnv, requireDeveloper, requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { putSessionCookie, readSessionCookie, visitOf } from '#developers/session-cookie.ts';
import { siteOf } from '#developers/site.ts';
import { answerRefused, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { cleanName } from '#kernel/text.ts';

const SCRIPTS = { scripts: 'own' } as const;

function answerEnded<E extends AppEnv>(c: Context<E>): Answer {
  return answerPage(c, <InvitationEndedView site={siteOf(c.var.scope)} />, { ...SCRIPTS, status: 404 });
}

function answerOtherAddress<E extends AppEnv>(c: Context<E>, email: string): Answer {
  return answerPage(c, <OtherAddressView site={siteOf(c.var.scope)} email={email} />, {
    ...SCRIPTS,
    status: 403,
  });
}

async function getInvitation(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const token = c.req.query('token') ?? '';
  const invited = await findByLink(scope, token);
  if (invited === undefined) return answerEnded(c);
  const found = await findMember(scope, readSessionCookie(c));
  if (!found.ok) return answerRefused(c, found.refusal);
  const page = { site: siteOf(scope), token, ...invited };
  if (found.value.is === 'stranger') {
    return invited.hasAccount
      ? answerPage(c, <SignInFirstView {...page} />, SCRIPTS)
      : answerPage(c, <InvitedSignUpView {...page} name="" problems={[]} />, SCRIPTS);
  }
  const { developer } = found.value.is === 'member' ? found.value.member : found.value;
  return developer.email === invited.invitation.email
    ? answerPage(c, <AcceptView {...page} />, SCRIPTS)
    : answerOtherAddress(c, developer.email);
}

/** Handles a posted form whose token opens an invitation. */
function withInvited<E extends AppEnv>(
  handle: (
    c: Context<E>,
    posted: {
      readonly token: string;
      readonly invited: Invited;
      readonly fields: ReadonlyMap<string, string>;
    },
  ) => Promise<Answer>,
) {
  return async function invitation(c: Context<E>): Promise<Response> {
    const { scope } = c.var;
    const within = await limitSource(scope);
    if (!within.ok) return answerRefused(c, within.refusal);
    const fields = await readForm(c);
    if (!fields.ok) return answerRefused(c, fields.refusal);
    const token = fields.value.get('token') ?? '';
    const invited = await findByLink(scope, token);
    return invited === undefined ? answerEnded(c) : handle(c, { token, invited, fields: fields.value });
  };
}

const postAccept = withInvited<DeveloperEnv>(async (c, { invited }) => {
  const { scope, developer } = c.var;
  if (developer.email !== invited.invitation.email) return answerOtherAddress(c, developer.email);
  const isMember = await acceptInvitation(scope, c.var, invited);
  return isMember ? seeOther(c, doneAt('joined')) : answerEnded(c);
});

const postSignUp = withInvited<AppEnv>(async (c, { token, invited, fields }) => {
  const { scope } = c.var;
  const page = { site: siteOf(scope), token, ...invited };
  if (invited.hasAccount) return answerPage(c, <SignInFirstView {...page} />, { ...SCRIPTS, status: 409 });
  const name = cleanName(fields.get('name') ?? '', NAME_LENGTH_MAXIMUM);
  const password = fields.get('password') ?? '';
  const { email } = invited.invitation;
  const passwordProblem = findPasswordProblem(password, [email, name, invited.organisationName]);
  const problems: readonly Problem[] = [
    ...(name === '' ? [{ field: 'name', message: 'Enter your name.' }] : []),
    ...(passwordProblem === undefined ? [] : [{ field: 'password', message: passwordProblem }]),
  ];
  if (problems.length > 0) {
    const again = <InvitedSignUpView {...page} name={name} problems={problems} />;
    return answerPage(c, again, { ...SCRIPTS, status: 400 });
  }
  const signedUp = await signUpInvited(scope, invited, { name, password }, visitOf(c));
  if (!signedUp.ok) return answerRefused(c, signedUp.refusal);
  if (signedUp.value === undefined) return answerEnded(c);
  putSessionCookie(c, signedUp.value);
  return seeOther(c, DASHBOARD);
});

export function invitationPages(): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.get(INVITATION, requireOwnPage(), getInvitation);
  pages.post(`${INVITATION}/sign-up`, requireOwnPage(), postSignUp);
  const signedIn = makeRoutes<DeveloperEnv>();
  signedIn.post(INVITATION, requireDeveloper(), postAccept);
  pages.route('/', signedIn);
  return pages;
}
