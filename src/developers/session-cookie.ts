/** The cookie of a developer's session: read, set and taken away. */
import type { Context } from 'hono';
import type { Visit } from '#developers/open-session.flow.ts';
import { SESSION_COOKIE, SESSION_SECONDS } from '#developers/session.ts';
import { dropHostCookie, putHostCookie, readHostCookie } from '#edge/host-cookie.ts';
import type { AppEnv } from '#edge/scope.ts';

export function readSessionCookie<E extends AppEnv>(c: Context<E>): string | undefined {
  return readHostCookie(c, SESSION_COOKIE);
}

/** What opening a session has to know of the browser. */
export function visitOf<E extends AppEnv>(c: Context<E>): Visit {
  return { cookie: readSessionCookie(c), agent: c.req.header('user-agent') };
}

/** Gives the browser a value of `openDeveloperSession` or `confirmDeveloperSession`. */
export function putSessionCookie<E extends AppEnv>(c: Context<E>, value: string): void {
  putHostCookie(c, SESSION_COOKIE, value, SESSION_SECONDS);
}

export function dropSessionCookie<E extends AppEnv>(c: Context<E>): void {
  dropHostCookie(c, SESSION_COOKIE);
}
