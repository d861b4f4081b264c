/** What the pages of accounts and organisations share: a form's fields, sending a page, and going on after a change. */
import type { Context, MiddlewareHandler } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { doneWords } from '#developers/accounts.ts';
import type { MailerOf } from '#developers/mailer.ts';
import type { DeveloperEnv, MemberEnv } from '#developers/member.guard.tsx';
import type { Member } from '#developers/member.ts';
import { isShownForAnother } from '#developers/organisation.ts';
import type { BoardProps } from '#developers/organisation.view.tsx';
import { type Asked, LinkEndedView, MailClosedView } from '#developers/sign-up.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';

export type BoardContext = Context<MemberEnv>;
export type AccountContext = Context<DeveloperEnv>;
export type Answer = Response | Promise<Response>;

/** What each view of the organisation needs. */
export function boardOf(c: BoardContext): BoardProps {
  return { site: siteOf(c.var.scope), member: c.var.member };
}

export function answerBoard<E extends AppEnv>(
  c: Context<E>,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: ContentfulStatusCode = 200,
): Answer {
  return answerPage(c, page, { scripts: 'own', status });
}

/** What was just done, as the address says it. */
export function noticeOf<E extends AppEnv>(c: Context<E>): string | undefined {
  return doneWords(c.req.query('done'));
}

/** A field of a posted form; empty where it was not sent. */
export type FieldOf = (name: string) => string;

/** Handles a posted form; one that cannot be read, or was shown for another organisation, is answered here. */
export function withForm<E extends AppEnv>(handle: (c: Context<E>, field: FieldOf) => Answer) {
  return async function form(c: Context<E>): Promise<Response> {
    const fields = await readForm(c);
    if (!fields.ok) return answerRefused(c, fields.refusal);
    const { member } = c.var as { readonly member?: Member };
    return member !== undefined && isShownForAnother(member, fields.value)
      ? answerStop(c, 'other_organisation', 'form of another organisation')
      : handle(c, (name) => fields.value.get(name) ?? '');
  };
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
