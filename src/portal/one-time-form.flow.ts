/**
 * Forms whose post hands out a registration access token: the token comes of the form, so that a form posted twice (a double
 * click, a lost answer) gives the same one, which is kept nowhere. D1: none. Objects: none on a warm isolate.
 */
import type { Scope } from '#edge/scope.ts';
import { seal, secretOfForm, unseal } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { MINUTE_SECONDS } from '#kernel/time.ts';

/** How long a form of this kind can be posted, and so its token be shown again to who holds the form. */
const FORM_LIFETIME_SECONDS = 30 * MINUTE_SECONDS;

export type FormPurpose = 'application.register' | 'application.rotate_token';

/** A form as it was posted. */
export interface PostedForm {
  /** What the form was made for, as given then. */
  readonly about: Readonly<Record<string, string | number>>;
  readonly registrationToken: string;
  readonly registrationTokenDigest: string;
}

/** The sealed value of the form's hidden field. `about` is for the eyes of who holds the form. */
export async function sealForm(
  scope: Scope,
  purpose: FormPurpose,
  about: PostedForm['about'],
): Promise<string> {
  const keys = await signingKeys(scope);
  return seal(keys, purpose, { about, seed: newSecret() }, scope.now + FORM_LIFETIME_SECONDS);
}

/** What a form says, and the token it stands for; undefined where it is too old or not ours. */
export async function openForm(
  scope: Scope,
  purpose: FormPurpose,
  sealed: string,
): Promise<PostedForm | undefined> {
  const keys = await signingKeys(scope);
  const value = await unseal(scope, keys, purpose, sealed);
  if (value === undefined) return undefined;
  const { about, seed } = value as { about: PostedForm['about']; seed: string };
  const registrationToken = `reg_token_${await secretOfForm(keys, [purpose, seed])}`;
  return { about, registrationToken, registrationTokenDigest: await digestOf(registrationToken) };
}
