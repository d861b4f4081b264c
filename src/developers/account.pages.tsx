/** All pages of accounts: what the entry mounts. */
import type { Hono } from 'hono';
import type { MailerOf } from '#developers/mailer.ts';
import { passkeyPages } from '#developers/passkey.pages.tsx';
import { resetPages } from '#developers/reset.pages.tsx';
import { securityPages } from '#developers/security.pages.tsx';
import { signInPages } from '#developers/sign-in.pages.tsx';
import { signUpPages } from '#developers/sign-up.pages.tsx';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';

export function accountPages(mailerOf: MailerOf): Hono<AppEnv> {
  const pages = makeRoutes();
  pages.route('/', signUpPages(mailerOf));
  pages.route('/', signInPages());
  pages.route('/', resetPages(mailerOf));
  pages.route('/', securityPages(mailerOf));
  pages.route('/', passkeyPages(mailerOf));
  return pages;
}
