/** Sends what a step of the journey came to: its page, its redirect and its cookie. */
import type { Context } from 'hono';
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
import { LoginView } from '#authorization/login.view.tsx';
import { type ReturnAddress, renderReturn } from '#authorization/return-address.ts';
import { answerPage, seeOther } from '#edge/answer-page.ts';
import { answerDeadEnd } from '#edge/dead-end.guard.tsx';
import { dropHostCookie, putHostCookie, readHostCookie } from '#edge/host-cookie.ts';
import type { AppEnv } from '#edge/scope.ts';
import { isSecret } from '#kernel/ids.ts';

type Answer = Response | Promise<Response>;
type DeadEndStep = Extract<JourneyStep, { show: 'dead_end' }>;

/** Reads the request's cookies by the interaction they are for. */
export function cookieReader(c: Context<AppEnv>): CookieReader {
  return (interactionId) => {
    const value = readHostCookie(c, cookieName(interactionId));
    return value !== undefined && isSecret(value) ? value : undefined;
  };
}

function putCookie(c: Context<AppEnv>, cookie: JourneyCookie | undefined): void {
  if (cookie === undefined) return;
  putHostCookie(c, cookieName(cookie.interactionId), cookie.value, INTERACTION_SECONDS);
}

/** A page that ends the journey here, with the request id. */
export function answerEnd(
  c: Context<AppEnv>,
  { end, reason, detail, retryAfterSeconds }: Omit<DeadEndStep, 'show'>,
): Answer {
  const more = detail && (
    <details>
      <summary>For the developers of the app</summary>
      <p>{detail}</p>
    </details>
  );
  return answerDeadEnd(c, end, reason, { ...DEAD_ENDS[end], audience: 'customer', more, retryAfterSeconds });
}

/** A dead end without a flow: what the guards and the forms' parsing answer. */
export function answerStop(c: Context<AppEnv>, end: DeadEnd, reason: string): Answer {
  return answerEnd(c, { end, reason });
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
    if (step.interactionId !== undefined) dropHostCookie(c, cookieName(step.interactionId));
    if ('error' in step.answer) scope.trace.code = step.answer.error;
    scope.trace.reason = step.reason;
    return seeOther(c, renderReturn(issuer, step.address, step.answer));
  }
  if (step.show === 'dead_end') return answerEnd(c, step);
  putCookie(c, step.cookie);
  const status = step.props.failure === undefined ? 200 : 400;
  return answerPage(c, pageOf(step), { status, ...leadsTo(step.address) });
}
