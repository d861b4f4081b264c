/** Consent identifiers: the consent's type and the address of its Durable Object in one word. */
import { isObjectId } from '#kernel/ids.ts';

export const CONSENT_ID_PREFIXES = {
  'account-access': 'consent_ais_',
  payment: 'consent_pis_',
  'funds-confirmation': 'consent_cof_',
} as const;

export type ConsentType = keyof typeof CONSENT_ID_PREFIXES;

export interface ConsentAddress {
  readonly type: ConsentType;
  /** The 64 hex digits of the consent object's id. */
  readonly objectId: string;
}

export function renderConsentId({ type, objectId }: ConsentAddress): string {
  return `${CONSENT_ID_PREFIXES[type]}${objectId}`;
}

/** Takes a consent id apart; anything of another shape is undefined (whether such a consent exists is not asked). */
export function parseConsentId(text: string): ConsentAddress | undefined {
  for (const type of Object.keys(CONSENT_ID_PREFIXES) as ConsentType[]) {
    const prefix = CONSENT_ID_PREFIXES[type];
    if (text.startsWith(prefix) && isObjectId(text.slice(prefix.length))) {
      return { type, objectId: text.slice(prefix.length) };
    }
  }
  return undefined;
}
