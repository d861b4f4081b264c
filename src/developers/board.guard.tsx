/** What every page of the dashboard goes through: who looks, the form that was posted, and the page sent. */
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { MemberEnv } from '#developers/member.guard.tsx';
import type { Member } from '#developers/member.ts';
import { isShownForAnother } from '#developers/organisation.ts';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { type Parameters as Fields, readForm } from '#edge/body.ts';
import type { AppEnv } from '#edge/scope.ts';

export type BoardContext = Context<MemberEnv>;
export type Answer = Response | Promise<Response>;

/** What each view of a member's page needs. */
export function boardOf<E extends MemberEnv>({ var: { scope, member } }: Context<E>) {
  return { site: siteOf(scope), member };
}

/** Sends a page: 200, but 400 after a post, which shows its form again, unless another status is given. */
export function answerBoard<E extends AppEnv>(
  c: Context<E>,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: ContentfulStatusCode = c.req.method === 'POST' ? 400 : 200,
): Answer {
  return answerPage(c, page, { scripts: 'own', status });
}

/** A field of a posted form; empty where it was not sent. */
export type FieldOf = (name: string) => string;

/**
 * Handles a posted form, whose fields are given one by one and all together; one that cannot be read, or was shown for another
 * organisation, is answered here.
 */
export function withForm<E extends AppEnv>(
  handle: (c: Context<E>, field: FieldOf, fields: Fields) => Answer,
) {
  return async function form(c: Context<E>): Promise<Response> {
    const fields = await readForm(c);
    if (!fields.ok) return answerRefused(c, fields.refusal);
    const { member } = c.var as { readonly member?: Member };
    return member !== undefined && isShownForAnother(member, fields.value)
      ? answerStop(c, 'other_organisation', 'form of another organisation')
      : handle(c, (name) => fields.value.get(name) ?? '', fields.value);
  };
}
