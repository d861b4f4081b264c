/** What pages about the organisation share: their form's fields, sending a page, and going on after a change. */
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { MemberEnv } from '#developers/member.guard.tsx';
import { isShownForAnother } from '#developers/organisation.ts';
import { type BoardProps, type Done, ORGANISATION } from '#developers/organisation.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { type Parameters, readForm } from '#edge/body.ts';

export type BoardContext = Context<MemberEnv>;
export type Answer = Response | Promise<Response>;

/** What each view of the organisation needs. */
export function boardOf(c: BoardContext): BoardProps {
  return { site: siteOf(c.var.scope), member: c.var.member };
}

export function answerBoard(
  c: BoardContext,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: ContentfulStatusCode = 200,
): Answer {
  return answerPage(c, page, { scripts: 'own', status });
}

/** The organisation's page, which says what was done. */
export function doneAt(done: Done): string {
  return `${ORGANISATION}?done=${done}`;
}

export function goOn(c: BoardContext, done: Done): Response {
  return seeOther(c, doneAt(done));
}

/** Handles a posted form; one that cannot be read, or was shown for another organisation, is answered here. */
export function withForm(handle: (c: BoardContext, fields: Parameters) => Promise<Answer>) {
  return async function form(c: BoardContext): Promise<Response> {
    const fields = await readForm(c);
    if (!fields.ok) return answerRefused(c, fields.refusal);
    return isShownForAnother(c.var.member, fields.value)
      ? answerStop(c, 'other_organisation', 'form of another organisation')
      : handle(c, fields.value);
  };
}
