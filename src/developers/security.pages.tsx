/** Pages of one's own account: password and sessions. */
import type { Hono } from 'hono';
import { ACCOUNT_PATHS, pathDone } from '#developers/accounts.ts';
import { type Answer, answerBoard, withForm } from '#developers/board.guard.tsx';
import { type AccountContext, limitVisit, noticeOf } from '#developers/board.pages.tsx';
import type { FrameMember } from '#developers/dashboard.view.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import { type DeveloperEnv, requireDeveloper } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { listPasskeys } from '#developers/own-passkeys.flow.ts';
import { problemsOf } from '#developers/parts.view.tsx';
import { relyingPartyOf } from '#developers/passkey.ts';
import { PasskeysSection } from '#developers/passkey.view.tsx';
import { ChangePasswordView, SecurityView } from '#developers/security.view.tsx';
import { dropSessionCookie } from '#developers/session-cookie.ts';
import { setPassword } from '#developers/set-password.flow.ts';
import { endSessions, readSecurity } from '#developers/sign-in.flow.ts';
import { siteOf } from '#developers/site.ts';
import { answerRefused, sendToProve } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';

/** The frame of who may belong to no organisation any more. */
export function frameMemberOf({ member, developer }: DeveloperEnv['Variables']): FrameMember {
  return (
    member ?? {
      developer,
      organisation: { organisationId: '', name: 'No organisation' },
      role: 'member of none',
      memberships: [],
    }
  );
}

async function getSecurity(c: AccountContext): Promise<Response> {
  const { scope, session } = c.var;
  const [{ sessions, hasPassword }, passkeys] = await Promise.all([
    readSecurity(scope, session.developerId),
    listPasskeys(scope, session.developerId),
  ]);
  const page = (
    <SecurityView
      site={siteOf(scope)}
      member={frameMemberOf(c.var)}
      sessions={sessions}
      ownSessionId={session.sessionId}
      hasPassword={hasPassword}
      notice={noticeOf(c)}
      passkeys={
        <PasskeysSection passkeys={passkeys} available={relyingPartyOf(scope.settings) !== undefined} />
      }
    />
  );
  return answerBoard(c, page);
}

function answerPassword(c: AccountContext, problem?: string): Answer {
  const problems = problemsOf({ password: problem });
  const page = (
    <ChangePasswordView site={siteOf(c.var.scope)} member={frameMemberOf(c.var)} problems={problems} />
  );
  return answerBoard(c, page);
}

const postPassword = (mailerOf: MailerOf) =>
  withForm<DeveloperEnv>(async (c, field) => {
    const { scope, developer } = c.var;
    const password = field('password');
    const problem = findPasswordProblem(password, [developer.email, developer.name]);
    if (problem !== undefined) return answerPassword(c, problem);
    const done = await setPassword(scope, mailerOf(scope), c.var, password);
    if (!done.ok) return answerRefused(c, done.refusal);
    return done.value ? seeOther(c, pathDone(ACCOUNT_PATHS.security, 'password')) : sendToProve(c, 'sign-in');
  });

const postSessions = withForm<DeveloperEnv>(async (c, field) => {
  const { scope, session } = c.var;
  const sessionId = field('session_id');
  if (sessionId === 'others') {
    await endSessions(scope, session, 'others');
    return seeOther(c, pathDone(ACCOUNT_PATHS.security, 'others'));
  }
  await endSessions(scope, { ...session, sessionId }, 'this');
  if (sessionId !== session.sessionId) return seeOther(c, pathDone(ACCOUNT_PATHS.security, 'session'));
  dropSessionCookie(c);
  return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'signed-out'));
});

export function securityPages(mailerOf: MailerOf): Hono<DeveloperEnv> {
  const pages = makeRoutes<DeveloperEnv>();
  const proved = requireDeveloper({ confirmed: true });
  pages.get(ACCOUNT_PATHS.security, requireDeveloper(), getSecurity);
  pages.get(ACCOUNT_PATHS.password, proved, (c) => answerPassword(c));
  pages.post(ACCOUNT_PATHS.password, proved, limitVisit, postPassword(mailerOf));
  pages.post(ACCOUNT_PATHS.sessions, requireDeveloper(), postSessions);
  return pages;
}
