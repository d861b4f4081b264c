/** What the customer's pages share: who may come in, where they are led, and the pages on which nothing can be done. */
import type { Context } from 'hono';
import { placeOf } from '#access/access-link.flow.ts';
import { ACCESS_PATH } from '#access/access-path.ts';
import {
  ACCESS_ACTIONS,
  type AccessFrame,
  type Left,
  logInPath,
  type SignedInFrame,
} from '#access/access-props.ts';
import { type AccessEnd, DEAD_ENDS, type DeadEnd } from '#access/dead-ends.ts';
import { SESSION_COOKIE, type Session } from '#access/session.ts';
import { findVisit } from '#access/visit.flow.ts';
import { endOf } from '#authorization/dead-ends.ts';
import type { JourneyPorts, JourneyPortsOf } from '#authorization/second-factor.ts';
import { seeOther } from '#edge/answer-page.ts';
import { readText } from '#edge/body.ts';
import { answerDeadEnd } from '#edge/dead-end.guard.tsx';
import { servesCustomers } from '#edge/developer-host.ts';
import { readHostCookie } from '#edge/host-cookie.ts';
import { isFromOwnPage } from '#edge/same-origin.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import type { Refusal } from '#kernel/result.ts';

export type Answer = Response | Promise<Response>;
export type Handler = (c: Context<AppEnv>, ports: JourneyPorts) => Promise<Answer>;
export type SessionHandler = (c: Context<AppEnv>, session: Session) => Promise<Answer>;
export type PostHandler = (
  c: Context<AppEnv>,
  ports: JourneyPorts,
  fields: URLSearchParams,
) => Promise<Answer>;

const FORM = 'application/x-www-form-urlencoded';

export function frameOf({ settings }: AppEnv['Variables']['scope']): AccessFrame {
  return { environment: settings.environment, host: new URL(settings.issuer).host };
}

/** Of a page behind the log-in. */
export function signedInFrame(scope: AppEnv['Variables']['scope'], session: Session): SignedInFrame {
  return { ...frameOf(scope), customerName: session.displayName };
}

export function goTo(c: Context<AppEnv>, path: string): Response {
  return seeOther(c, `${c.var.scope.settings.issuer}${path}`);
}

/** `onward`: where its button leads, unless the end has none. */
export function answerEnd(
  c: Context<AppEnv>,
  end: DeadEnd,
  reason: string,
  {
    onward = ACCESS_PATH,
    retryAfterSeconds,
  }: { readonly onward?: string; readonly retryAfterSeconds?: number | undefined } = {},
): Answer {
  const { isLast, ...words }: AccessEnd = DEAD_ENDS[end];
  return answerDeadEnd(c, end, reason, {
    ...words,
    audience: 'customer',
    retryAfterSeconds,
    onward:
      isLast === true
        ? undefined
        : { path: `${c.var.scope.settings.issuer}${onward}`, text: 'Go to your access page' },
  });
}

function answerRefused(c: Context<AppEnv>, refusal: Refusal): Answer {
  const { retryAfterSeconds } = refusal;
  return answerEnd(c, endOf(refusal), refusal.reason, { retryAfterSeconds });
}

/**
 * Wraps each handler: who opens a page on another host is led to the issuer's, every request counts by its source, and needs
 * the journey's ports configured.
 */
export function welcome(portsOf: JourneyPortsOf, handle: Handler) {
  return async function access(c: Context<AppEnv>): Promise<Response> {
    const { scope } = c.var;
    if (!servesCustomers(scope.settings, c.req.url)) {
      return answerEnd(c, 'elsewhere', 'customer page on the developer host');
    }
    const { origin, pathname, search } = new URL(c.req.url);
    // Forms and cookies are of the issuer's origin alone; a local sandbox has several names for one machine.
    if (c.req.method === 'GET' && origin !== scope.settings.issuer && !scope.settings.issuerIsLoopback) {
      return goTo(c, `${pathname}${search}`);
    }
    const limited = await limitSource(scope);
    if (!limited.ok) return answerRefused(c, limited.refusal);
    const ports = portsOf(scope);
    return ports.ok ? handle(c, ports.value) : answerRefused(c, ports.refusal);
  };
}

/** Wraps what only a page of ours may post. */
export function posted(handle: PostHandler): Handler {
  return async (c, ports) => {
    if (!isFromOwnPage(c.req.raw.headers, c.var.scope.settings.issuer)) {
      return answerEnd(c, 'forged', 'post from another origin');
    }
    const text = await readText(c, [FORM]);
    return text.ok ? handle(c, ports, new URLSearchParams(text.value)) : answerRefused(c, text.refusal);
  };
}

/** One value of a field; a field sent twice is nobody's typing. */
export function fieldOf(fields: URLSearchParams, name: string): string | undefined {
  const values = fields.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

/** To the log-in of the customer's own bank, with the reason. */
export async function goLogIn(
  c: Context<AppEnv>,
  session: Session | undefined,
  left?: Left,
): Promise<Response> {
  const { handle } = await placeOf(c.var.scope, session?.organisationId ?? null);
  return goTo(c, logInPath(handle, left));
}

/** Wraps what is for a logged-in customer; others are led to log in. */
export function signedIn(handle: SessionHandler): Handler {
  return async (c) => {
    const visit = await findVisit(c.var.scope, readHostCookie(c, SESSION_COOKIE));
    if (visit.stage === 'open') return handle(c, visit.session);
    if (visit.stage === 'over') return goLogIn(c, visit.session, 'over');
    return visit.stage === 'code' ? goTo(c, ACCESS_ACTIONS.code) : goTo(c, ACCESS_PATH);
  };
}
