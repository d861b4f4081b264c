/** Sends what a step of the journey came to: its page, its redirect and its cookie. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { CodeView } from '#authorization/code.view.tsx';
import { ConsentView } from '#authorization/consent.view.tsx';
import { DEAD_ENDS, type DeadEnd } from '#authorization/dead-ends.ts';
import { INTERACTION_SECONDS } from '#authorization/interaction.ts';
import {
  type CookieReader,
  cookieName,
  type JourneyCookie,
  type JourneyStep,
} from '#authorization/journey.ts';
import { JourneyErrorView } from '#authorization/journey-error.view.tsx';
import { LoginView } from '#authorization/login.view.tsx';
import { type ReturnAddress, renderReturn } from '#authorization/return-address.ts';
import { answerPage, seeOther } from '#edge/answer-page.ts';
import type { AppEnv } from '#edge/scope.ts';
import { isSecret } from '#kernel/ids.ts';

type Answer = Response | Promise<Response>;
type DeadEndStep = Extract<JourneyStep, { show: 'dead_end' }>;

/** Reads the request's cookies by the interaction they are for. */
export function cookieReader(c: Context<AppEnv>): CookieReader {
  return (interactionId) => {
    const value = getCookie(c, cookieName(c.var.scope.settings.issuer, interactionId));
    return value !== undefined && isSecret(value) ? value : undefined;
  };
}

/** `Lax`: a `Strict` cookie would be missing when the customer arrives from the client. */
function cookieOptions(issuer: string): CookieOptions {
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure: issuer.startsWith('https:') };
}

function putCookie(c: Context<AppEnv>, cookie: JourneyCookie | undefined): void {
  if (cookie === undefined) return;
  const { issuer } = c.var.scope.settings;
  setCookie(c, cookieName(issuer, cookie.interactionId), cookie.value, {
    ...cookieOptions(issuer),
    maxAge: INTERACTION_SECONDS,
  });
}

/** A page that ends the journey here, with the request id. */
export function answerDeadEnd(
  c: Context<AppEnv>,
  { end, reason, detail, retryAfterSeconds }: Omit<DeadEndStep, 'show'>,
): Answer {
  const { scope } = c.var;
  const { status, heading, explanation, nextStep } = DEAD_ENDS[end];
  scope.trace.code = end;
  scope.trace.reason = reason;
  if (status === 429 || status === 503) c.header('Retry-After', String(retryAfterSeconds ?? 5));
  return answerPage(
    c,
    <JourneyErrorView
      environment={scope.settings.environment}
      host={new URL(scope.settings.issuer).host}
      heading={heading}
      explanation={explanation}
      nextStep={nextStep}
      requestId={scope.requestId}
      detail={detail}
    />,
    { status },
  );
}

/** A dead end without a flow: what the guards and the forms' parsing answer. */
export function answerStop(c: Context<AppEnv>, end: DeadEnd, reason: string): Answer {
  return answerDeadEnd(c, { end, reason });
}

/** Every button of the journey can lead to the client: Cancel stands on each page. */
function leadsTo(address: ReturnAddress) {
  return { formAction: 'client', loopback: address.redirectUri.startsWith('http:') } as const;
}

function pageOf(step: Extract<JourneyStep, { props: unknown }>) {
  if (step.show === 'login') return <LoginView {...step.props} />;
  if (step.show === 'code') return <CodeView {...step.props} />;
  return <ConsentView {...step.props} />;
}

/** Answers with a step of the journey. A page that says what was wrong with the post has status 400. */
export function answerStep(c: Context<AppEnv>, step: JourneyStep): Answer {
  const { scope } = c.var;
  const { issuer } = scope.settings;
  if ('go' in step) {
    if (step.go === 'onward') {
      putCookie(c, step.cookie);
      return seeOther(c, `${issuer}/oauth/authorize/${step.interactionId}`);
    }
    if (step.interactionId !== undefined) {
      deleteCookie(c, cookieName(issuer, step.interactionId), cookieOptions(issuer));
    }
    if ('error' in step.answer) scope.trace.code = step.answer.error;
    scope.trace.reason = step.reason;
    return seeOther(c, renderReturn(issuer, step.address, step.answer));
  }
  if (step.show === 'dead_end') return answerDeadEnd(c, step);
  putCookie(c, step.cookie);
  const status = step.props.failure === undefined ? 200 : 400;
  return answerPage(c, pageOf(step), { status, ...leadsTo(step.address) });
}
