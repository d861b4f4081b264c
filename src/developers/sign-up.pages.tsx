/** Pages of sign-up and of the mailed link that ends it. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';
import { type Answer, answerBoard, withForm } from '#developers/board.guard.tsx';
import { answerLinkEnded, limitVisit, requireMailer } from '#developers/board.pages.tsx';
import { NO_EMAIL, normaliseEmail } from '#developers/email.ts';
import { findMailed } from '#developers/find-mailed.flow.ts';
import type { MailerOf } from '#developers/mailer.ts';
import { requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { NO_ORGANISATION_NAME } from '#developers/organisation.ts';
import { problemsOf } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { putSessionCookie, visitOf } from '#developers/session-cookie.ts';
import { confirmSignUp, signUp } from '#developers/sign-up.flow.ts';
import {
  type Asked,
  ConfirmEmailView,
  LookForMailView,
  type SignUpFields,
  SignUpView,
} from '#developers/sign-up.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { cleanName } from '#kernel/text.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';

const BLANK: SignUpFields = { email: '', name: '', organisation: '' };

/** What is wrong with a name that was left out. */
export const NO_NAME = 'Enter your name.';

/** Where a local sandbox shows its mail. */
const LOCAL_MAILBOX = '/dev/mail';

export function answerLookForMail(c: Context<AppEnv>, email: string, asked: Asked): Answer {
  const { scope } = c.var;
  const mailbox = scope.isLocal ? LOCAL_MAILBOX : undefined;
  return answerBoard(
    c,
    <LookForMailView site={siteOf(scope)} email={email} asked={asked} mailbox={mailbox} />,
    200,
  );
}

const postSignUp = (mailerOf: MailerOf) =>
  withForm<AppEnv>(async (c, field) => {
    const { scope } = c.var;
    const values = {
      email: field('email').trim(),
      name: cleanName(field('name'), NAME_LENGTH_MAXIMUM),
      organisation: cleanName(field('organisation'), NAME_LENGTH_MAXIMUM),
    };
    const { name, organisation: organisationName } = values;
    const password = field('password');
    const email = normaliseEmail(values.email);
    const problems = problemsOf({
      email: email === undefined ? NO_EMAIL : undefined,
      name: name === '' ? NO_NAME : undefined,
      organisation: organisationName === '' ? NO_ORGANISATION_NAME : undefined,
      password: findPasswordProblem(password, Object.values(values)),
    });
    if (email === undefined || problems.length > 0) {
      return answerBoard(c, <SignUpView site={siteOf(scope)} values={values} problems={problems} />);
    }
    const asked = await signUp(scope, mailerOf(scope), { email, name, organisationName, password });
    if (asked.ok) return answerLookForMail(c, email, 'sign_up');
    const { code, reason } = asked.refusal;
    return code === 'rate_limit_exceeded'
      ? answerStop(c, 'sign_ups_used_up', reason, HOUR_SECONDS)
      : answerRefused(c, asked.refusal);
  });

async function getConfirmEmail(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const token = c.req.query('token') ?? '';
  const found = await findMailed(scope, token, 'confirm');
  if (found === undefined) return answerLinkEnded(c, 'sign_up');
  const page = <ConfirmEmailView site={siteOf(scope)} email={found.email} token={token} failed={false} />;
  return answerBoard(c, page);
}

const postConfirmEmail = withForm<AppEnv>(async (c, field) => {
  const { scope } = c.var;
  const token = field('token');
  const confirmed = await confirmSignUp(scope, { token, password: field('password') }, visitOf(c));
  if (!confirmed.ok) return answerRefused(c, confirmed.refusal);
  if (confirmed.value === undefined) return answerLinkEnded(c, 'sign_up');
  const { email, cookie } = confirmed.value;
  if (cookie === undefined) {
    return answerBoard(c, <ConfirmEmailView site={siteOf(scope)} email={email} token={token} failed />);
  }
  putSessionCookie(c, cookie);
  return seeOther(c, DASHBOARD);
});

export function signUpPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  const { signUp: path, confirmEmail } = ACCOUNT_PATHS;
  const open = requireMailer(mailerOf, 'sign_up');
  pages.get(path, requireOwnPage, open, (c) =>
    answerBoard(c, <SignUpView site={siteOf(c.var.scope)} values={BLANK} problems={[]} />),
  );
  pages.post(path, requireOwnPage, open, limitVisit, postSignUp(mailerOf));
  pages.get(confirmEmail, requireOwnPage, limitVisit, getConfirmEmail);
  pages.post(confirmEmail, requireOwnPage, limitVisit, postConfirmEmail);
  return pages;
}
