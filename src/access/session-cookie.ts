/** The cookie of a customer's session at `/my/access`, apart from those of interactions and of developers. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { AppEnv } from '#edge/scope.ts';

/** `__Host-` needs https (RFC 6265bis section 4.1.3.2). */
function nameOf(issuer: string): string {
  return issuer.startsWith('https:') ? '__Host-access' : 'access';
}

/** `Lax`, as customers come from links of others. Without an age: the browser forgets it when it is closed. */
function optionsOf(issuer: string): CookieOptions {
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure: issuer.startsWith('https:') };
}

export function readSessionCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, nameOf(c.var.scope.settings.issuer));
}

export function putSessionCookie(c: Context<AppEnv>, value: string): void {
  const { issuer } = c.var.scope.settings;
  setCookie(c, nameOf(issuer), value, optionsOf(issuer));
}

export function dropSessionCookie(c: Context<AppEnv>): void {
  const { issuer } = c.var.scope.settings;
  deleteCookie(c, nameOf(issuer), optionsOf(issuer));
}
