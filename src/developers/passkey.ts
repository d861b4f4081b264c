/** Passkeys: what one is, whose pages may use it, and what its forms carry. Source: Web Authentication Level 3. */
import { developerOrigin } from '#edge/developer-host.ts';
import type { Settings } from '#edge/settings.ts';
import { MINUTE_SECONDS } from '#kernel/time.ts';

export interface Passkey {
  /** Base64url. */
  readonly credentialId: string;
  readonly developerId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
  readonly name: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** What a challenge was given for; a signature over it is good for nothing else. */
export type PasskeyPurpose = 'add' | 'sign-in' | 'confirm';

/** What a passkey is asked for: by who is signed in, to confirm. */
export function proofPurpose(developerId: string | undefined): PasskeyPurpose {
  return developerId === undefined ? 'sign-in' : 'confirm';
}

/** A page with a challenge may stay open this long. */
export const CHALLENGE_SECONDS = 15 * MINUTE_SECONDS;
export const PASSKEYS_MAXIMUM = 20;
export const PASSKEY_NAME_MAXIMUM = 60;
/** Longest answer of an authenticator that is looked at, characters; RSA keys and long ids stay far below. */
export const RESPONSE_MAXIMUM = 16_000;

/** EdDSA, ES256 and RS256: what authenticators have. Source: the IANA registry of COSE algorithms. */
export const PASSKEY_ALGORITHMS = [-8, -7, -257];

export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** Who passkeys are made for; undefined on a host that is an address, which cannot have any (section 5.1.2). */
export function relyingPartyOf(
  settings: Pick<Settings, 'developerHost' | 'issuer'>,
): RelyingParty | undefined {
  const origin = developerOrigin(settings);
  const { hostname } = new URL(origin);
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  return isAddress ? undefined : { id: hostname, origin };
}
