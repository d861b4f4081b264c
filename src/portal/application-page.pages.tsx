/** What the pages about applications share: who looks, what was typed, and what a refusal says there. */
import type { Context } from 'hono';
import { findClientOfOrganisation, type OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import type { MemberEnv } from '#developers/member.guard.tsx';
import type { Problem } from '#developers/parts.view.tsx';
import { siteOf } from '#developers/site.ts';
import { answerPage } from '#edge/answer-page.ts';
import type { Parameters as FormParameters } from '#edge/body.ts';
import { ERRORS } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';
import { showsPrivateKey } from '#portal/application-answers.ts';
import type { Asked, Viewing } from '#portal/application-form.view.tsx';

/** What the guard leaves with a request. */
type Guarded = Pick<MemberEnv['Variables'], 'scope' | 'member'>;
export type Answer = Response | Promise<Response>;

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

/** What was typed, to be shown again; a private key that was pasted, and a token, are not. */
export function typed(form: FormParameters): Asked['values'] {
  return Object.fromEntries(
    [...form].filter(([name, text]) => name !== 'registration_access_token' && !showsPrivateKey(text)),
  );
}

export function viewingOf({ scope, member }: Guarded): Viewing {
  return { site: siteOf(scope), member };
}

/** Sends a page of the section, 400 where something posted was refused. */
export function show<E extends MemberEnv>(
  c: Context<E>,
  node: Parameters<typeof answerPage>[1],
  problems: readonly Problem[] = [],
): Answer {
  return answerPage(c, node, { status: problems.length > 0 ? 400 : 200, scripts: 'own' });
}

/** An application, if it is the organisation's. */
export function findOwned(
  { scope, member }: Guarded,
  clientId: string,
): Promise<OwnedRegistration | undefined> {
  return findClientOfOrganisation(scope, member.organisation.organisationId, clientId);
}
