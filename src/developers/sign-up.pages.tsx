/** Pages of sign-up and of the mailed link that ends it. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, NAME_LENGTH_MAXIMUM } from '#developers/accounts.ts';

import { normaliseEmail } from '#developers/email.ts';
import type { Mailer, MailerOf } from '#developers/mailer.ts';
import { requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { DASHBOARD } from '#developers/session.ts';
import { putSessionCookie, visitOf } from '#developers/session-cookie.ts';
import { confirmSignUp, findSignUp, signUp } from '#developers/sign-up.flow.ts';
import {
  ConfirmEmailView,
  LinkEndedView,
  LookForMailView,
  MailClosedView,
  type SignUpFields,
  SignUpView,
} from '#developers/sign-up.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { cleanName } from '#kernel/text.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';

type Answer = Response | Promise<Response>;

const SCRIPTS = { scripts: 'own' } as const;
const BLANK: SignUpFields = { email: '', name: '', organisation: '' };

/** Where a local sandbox shows its mail. */
const LOCAL_MAILBOX = '/dev/mail';

export function mailboxOf<E extends AppEnv>(c: Context<E>): string | undefined {
  return c.var.scope.isLocal ? LOCAL_MAILBOX : undefined;
}

/** Without a mailer the form would lead nowhere. */
function answerClosed(c: Context<AppEnv>, reason: string): Answer {
  const { scope } = c.var;
  scope.trace.reason = reason;
  const status = c.req.method === 'POST' ? 503 : 200;
  return answerPage(c, <MailClosedView site={siteOf(scope)} what="Sign-up" />, { ...SCRIPTS, status });
}

function findProblems(values: SignUpFields, email: string | undefined, password: string): readonly Problem[] {
  const own = [values.email, values.name, values.organisation];
  const passwordProblem = findPasswordProblem(password, own);
  return [
    ...(email === undefined
      ? [{ field: 'email', message: 'Enter an e-mail address such as ada@example.com.' }]
      : []),
    ...(values.name === '' ? [{ field: 'name', message: 'Enter your name.' }] : []),
    ...(values.organisation === ''
      ? [{ field: 'organisation', message: 'Enter your organisation’s name.' }]
      : []),
    ...(passwordProblem === undefined ? [] : [{ field: 'password', message: passwordProblem }]),
  ];
}

async function postSignUp(c: Context<AppEnv>, mailer: Mailer): Promise<Response> {
  const { scope } = c.var;
  const site = siteOf(scope);
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const text = (name: string) => fields.value.get(name) ?? '';
  const values = {
    email: text('email').trim(),
    name: cleanName(text('name'), NAME_LENGTH_MAXIMUM),
    organisation: cleanName(text('organisation'), NAME_LENGTH_MAXIMUM),
  };
  const email = normaliseEmail(values.email);
  const password = text('password');
  const problems = findProblems(values, email, password);
  if (email === undefined || problems.length > 0) {
    return answerPage(c, <SignUpView site={site} values={values} problems={problems} />, {
      ...SCRIPTS,
      status: 400,
    });
  }
  const { name, organisation: organisationName } = values;
  const asked = await signUp(scope, mailer, { email, name, organisationName, password });
  if (!asked.ok) {
    const { code, reason } = asked.refusal;
    return code === 'rate_limit_exceeded'
      ? answerStop(c, 'sign_ups_used_up', reason, HOUR_SECONDS)
      : answerRefused(c, asked.refusal);
  }
  return answerPage(
    c,
    <LookForMailView site={site} email={email} purpose="sign_up" mailbox={mailboxOf(c)} />,
    SCRIPTS,
  );
}

function answerLinkEnded(c: Context<AppEnv>): Answer {
  return answerPage(c, <LinkEndedView site={siteOf(c.var.scope)} again="sign_up" />, {
    ...SCRIPTS,
    status: 404,
  });
}

async function getConfirmEmail(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const token = c.req.query('token') ?? '';
  const found = await findSignUp(scope, token);
  if (found === undefined) return answerLinkEnded(c);
  const { email } = found;
  return answerPage(
    c,
    <ConfirmEmailView site={siteOf(scope)} email={email} token={token} failed={false} />,
    SCRIPTS,
  );
}

async function postConfirmEmail(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const token = fields.value.get('token') ?? '';
  const password = fields.value.get('password') ?? '';
  const confirmed = await confirmSignUp(scope, { token, password }, visitOf(c));
  if (!confirmed.ok) return answerRefused(c, confirmed.refusal);
  if (confirmed.value.outcome === 'link_ended') return answerLinkEnded(c);
  if (confirmed.value.outcome === 'wrong_password') {
    const { email } = confirmed.value;
    return answerPage(c, <ConfirmEmailView site={siteOf(scope)} email={email} token={token} failed />, {
      ...SCRIPTS,
      status: 400,
    });
  }
  putSessionCookie(c, confirmed.value.cookie);
  return seeOther(c, DASHBOARD);
}

export function signUpPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.use(ACCOUNT_PATHS.signUp, requireOwnPage());
  pages.get(ACCOUNT_PATHS.signUp, (c) => {
    const mailer = mailerOf(c.var.scope);
    if (!mailer.ok) return answerClosed(c, mailer.refusal.reason);
    return answerPage(c, <SignUpView site={siteOf(c.var.scope)} values={BLANK} problems={[]} />, SCRIPTS);
  });
  pages.post(ACCOUNT_PATHS.signUp, (c) => {
    const mailer = mailerOf(c.var.scope);
    return mailer.ok ? postSignUp(c, mailer.value) : answerClosed(c, mailer.refusal.reason);
  });
  pages.use(ACCOUNT_PATHS.confirmEmail, requireOwnPage());
  pages.get(ACCOUNT_PATHS.confirmEmail, getConfirmEmail);
  pages.post(ACCOUNT_PATHS.confirmEmail, postConfirmEmail);
  return pages;
}
