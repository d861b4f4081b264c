/** Pages of a forgotten password: asking for a link, and the link's own. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, pathDone } from '#developers/accounts.ts';
import { answerBoard, withForm } from '#developers/board.guard.tsx';
import { answerLinkEnded, limitVisit, requireMailer } from '#developers/board.pages.tsx';
import { NO_EMAIL, normaliseEmail } from '#developers/email.ts';
import { findMailed } from '#developers/find-mailed.flow.ts';
import type { MailerOf } from '#developers/mailer.ts';
import { requireOwnPage } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { problemsOf } from '#developers/parts.view.tsx';
import { dropSessionCookie } from '#developers/session-cookie.ts';
import { askReset, carryOutReset } from '#developers/set-password.flow.ts';
import { AskResetView, ResetView } from '#developers/sign-in.view.tsx';
import { answerLookForMail } from '#developers/sign-up.pages.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';

function answerAsk(c: Context<AppEnv>, email = '', problem?: string) {
  const page = (
    <AskResetView site={siteOf(c.var.scope)} email={email} problems={problemsOf({ email: problem })} />
  );
  return answerBoard(c, page);
}

const postAsk = (mailerOf: MailerOf) =>
  withForm<AppEnv>(async (c, field) => {
    const { scope } = c.var;
    const typed = field('email').trim();
    const email = normaliseEmail(typed);
    if (email === undefined) return answerAsk(c, typed, NO_EMAIL);
    await askReset(scope, mailerOf(scope), email);
    return answerLookForMail(c, email, 'reset');
  });

async function getNewPassword(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const token = c.req.query('token') ?? '';
  const found = await findMailed(scope, token, 'reset');
  if (found === undefined) return answerLinkEnded(c, 'reset');
  return answerBoard(c, <ResetView site={siteOf(scope)} email={found.email} token={token} problems={[]} />);
}

const postNewPassword = (mailerOf: MailerOf) =>
  withForm<AppEnv>(async (c, field) => {
    const { scope } = c.var;
    const token = field('token');
    const password = field('password');
    const found = await findMailed(scope, token, 'reset');
    if (found === undefined) return answerLinkEnded(c, 'reset');
    const { email } = found;
    const problems = problemsOf({ password: findPasswordProblem(password, [email]) });
    if (problems.length > 0) {
      const page = <ResetView site={siteOf(scope)} email={email} token={token} problems={problems} />;
      return answerBoard(c, page);
    }
    const done = await carryOutReset(scope, mailerOf(scope), found, password);
    if (!done.ok) return answerRefused(c, done.refusal);
    if (!done.value) return answerLinkEnded(c, 'reset');
    dropSessionCookie(c);
    return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'reset'));
  });

export function resetPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  const { reset, newPassword } = ACCOUNT_PATHS;
  const open = requireMailer(mailerOf, 'reset');
  pages.get(reset, requireOwnPage, open, (c) => answerAsk(c));
  pages.post(reset, requireOwnPage, open, limitVisit, postAsk(mailerOf));
  pages.get(newPassword, requireOwnPage, limitVisit, getNewPassword);
  pages.post(newPassword, requireOwnPage, limitVisit, postNewPassword(mailerOf));
  return pages;
}
