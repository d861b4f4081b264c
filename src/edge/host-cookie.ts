/** Cookies of our pages alone: no script reads them, no other host sets them, and each has one value for all paths. */
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { AppEnv } from '#edge/scope.ts';

/** `__Host-` needs https (RFC 6265bis section 4.1.3.2). */
function prefixOf<E extends AppEnv>(c: Context<E>): 'host' | undefined {
  return c.var.scope.settings.issuer.startsWith('https:') ? 'host' : undefined;
}

export function readHostCookie<E extends AppEnv>(c: Context<E>, name: string): string | undefined {
  return getCookie(c, name, prefixOf(c));
}

/** Without an age (seconds) the browser forgets it when it is closed. */
export function putHostCookie<E extends AppEnv>(
  c: Context<E>,
  name: string,
  value: string,
  maxAge?: number,
): void {
  // `Lax`: a `Strict` cookie would be missing when somebody arrives from a client, or from a link in a mail.
  const attributes = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge, prefix: prefixOf(c) };
  setCookie(c, name, value, attributes as CookieOptions);
}

export function dropHostCookie<E extends AppEnv>(c: Context<E>, name: string): void {
  putHostCookie(c, name, '', 0);
}
