/** How long a developer's session lives, what its cookie is called, and where a signed-in developer may be sent on to. */
import type { DeveloperSession } from '#developers/member.ts';
import { withQuery } from '#kernel/address.ts';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** Longer than the hour and day that NIST SP 800-63B-4 section 2.2.3 advises for AAL2, as every change of secrets asks anew. */
export const SESSION_IDLE_SECONDS = 12 * HOUR_SECONDS;
export const SESSION_SECONDS = 7 * DAY_SECONDS;
/** What makes or changes secrets and members asks for a password or passkey no older than this. */
const CONFIRMED_SECONDS = 15 * MINUTE_SECONDS;
/** A session's use is written down no more often than this. */
export const USE_NOTED_SECONDS = 5 * MINUTE_SECONDS;

/** The session's cookie: another name than any customer cookie's. */
export const SESSION_COOKIE = 'developer';

/** Whether password or passkey was proved lately enough for a change that needs it. */
export function isConfirmed({ confirmedAt }: Pick<DeveloperSession, 'confirmedAt'>, now: number): boolean {
  return now < confirmedAt + CONFIRMED_SECONDS;
}

/** Where the dashboard begins. */
export const DASHBOARD = '/dashboard';
const NEXT_LENGTH_MAXIMUM = 500;
/** Printable ASCII of paths and queries, so that no browser reads another host or a header into it. */
const NEXT = /^\/dashboard(?:[/?][A-Za-z0-9/_.~%=&?:-]*)?$/;
const DOUBLE_DOT = /^(?:\.|%2e){2}$/i;

/** A page of the dashboard to go on to; anything else is its beginning. No open redirect comes through here. */
export function parseNext(text: string | null | undefined): string {
  const next = text ?? '';
  const isOwn = next.length <= NEXT_LENGTH_MAXIMUM && NEXT.test(next) && !next.includes('//');
  // Browsers read `%2e` as a dot too: WHATWG URL, double-dot path segments.
  return isOwn && !next.split(/[/?]/).some((segment) => DOUBLE_DOT.test(segment)) ? next : DASHBOARD;
}

/** The page that asks first, and goes on to `next`; `unsent`: which held a form that was sent, and says so. */
export function pathBefore(page: 'sign-in' | 'confirm', next: string, unsent = false): string {
  const wanted = parseNext(next);
  return withQuery(`${DASHBOARD}/${page}`, {
    next: wanted === DASHBOARD ? undefined : wanted,
    done: unsent ? 'unsent' : undefined,
  });
}
