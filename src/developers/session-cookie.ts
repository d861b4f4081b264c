/** The session's cookie as Hono carries it: read, set and taken away. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { Visit } from '#developers/open-session.flow.ts';
import { developerCookie, SESSION_SECONDS } from '#developers/session.ts';
import type { AppEnv } from '#edge/scope.ts';

/** `Lax`: a `Strict` cookie would be missing when a developer arrives from a mailed link. */
function optionsOf(issuer: string): CookieOptions {
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure: issuer.startsWith('https:') };
}

export function readSessionCookie<E extends AppEnv>(c: Context<E>): string | undefined {
  return getCookie(c, developerCookie(c.var.scope.settings.issuer));
}

/** What opening a session has to know of the browser. */
export function visitOf<E extends AppEnv>(c: Context<E>): Visit {
  return { cookie: readSessionCookie(c), agent: c.req.header('user-agent') };
}

/** Gives the browser a value of `openDeveloperSession` or `confirmDeveloperSession`. */
export function putSessionCookie<E extends AppEnv>(c: Context<E>, value: string): void {
  const { issuer } = c.var.scope.settings;
  setCookie(c, developerCookie(issuer), value, { ...optionsOf(issuer), maxAge: SESSION_SECONDS });
}

export function dropSessionCookie<E extends AppEnv>(c: Context<E>): void {
  const { issuer } = c.var.scope.settings;
  deleteCookie(c, developerCookie(issuer), optionsOf(issuer));
}
