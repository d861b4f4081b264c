/** What the pages of accounts and organisations share: what was just done, limits, and links and mail that lead no further. */
import type { Context, MiddlewareHandler } from 'hono';
import { doneWords } from '#developers/accounts.ts';
import { type Answer, answerBoard } from '#developers/board.guard.tsx';
import type { MailerOf } from '#developers/mailer.ts';
import type { DeveloperEnv } from '#developers/member.guard.tsx';
import { type Asked, LinkEndedView, MailClosedView } from '#developers/sign-up.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused } from '#developers/stop.guard.tsx';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';

export type AccountContext = Context<DeveloperEnv>;

/** What was just done, as the address says it. */
export function noticeOf<E extends AppEnv>(c: Context<E>): string | undefined {
  return doneWords(c.req.query('done'));
}

/** Before what costs a hash or a mail, or looks at a mailed link: counts the request by its source. */
export const limitVisit: MiddlewareHandler<AppEnv> = async (c, next) => {
  const within = await limitSource(c.var.scope);
  return within.ok ? next() : answerRefused(c, within.refusal);
};

/** Without a mailer the form would lead nowhere. */
export function requireMailer(mailerOf: MailerOf, asked: Asked): MiddlewareHandler<AppEnv> {
  return async function mailerGuard(c, next) {
    const { scope } = c.var;
    const mailer = mailerOf(scope);
    if (mailer.ok) return next();
    scope.trace.reason = mailer.refusal.reason;
    const page = <MailClosedView site={siteOf(scope)} asked={asked} />;
    return answerBoard(c, page, c.req.method === 'POST' ? 503 : 200);
  };
}

export function answerLinkEnded<E extends AppEnv>(c: Context<E>, of: Asked | 'invitation'): Answer {
  return answerBoard(c, <LinkEndedView site={siteOf(c.var.scope)} of={of} />, 404);
}
