/**
 * What pages ask of authenticators: a challenge of their own, sealed with what it is for and to whom it was given, so that
 * asking writes nothing. D1: to add, one read. Objects: none. Source: Web Authentication Level 3 sections 5.4 and 5.5.
 */
import type { Developer } from '#developers/member.ts';
import { readPasskeys } from '#developers/passkey.store.ts';
import {
  CHALLENGE_SECONDS,
  PASSKEY_ALGORITHMS,
  type PasskeyPurpose,
  proofPurpose,
  relyingPartyOf,
} from '#developers/passkey.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { seal, unseal } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';

const SEAL = 'passkey';
const RP_NAME = 'Hamster Bank';
const PUBLIC_KEY = 'public-key';

/** What a page needs to ask an authenticator. */
export interface PasskeyForm {
  /** JSON for the browser's own call. */
  readonly options: string;
  /** Goes back with the answer. */
  readonly sealed: string;
}

export interface Challenge {
  readonly challenge: string;
  readonly purpose: PasskeyPurpose;
  /** Whose it is, where the page was somebody's. */
  readonly developerId?: string | undefined;
}

/** How long an authenticator may take, milliseconds. */
const TIMEOUT_MS = 60_000;

/** A form whose challenge is good for this purpose and developer alone. */
async function formOf(
  scope: Scope,
  asked: Omit<Challenge, 'challenge'>,
  options: object,
): Promise<PasskeyForm> {
  const challenge = newSecret();
  const expiresAt = scope.now + CHALLENGE_SECONDS;
  const sealed = await seal(await signingKeys(scope), SEAL, { challenge, ...asked }, expiresAt);
  return { options: JSON.stringify({ challenge, timeout: TIMEOUT_MS, ...options }), sealed };
}

/** The challenge of a page of ours for this purpose and developer; undefined when it is too old, another's, or no seal. */
export async function openChallenge(
  scope: Scope,
  sealed: string,
  purpose: PasskeyPurpose,
  developerId: string | undefined,
): Promise<string | undefined> {
  const value = (await unseal(scope, await signingKeys(scope), SEAL, sealed)) as Challenge | undefined;
  return value?.purpose === purpose && value.developerId === developerId ? value.challenge : undefined;
}

/** What a page to add a passkey asks; undefined where this host cannot have any. */
export async function askNewPasskey(scope: Scope, developer: Developer): Promise<PasskeyForm | undefined> {
  const party = relyingPartyOf(scope.settings);
  if (party === undefined) return undefined;
  const { developerId, email, name } = developer;
  const known = await retryRead(scope, () => readPasskeys(scope.database, developerId));
  const options = {
    rp: { name: RP_NAME, id: party.id },
    user: { id: toBase64Url(utf8(developerId)), name: email, displayName: name },
    pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ type: PUBLIC_KEY, alg })),
    attestation: 'none',
    excludeCredentials: known.map(({ credentialId: id, transports }) => ({
      type: PUBLIC_KEY,
      id,
      transports,
    })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
  };
  return formOf(scope, { purpose: 'add', developerId }, options);
}

/** What a page to sign in by passkey asks, or that of a developer to confirm; undefined where this host cannot have any. */
export async function askPasskey(scope: Scope, developerId?: string): Promise<PasskeyForm | undefined> {
  const party = relyingPartyOf(scope.settings);
  if (party === undefined) return undefined;
  // No list of credentials: it would tell a stranger which accounts have passkeys.
  const options = { rpId: party.id, userVerification: 'required' };
  return formOf(scope, { purpose: proofPurpose(developerId), developerId }, options);
}
