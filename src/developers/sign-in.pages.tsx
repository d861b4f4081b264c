/** Pages of sign-in, sign-out and the proof anew, and of a forgotten password. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, type DONE, doneWords } from '#developers/accounts.ts';
import { askPasskey } from '#developers/ask-passkey.flow.ts';
import { normaliseEmail } from '#developers/email.ts';
import type { Mailer, MailerOf } from '#developers/mailer.ts';
import { type DeveloperEnv, requireDeveloper, requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { PASSKEY_SCRIPTS, PasskeyOffer } from '#developers/passkey.view.tsx';
import { parseNext } from '#developers/session.ts';
import {
  dropSessionCookie,
  putSessionCookie,
  readSessionCookie,
  visitOf,
} from '#developers/session-cookie.ts';
import { askReset, carryOutReset, findReset } from '#developers/set-password.flow.ts';
import { confirmPassword, signIn, signOut } from '#developers/sign-in.flow.ts';
import {
  AskResetView,
  ConfirmView,
  PROOF_FAILURE,
  ResetView,
  SIGN_IN_FAILURE,
  SignInView,
} from '#developers/sign-in.view.tsx';
import { mailboxOf } from '#developers/sign-up.pages.tsx';
import { LinkEndedView, LookForMailView, MailClosedView } from '#developers/sign-up.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { type Parameters, readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';

type Answer = Response | Promise<Response>;

const SCRIPTS = { scripts: 'own' } as const;

/** A path with what it is to tell. */
export function pathDone(path: string, done: keyof typeof DONE): string {
  return `${path}?done=${done}`;
}

/** Reads a form that will cost a hash or a mail: counted by its source first. */
export async function readLimited<E extends AppEnv>(
  c: Context<E>,
  answer: (fields: Parameters) => Promise<Response>,
): Promise<Response> {
  const within = await limitSource(c.var.scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const fields = await readForm(c);
  return fields.ok ? answer(fields.value) : answerRefused(c, fields.refusal);
}

/** The page to sign in, with what was wrong with an attempt. */
export async function signInPage(
  c: Context<AppEnv>,
  next: string,
  {
    failure,
    email = '',
    notice,
  }: { readonly failure?: string; readonly email?: string; readonly notice?: string },
): Promise<Response> {
  const { scope } = c.var;
  const form = await askPasskey(scope, 'sign-in');
  const other = (
    <PasskeyOffer
      action={ACCOUNT_PATHS.signInPasskey}
      form={form}
      next={next}
      label="Sign in with a passkey"
    />
  );
  const page = (
    <SignInView
      site={siteOf(scope)}
      next={next}
      failure={failure}
      email={email}
      notice={notice}
      other={other}
      scripts={PASSKEY_SCRIPTS}
    />
  );
  return answerPage(c, page, { ...SCRIPTS, status: failure === undefined ? 200 : 400 });
}

function getSignIn(c: Context<AppEnv>): Promise<Response> {
  const notice = doneWords(c.req.query('done'));
  return signInPage(c, parseNext(c.req.query('next')), notice === undefined ? {} : { notice });
}

function postSignIn(c: Context<AppEnv>): Promise<Response> {
  return readLimited(c, async (fields) => {
    const { scope } = c.var;
    const email = fields.get('email') ?? '';
    const next = parseNext(fields.get('next'));
    const signed = await signIn(scope, { email, password: fields.get('password') ?? '' }, visitOf(c));
    if (!signed.ok) return answerRefused(c, signed.refusal);
    if (signed.value === undefined) return signInPage(c, next, { failure: SIGN_IN_FAILURE, email });
    putSessionCookie(c, signed.value);
    return seeOther(c, next);
  });
}

async function postSignOut(c: Context<AppEnv>): Promise<Response> {
  const out = await signOut(c.var.scope, readSessionCookie(c));
  if (!out.ok) return answerRefused(c, out.refusal);
  dropSessionCookie(c);
  return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'signed-out'));
}

/** The page to prove it anew, with what was wrong with an attempt. */
export async function confirmPage(
  c: Context<DeveloperEnv>,
  next: string,
  failure?: string,
  notice?: string,
): Promise<Response> {
  const { scope, developer } = c.var;
  const form = await askPasskey(scope, 'confirm', developer.developerId);
  const other = (
    <PasskeyOffer
      action={ACCOUNT_PATHS.confirmPasskey}
      form={form}
      next={next}
      label="Confirm with a passkey"
    />
  );
  const page = (
    <ConfirmView
      site={siteOf(scope)}
      next={next}
      failure={failure}
      notice={notice}
      email={developer.email}
      other={other}
      scripts={PASSKEY_SCRIPTS}
    />
  );
  const status = failure === undefined ? 200 : 400;
  return answerPage(c as unknown as Context<AppEnv>, page, { ...SCRIPTS, status });
}

function postConfirm(c: Context<DeveloperEnv>): Promise<Response> {
  return readLimited(c, async (fields) => {
    const { scope, developer, session } = c.var;
    const next = parseNext(fields.get('next'));
    const cookie = readSessionCookie(c) ?? '';
    const password = fields.get('password') ?? '';
    const proved = await confirmPassword(scope, { developer, session }, { password, cookie });
    if (!proved.ok) return answerRefused(c, proved.refusal);
    if (proved.value === undefined) return confirmPage(c, next, PROOF_FAILURE);
    putSessionCookie(c, proved.value);
    return seeOther(c, next);
  });
}

function answerClosed(c: Context<AppEnv>, reason: string): Answer {
  const { scope } = c.var;
  scope.trace.reason = reason;
  const status = c.req.method === 'POST' ? 503 : 200;
  return answerPage(c, <MailClosedView site={siteOf(scope)} what="Password reset" />, { ...SCRIPTS, status });
}

function postReset(c: Context<AppEnv>, mailer: Mailer): Promise<Response> {
  return readLimited(c, async (fields) => {
    const { scope } = c.var;
    const site = siteOf(scope);
    const typed = (fields.get('email') ?? '').trim();
    const email = normaliseEmail(typed);
    if (email === undefined) {
      const problems = [{ field: 'email', message: 'Enter an e-mail address such as ada@example.com.' }];
      const page = <AskResetView site={site} problems={problems} email={typed} />;
      return answerPage(c, page, { ...SCRIPTS, status: 400 });
    }
    await askReset(scope, mailer, email);
    const page = <LookForMailView site={site} email={email} purpose="reset" mailbox={mailboxOf(c)} />;
    return answerPage(c, page, SCRIPTS);
  });
}

function answerLinkEnded(c: Context<AppEnv>): Answer {
  const page = <LinkEndedView site={siteOf(c.var.scope)} again="reset" />;
  return answerPage(c, page, { ...SCRIPTS, status: 404 });
}

async function getNewPassword(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const token = c.req.query('token') ?? '';
  const found = await findReset(scope, token);
  if (found === undefined) return answerLinkEnded(c);
  const page = <ResetView site={siteOf(scope)} email={found.email} token={token} problem={undefined} />;
  return answerPage(c, page, SCRIPTS);
}

function postNewPassword(c: Context<AppEnv>, mailer: Mailer | undefined): Promise<Response> {
  return readLimited(c, async (fields) => {
    const { scope } = c.var;
    const token = fields.get('token') ?? '';
    const password = fields.get('password') ?? '';
    const found = await findReset(scope, token);
    if (found === undefined) return answerLinkEnded(c);
    const problem = findPasswordProblem(password, [found.email]);
    if (problem !== undefined) {
      const page = <ResetView site={siteOf(scope)} email={found.email} token={token} problem={problem} />;
      return answerPage(c, page, { ...SCRIPTS, status: 400 });
    }
    const done = await carryOutReset(scope, mailer, { token, found, password });
    if (!done.ok) return answerRefused(c, done.refusal);
    if (!done.value) return answerLinkEnded(c);
    dropSessionCookie(c);
    return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'reset'));
  });
}

export function signInPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  for (const path of [
    ACCOUNT_PATHS.signIn,
    ACCOUNT_PATHS.signOut,
    ACCOUNT_PATHS.reset,
    ACCOUNT_PATHS.newPassword,
  ]) {
    pages.use(path, requireOwnPage());
  }
  pages.get(ACCOUNT_PATHS.signIn, getSignIn);
  pages.post(ACCOUNT_PATHS.signIn, postSignIn);
  pages.post(ACCOUNT_PATHS.signOut, postSignOut);
  pages.get(ACCOUNT_PATHS.reset, (c) => {
    const mailer = mailerOf(c.var.scope);
    if (!mailer.ok) return answerClosed(c, mailer.refusal.reason);
    return answerPage(c, <AskResetView site={siteOf(c.var.scope)} problems={[]} email="" />, SCRIPTS);
  });
  pages.post(ACCOUNT_PATHS.reset, (c) => {
    const mailer = mailerOf(c.var.scope);
    return mailer.ok ? postReset(c, mailer.value) : answerClosed(c, mailer.refusal.reason);
  });
  pages.get(ACCOUNT_PATHS.newPassword, getNewPassword);
  pages.post(ACCOUNT_PATHS.newPassword, (c) => {
    const mailer = mailerOf(c.var.scope);
    return postNewPassword(c, mailer.ok ? mailer.value : undefined);
  });
  const proof = makeRoutes<DeveloperEnv>();
  proof.get(ACCOUNT_PATHS.confirm, requireDeveloper(), (c) =>
    confirmPage(c, parseNext(c.req.query('next')), undefined, doneWords(c.req.query('done'))),
  );
  proof.post(ACCOUNT_PATHS.confirm, requireDeveloper(), postConfirm);
  pages.route('/', proof);
  return pages;
}
