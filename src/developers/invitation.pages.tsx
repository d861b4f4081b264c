/** Routes of an invitation's mailed link: looking at it changes nothing, as mail scanners follow links; a button accepts it. */
import type { Context, Hono } from 'hono';
import { acceptInvitation, findByLink, signUpInvited } from '#developers/accept-invitation.flow.ts';
import { NAME_LENGTH_MAXIMUM, pathDone } from '#developers/accounts.ts';
import { type Answer, answerBoard, type FieldOf, withForm } from '#developers/board.guard.tsx';
import { answerLinkEnded, limitVisit } from '#developers/board.pages.tsx';
import { findSignedIn } from '#developers/find-member.flow.ts';
import type { Invited } from '#developers/invitation.store.ts';
import {
  AcceptView,
  INVITATION,
  InvitedSignUpView,
  OtherAddressView,
  SignInFirstView,
} from '#developers/invitation.view.tsx';
import { type DeveloperEnv, requireDeveloper, requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { ORGANISATION } from '#developers/organisation.view.tsx';
import { problemsOf } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { putSessionCookie, readSessionCookie, visitOf } from '#developers/session-cookie.ts';
import { NO_NAME } from '#developers/sign-up.pages.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { cleanName } from '#kernel/text.ts';

function answerOtherAddress<E extends AppEnv>(c: Context<E>, email: string): Answer {
  return answerBoard(c, <OtherAddressView site={siteOf(c.var.scope)} email={email} />, 403);
}

async function getInvitation(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const token = c.req.query('token') ?? '';
  const invited = await findByLink(scope, token);
  if (invited === undefined) return answerLinkEnded(c, 'invitation');
  const found = await findSignedIn(scope, readSessionCookie(c));
  if (!found.ok) return answerRefused(c, found.refusal);
  const page = { site: siteOf(scope), token, invited };
  if (found.value === undefined) {
    return invited.hasAccount
      ? answerBoard(c, <SignInFirstView {...page} />)
      : answerBoard(c, <InvitedSignUpView {...page} name="" problems={[]} />);
  }
  const { email } = found.value.developer;
  return email === invited.email ? answerBoard(c, <AcceptView {...page} />) : answerOtherAddress(c, email);
}

/** Handles a posted form whose token opens an invitation. */
function withInvited<E extends AppEnv>(
  handle: (c: Context<E>, invited: Invited, field: FieldOf) => Promise<Answer>,
) {
  return withForm<E>(async (c, field) => {
    const invited = await findByLink(c.var.scope, field('token'));
    return invited === undefined ? answerLinkEnded(c, 'invitation') : handle(c, invited, field);
  });
}

const postAccept = withInvited<DeveloperEnv>(async (c, invited) => {
  const { scope, developer } = c.var;
  if (developer.email !== invited.email) return answerOtherAddress(c, developer.email);
  const isMember = await acceptInvitation(scope, c.var, invited);
  return isMember ? seeOther(c, pathDone(ORGANISATION, 'joined')) : answerLinkEnded(c, 'invitation');
});

const postSignUp = withInvited<AppEnv>(async (c, invited, field) => {
  const { scope } = c.var;
  const page = { site: siteOf(scope), token: field('token'), invited };
  if (invited.hasAccount) return answerBoard(c, <SignInFirstView {...page} />, 409);
  const name = cleanName(field('name'), NAME_LENGTH_MAXIMUM);
  const password = field('password');
  const own = [invited.email, name, invited.organisationName];
  const problems = problemsOf({
    name: name === '' ? NO_NAME : undefined,
    password: findPasswordProblem(password, own),
  });
  if (problems.length > 0) {
    return answerBoard(c, <InvitedSignUpView {...page} name={name} problems={problems} />);
  }
  const signedUp = await signUpInvited(scope, invited, { name, password }, visitOf(c));
  if (!signedUp.ok) return answerRefused(c, signedUp.refusal);
  if (signedUp.value === undefined) return answerLinkEnded(c, 'invitation');
  putSessionCookie(c, signedUp.value);
  return seeOther(c, DASHBOARD);
});

export function invitationPages(): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.get(INVITATION, requireOwnPage, limitVisit, getInvitation);
  pages.post(`${INVITATION}/sign-up`, requireOwnPage, limitVisit, postSignUp);
  const signedIn = makeRoutes<DeveloperEnv>();
  signedIn.post(INVITATION, requireDeveloper(), limitVisit, postAccept);
  pages.route('/', signedIn);
  return pages;
}
