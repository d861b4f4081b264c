/** Answers what a guard of the dashboard does not let through: a page that says why and what to do, or the way to sign in. */
import type { Context } from 'hono';
import { DocsLink } from '#developers/parts.view.tsx';
import { DASHBOARD, pathBefore } from '#developers/session.ts';
import { siteOf } from '#developers/site.ts';
import { seeOther } from '#edge/answer-page.ts';
import { answerDeadEnd } from '#edge/dead-end.guard.tsx';
import { developerOrigin } from '#edge/developer-host.ts';
import type { AppEnv } from '#edge/scope.ts';
import type { Refusal } from '#kernel/result.ts';

type Answer = Response | Promise<Response>;

interface StopWords {
  readonly status: 400 | 403 | 404 | 409 | 413 | 429 | 503;
  readonly heading: string;
  readonly why: string;
  readonly nextStep: string;
  /** Where that step is taken, if not on the dashboard's first page. */
  readonly onward?: { readonly path: string; readonly text: string };
}

/** Each dead end with its status. Whichever it is, nothing was changed. */
const STOPS = {
  no_page: {
    status: 404,
    heading: 'There is no such page here',
    why: 'The address is wrong, or what it showed is gone.',
    nextStep: 'Begin at the dashboard’s first page.',
  },
  forged: {
    status: 403,
    heading: 'That did not come from a page of ours',
    why: 'A form was posted from elsewhere, or your browser did not say from where.',
    nextStep: 'Open the page anew in this browser and send the form again.',
  },
  not_allowed: {
    status: 403,
    heading: 'Your role does not include this',
    why: 'It opens neither this page nor this change.',
    nextStep: 'Ask an owner to do it, or to change your role.',
  },
  other_organisation: {
    status: 409,
    heading: 'You are working in another organisation by now',
    why: 'The form was shown for another of your organisations.',
    nextStep: 'Switch to the organisation you mean, then open the page anew.',
    onward: { path: `${DASHBOARD}/organisation`, text: 'Your organisations' },
  },
  alone: {
    status: 403,
    heading: 'You belong to no organisation',
    why: 'You left, or were removed.',
    nextStep: 'Ask an owner for an invitation, or make an organisation of your own.',
    onward: { path: `${DASHBOARD}/organisation/new`, text: 'New organisation' },
  },
  too_many: {
    status: 429,
    heading: 'Too many requests from your network',
    why: 'We limit how often one address may ask without being signed in.',
    nextStep: 'Wait a minute, then try again.',
  },
  sign_ups_used_up: {
    status: 503,
    heading: 'We take no more sign-ups at the moment',
    why: 'More people than usual signed up within the hour, here or from your network. We sent no e-mail.',
    nextStep: 'Try again in an hour.',
  },
  too_often: {
    status: 429,
    heading: 'Too many changes at once',
    why: 'We limit how many forms one account may send in a minute.',
    nextStep: 'Wait a minute, then send the form again.',
  },
  unavailable: {
    status: 503,
    heading: 'We are too busy at the moment',
    why: 'Too many ask at once, or a part of the bank did not answer.',
    nextStep: 'Wait a few seconds, then send the form again.',
  },
  too_large: {
    status: 413,
    heading: 'That is more than a form may hold',
    why: 'What was sent is too long to be read.',
    nextStep: 'Open the page anew and send less.',
  },
  bad_form: {
    status: 400,
    heading: 'That form could not be read',
    why: 'It was not sent as our pages send it.',
    nextStep: 'Open the page anew and fill it in again.',
  },
} as const satisfies Record<string, StopWords>;
export type Stop = keyof typeof STOPS;

/** A page that says why it goes no further; `reason` is for the log alone. */
export function answerStop<E extends AppEnv>(
  c: Context<E>,
  stop: Stop,
  reason: string,
  retryAfterSeconds?: number,
): Answer {
  const { why, ...page }: StopWords = STOPS[stop];
  return answerDeadEnd(c, stop, reason, {
    ...siteOf(c.var.scope),
    onward: { path: DASHBOARD, text: 'Go to the dashboard' },
    ...page,
    explanation: `${why} Nothing was changed.`,
    audience: 'developer',
    current: DASHBOARD,
    retryAfterSeconds,
    more: (
      <p>
        <DocsLink topic="when-a-page-goes-no-further">Why this happens</DocsLink>
      </p>
    ),
  });
}

const STOP_OF_REFUSAL: Partial<Record<Refusal['code'], Stop>> = {
  rate_limit_exceeded: 'too_many',
  service_unavailable: 'unavailable',
  payload_too_large: 'too_large',
};

/** The page for a refusal that no form can show. */
export function answerRefused<E extends AppEnv>(c: Context<E>, refusal: Refusal): Answer {
  const { code, reason, retryAfterSeconds } = refusal;
  return answerStop(c, STOP_OF_REFUSAL[code] ?? 'bad_form', reason, retryAfterSeconds);
}

/** The page to come back to: the one asked for; after a post, the one that held the form. */
function pageOf<E extends AppEnv>(c: Context<E>): string {
  const asked = new URL(c.req.url);
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return `${asked.pathname}${asked.search}`;
  const referrer = c.req.header('referer') ?? '';
  if (!URL.canParse(referrer)) return asked.pathname;
  const from = new URL(referrer);
  return from.origin === developerOrigin(c.var.scope.settings)
    ? `${from.pathname}${from.search}`
    : asked.pathname;
}

/** To sign in, or to prove it anew, and back. */
export function sendToProve<E extends AppEnv>(c: Context<E>, page: 'sign-in' | 'confirm'): Response {
  return seeOther(c, pathBefore(page, pageOf(c), c.req.method === 'POST'));
}
