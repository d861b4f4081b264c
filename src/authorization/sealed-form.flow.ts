/** The hidden field of each form: which interaction it decides, sealed so that the browser cannot change it. D1: none.
 * Objects: none. */
import { FORM_LIFETIME_SECONDS, type Opening } from '#authorization/interaction.ts';
import type { ReturnAddress } from '#authorization/return-address.ts';
import type { Scope } from '#edge/scope.ts';
import { seal, unseal } from '#edge/secrets.ts';
import type { KeySet } from '#edge/signing-keys.ts';

export interface SealedForm extends Opening {
  readonly interactionId: string;
  readonly clientId: string;
  /** Where the customer is returned to when the interaction itself is past. */
  readonly address: ReturnAddress;
}

const PURPOSE = 'interaction';

export async function sealForm(keys: KeySet, form: SealedForm): Promise<string> {
  const { redirectUri, state } = form.address;
  const sealed = { ...form, address: { redirectUri, state } };
  return seal(keys, PURPOSE, sealed, form.openedAt + FORM_LIFETIME_SECONDS);
}

/** The form as it was sealed; undefined when it was changed, is too old, or is no form of ours. */
export async function openForm(
  scope: Scope,
  keys: KeySet,
  text: string | undefined,
): Promise<SealedForm | undefined> {
  if (text === undefined) return undefined;
  return (await unseal(scope, keys, PURPOSE, text)) as SealedForm | undefined;
}
