/** Pages of one's own account: password and sessions. */
import type { Context, Hono } from 'hono';
import { ACCOUNT_PATHS, doneWords } from '#developers/accounts.ts';
import type { FrameMember } from '#developers/dashboard.view.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import { type DeveloperEnv, requireDeveloper } from '#developers/member.guard.tsx';
import { findPasswordProblem } from '#developers/new-password.ts';
import { listPasskeys } from '#developers/own-passkeys.flow.ts';
import { relyingPartyOf } from '#developers/passkey.ts';
import { PasskeysSection } from '#developers/passkey.view.tsx';
import { ChangePasswordView, SecurityView } from '#developers/security.view.tsx';
import { dropSessionCookie } from '#developers/session-cookie.ts';
import { setPassword } from '#developers/set-password.flow.ts';
import { endSessions, readSecurity } from '#developers/sign-in.flow.ts';
import { pathDone } from '#developers/sign-in.pages.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, seeOther, sendToProve } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';

type Answer = Response | Promise<Response>;

const SCRIPTS = { scripts: 'own' } as const;

/** The frame of who may belong to no organisation any more. */
export function frameMemberOf({ member, developer }: DeveloperEnv['Variables']): FrameMember {
  return (
    member ?? {
      developer,
      organisation: { organisationId: '', name: 'No organisation' },
      role: 'member of none',
      organisations: [],
    }
  );
}

function send(
  c: Context<DeveloperEnv>,
  ...[page, answer]: [Parameters<typeof answerPage>[1], { status?: 400 }?]
): Answer {
  return answerPage(c as unknown as Context<AppEnv>, page, { ...SCRIPTS, ...answer });
}

async function getSecurity(c: Context<DeveloperEnv>): Promise<Response> {
  const { scope, session } = c.var;
  const [{ sessions, hasPassword }, passkeys] = await Promise.all([
    readSecurity(scope, session.developerId),
    listPasskeys(scope, session.developerId),
  ]);
  return send(
    c,
    <SecurityView
      site={siteOf(scope)}
      member={frameMemberOf(c.var)}
      sessions={sessions}
      ownSessionId={session.sessionId}
      hasPassword={hasPassword}
      notice={doneWords(c.req.query('done'))}
      passkeys={
        <PasskeysSection passkeys={passkeys} available={relyingPartyOf(scope.settings) !== undefined} />
      }
    />,
  );
}

function passwordPage(c: Context<DeveloperEnv>, problem?: string): Answer {
  const page = (
    <ChangePasswordView site={siteOf(c.var.scope)} member={frameMemberOf(c.var)} problem={problem} />
  );
  return send(c, page, problem === undefined ? {} : { status: 400 });
}

async function postPassword(c: Context<DeveloperEnv>, mailerOf: MailerOf): Promise<Response> {
  const { scope, developer, session } = c.var;
  const within = await limitSource(scope);
  if (!within.ok) return answerRefused(c, within.refusal);
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const password = fields.value.get('password') ?? '';
  const problem = findPasswordProblem(password, [developer.email, developer.name]);
  if (problem !== undefined) return passwordPage(c, problem);
  const mailer = mailerOf(scope);
  const done = await setPassword(
    scope,
    mailer.ok ? mailer.value : undefined,
    { developer, session },
    password,
  );
  if (!done.ok) return answerRefused(c, done.refusal);
  return done.value ? seeOther(c, pathDone(ACCOUNT_PATHS.security, 'password')) : sendToProve(c, 'sign-in');
}

async function postSessions(c: Context<DeveloperEnv>): Promise<Response> {
  const { scope, session } = c.var;
  const fields = await readForm(c);
  if (!fields.ok) return answerRefused(c, fields.refusal);
  const sessionId = fields.value.get('session_id') ?? '';
  await endSessions(scope, session, sessionId === 'others' ? 'others' : { sessionId });
  if (sessionId === session.sessionId) {
    dropSessionCookie(c);
    return seeOther(c, pathDone(ACCOUNT_PATHS.signIn, 'signed-out'));
  }
  return seeOther(c, pathDone(ACCOUNT_PATHS.security, sessionId === 'others' ? 'others' : 'session'));
}

export function securityPages(mailerOf: MailerOf): Hono<DeveloperEnv> {
  const pages = makeRoutes<DeveloperEnv>();
  pages.get(ACCOUNT_PATHS.security, requireDeveloper(), getSecurity);
  pages.get(ACCOUNT_PATHS.password, requireDeveloper({ confirmed: true }), (c) => passwordPage(c));
  pages.post(ACCOUNT_PATHS.password, requireDeveloper({ confirmed: true }), (c) => postPassword(c, mailerOf));
  pages.post(ACCOUNT_PATHS.sessions, requireDeveloper(), postSessions);
  return pages;
}
