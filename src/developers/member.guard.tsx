/** Lets through members of an organisation whose role allows what a page of the dashboard is for. */
import type { Context, MiddlewareHandler } from 'hono';
import { findSignedIn } from '#developers/find-member.flow.ts';
import type { Member, SignedIn } from '#developers/member.ts';
import { type MemberAction, mayDo } from '#developers/role.ts';
import { isConfirmed } from '#developers/session.ts';
import { readSessionCookie } from '#developers/session-cookie.ts';
import { answerRefused, answerStop, sendToProve } from '#developers/stop.guard.tsx';
import { developerOrigin, servesDevelopers } from '#edge/developer-host.ts';
import { isFromOwnPage } from '#edge/same-origin.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';

/** Pages behind `requireMember` find who asks in `c.var.member`. */
export interface MemberEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { member: Member };
}

/** Pages behind `requireDeveloper` find the account and its session, whether it belongs to an organisation or not. */
export interface DeveloperEnv extends AppEnv {
  Variables: AppEnv['Variables'] & SignedIn;
}

type Answer = Response | Promise<Response>;

interface Proof {
  /** A password or passkey within the last 15 minutes; put it on a form's GET and on its POST. */
  readonly confirmed?: true;
}

function isRead<E extends AppEnv>(c: Context<E>): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD';
}

/** Why a request is none of a page of this dashboard: another host's, or a post from elsewhere. */
function findForgery<E extends AppEnv>(c: Context<E>): Answer | undefined {
  const { settings } = c.var.scope;
  if (!servesDevelopers(settings, c.req.url)) return answerStop(c, 'no_page', 'dashboard on another host');
  return isRead(c) || isFromOwnPage(c.req.raw.headers, developerOrigin(settings))
    ? undefined
    : answerStop(c, 'forged', 'post from another origin');
}

/** For pages that need nobody signed in: only on the dashboard's host, and posts only from its own pages. */
export const requireOwnPage: MiddlewareHandler<AppEnv> = async (c, next) => findForgery(c) ?? next();

/** The checks that guards of signed-in pages share; `admit` answers whom it does not let through. */
async function findStop<E extends AppEnv>(
  c: Context<E>,
  { confirmed }: Proof,
  admit: (found: SignedIn) => Answer | undefined,
): Promise<Response | undefined> {
  const forgery = findForgery(c);
  if (forgery !== undefined) return forgery;
  const { scope } = c.var;
  const found = await findSignedIn(scope, readSessionCookie(c));
  if (!found.ok) return answerRefused(c, found.refusal);
  if (found.value === undefined) return sendToProve(c, 'sign-in');
  const { session } = found.value;
  if (!isRead(c)) {
    // An account costs nothing, and what it changes stands in an audit log for good.
    const within = await limitSource(scope, `developer ${session.developerId}`);
    if (!within.ok)
      return answerStop(c, 'too_often', 'account over its limit', within.refusal.retryAfterSeconds);
  }
  const stop = admit(found.value);
  if (stop !== undefined) return stop;
  return confirmed === true && !isConfirmed(session, scope.now) ? sendToProve(c, 'confirm') : undefined;
}

/**
 * Signed out: 303 to sign in and back. A post without our Origin, or a role without the action: a 403 page; of an account that
 * posts too often: a 429 page. With
 * `confirmed`, a password or passkey older than 15 minutes: 303 to prove it anew and back. D1: one batch. No object.
 */
export function requireMember(action: MemberAction, options: Proof = {}): MiddlewareHandler<MemberEnv> {
  return async function memberGuard(c, next) {
    const stop = await findStop(c, options, ({ member }) => {
      if (member === undefined) return answerStop(c, 'alone', 'account without an organisation');
      if (!mayDo(member.role, action)) return answerStop(c, 'not_allowed', `role may not ${action}`);
      c.set('member', member);
      return undefined;
    });
    return stop ?? next();
  };
}

/** The same for what belongs to the account alone: no organisation and no role is asked for. */
export function requireDeveloper(options: Proof = {}): MiddlewareHandler<DeveloperEnv> {
  return async function developerGuard(c, next) {
    const stop = await findStop(c, options, ({ developer, session, member }) => {
      c.set('developer', developer);
      c.set('session', session);
      c.set('member', member);
      return undefined;
    });
    return stop ?? next();
  };
}
