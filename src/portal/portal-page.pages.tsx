/** What the portal's pages share: who looks, sending a page, reading a form, and what a refusal says to a person. */
import type { Context } from 'hono';
import type { MemberEnv } from '#developers/member.guard.tsx';
import { isShownForAnother } from '#developers/organisation.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { type Parameters as Fields, readForm } from '#edge/body.ts';
import { ERRORS } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';
import { showsPrivateKey } from '#portal/application-answers.ts';
import type { Asked, Viewing } from '#portal/portal-page.view.tsx';

export type PageContext = Context<MemberEnv>;
export type Answer = Response | Promise<Response>;

export function viewingOf<E extends MemberEnv>({ var: { scope, member } }: Context<E>): Viewing {
  return { site: siteOf(scope), member };
}

/** Sends a page; 400 shows a form again that was refused. */
export function show<E extends MemberEnv>(
  c: Context<E>,
  node: Parameters<typeof answerPage>[1],
  status: 200 | 400 | 409 = 200,
): Answer {
  return answerPage(c, node, { status, scripts: 'own' });
}

/** Handles a posted form; one that cannot be read, or was shown for another organisation, is answered here. */
export function withForm<E extends MemberEnv>(handle: (c: Context<E>, form: Fields) => Answer) {
  return async function form(c: Context<E>): Promise<Response> {
    const fields = await readForm(c);
    if (!fields.ok) return answerRefused(c, fields.refusal);
    return isShownForAnother(c.var.member, fields.value)
      ? answerStop(c, 'other_organisation', 'form of another organisation')
      : handle(c, fields.value);
  };
}

/** What was typed, to be shown again; a private key that was pasted, and a token, are not. */
export function typed(form: Fields): Asked['values'] {
  return Object.fromEntries(
    [...form].filter(([name, text]) => name !== 'registration_access_token' && !showsPrivateKey(text)),
  );
}

/** What the pages call members of a registration. */
const MEMBER_WORDS: Readonly<Record<string, string>> = {
  client_name: 'Name',
  logo_uri: 'Logo',
  redirect_uris: 'Redirect URI',
  jwks: 'Public keys',
  jwks_uri: 'Key address',
  software_statement: 'Software statement',
};

/** `redirect_uris.0` is redirect URI 1. */
function memberWords(member: string): string {
  const [name = '', index] = member.split('.');
  const words = MEMBER_WORDS[name];
  return words === undefined ? member : index === undefined ? words : `${words} ${Number(index) + 1}`;
}

/** What a refusal says to a person: each field's problem, else its sentence, beside `field` where that is one of the form. */
export function problemsOf({ code, message, errors = [] }: Refusal, field?: string): readonly Problem[] {
  if (errors.length > 0) {
    return errors.map(({ field: member, message: words }) => ({
      field: member.split('.')[0] ?? member,
      message: /^[A-Z]/.test(words) ? words : `${memberWords(member)} ${words}.`,
      code,
    }));
  }
  const text = message ?? ERRORS[code].message;
  return [field === undefined ? { message: text, code } : { field, message: text, code }];
}
