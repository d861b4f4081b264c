/** A form that was refused: what was typed, to be shown again, and what a refusal says to a person. */
import type { Problem } from '#developers/parts.view.tsx';
import type { Parameters as Fields } from '#edge/body.ts';
import { ERRORS } from '#kernel/errors.ts';
import type { Refusal } from '#kernel/result.ts';
import { showsPrivateKey } from '#portal/application-answers.ts';
import type { Asked } from '#portal/portal-page.view.tsx';

/** What was typed, with what is wrong with it; a private key that was pasted, and a token, are not shown again. */
export function askedAgain(fields: Fields, problems: readonly Problem[]): Asked {
  const shown = [...fields].filter(
    ([name, text]) => name !== 'registration_access_token' && !showsPrivateKey(text),
  );
  return { values: Object.fromEntries(shown), problems };
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
