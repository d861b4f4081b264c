/**
 * Passkeys added, signed in with and proved: an authenticator signs a page's challenge, which counts once. D1: to add, two
 * writes; to sign in or confirm, one read, two writes, and the session's batch. Objects: none. Source: Web Authentication
 * Level 3 sections 7.1 and 7.2.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { type Challenge, openChallenge, webauthn } from '#developers/ask-passkey.flow.ts';
import { deliverLater, mailFacts } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Developer, DeveloperSession } from '#developers/member.ts';
import { passkeyAddedMessage } from '#developers/messages.ts';
import { confirmDeveloperSession, openDeveloperSession, type Visit } from '#developers/open-session.flow.ts';
import { insertPasskey, notePasskeyUse, readPasskey, useChallenge } from '#developers/passkey.store.ts';
import {
  CHALLENGE_SECONDS,
  PASSKEY_ALGORITHMS,
  type Passkey,
  RESPONSE_MAXIMUM,
  type RelyingParty,
  relyingPartyOf,
} from '#developers/passkey.ts';
import { describeError } from '#edge/log.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf, fromBase64Url, toBase64Url, utf8 } from '#kernel/encoding.ts';

/** What came back of a page's challenge. */
export interface PasskeyPost {
  readonly sealed: string;
  /** JSON of the authenticator's answer. */
  readonly response: string;
}

/** Whether this is the challenge's first use. */
async function isFirstUse(scope: Scope, { challenge }: Challenge, developerId: string): Promise<boolean> {
  return useChallenge(scope.database, {
    digest: await digestOf(challenge),
    developerId,
    now: scope.now,
    expiresAt: scope.now + CHALLENGE_SECONDS,
  });
}

/** The answer as JSON has it; undefined when it is none of a credential's. The library checks the rest. */
function parseResponse(text: string): (AuthenticationResponseJSON & RegistrationResponseJSON) | undefined {
  if (text.length > RESPONSE_MAXIMUM) return undefined;
  try {
    const value = JSON.parse(text) as { id?: unknown; response?: unknown } | null;
    return typeof value?.id === 'string' && typeof value.response === 'object' && value.response !== null
      ? (value as AuthenticationResponseJSON & RegistrationResponseJSON)
      : undefined;
  } catch {
    return undefined;
  }
}

type Verified<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Runs the library, which throws for all that is wrong with an answer. */
async function verified<T>(verify: () => Promise<T>): Promise<Verified<T>> {
  try {
    return { ok: true, value: await verify() };
  } catch (error) {
    return { ok: false, reason: describeError(error) };
  }
}

/** The format of an answer's attestation, of the CBOR map that begins with `fmt`; only `none` goes to the library. */
function hasNoAttestation(attestationObject: unknown): boolean {
  const bytes = typeof attestationObject === 'string' ? fromBase64Url(attestationObject) : undefined;
  if (bytes === undefined) return false;
  // A map of three, its first key the text "fmt", its value the text "none". Source: section 6.5.4 (canonical CBOR).
  const begin = [0xa3, 0x63, 0x66, 0x6d, 0x74, 0x64, 0x6e, 0x6f, 0x6e, 0x65];
  return begin.every((byte, index) => bytes[index] === byte);
}

/** How the browser says that it may be reached, which nothing signs: words alone are kept. */
function wordsOf(transports: unknown): readonly string[] {
  return Array.isArray(transports) ? transports.filter((word) => typeof word === 'string') : [];
}

async function verifyNew(
  party: RelyingParty,
  response: RegistrationResponseJSON,
  challenge: string,
): Promise<Verified<Omit<Passkey, 'developerId' | 'name' | 'createdAt' | 'lastUsedAt'>>> {
  if (!hasNoAttestation(response.response.attestationObject)) {
    return { ok: false, reason: 'attestation of a format that was not asked for' };
  }
  const { verifyRegistrationResponse } = await webauthn();
  const outcome = await verified(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
    }),
  );
  if (!outcome.ok) return outcome;
  if (!outcome.value.verified) return { ok: false, reason: 'not verified' };
  const { credential, credentialBackedUp } = outcome.value.registrationInfo;
  return {
    ok: true,
    value: {
      credentialId: credential.id,
      publicKey: toBase64Url(credential.publicKey),
      counter: credential.counter,
      transports: wordsOf(credential.transports),
      backedUp: credentialBackedUp,
    },
  };
}

/** Adds a passkey to the account of a session that proved itself just now; false for an answer that is not good. */
export async function addPasskey(
  scope: Scope,
  mailer: Mailer | undefined,
  { developer, session }: { readonly developer: Developer; readonly session: DeveloperSession },
  { sealed, response: text, name }: PasskeyPost & { readonly name: string },
): Promise<boolean> {
  const { developerId, email } = developer;
  const party = relyingPartyOf(scope.settings);
  const challenge = await openChallenge(scope, sealed, 'add', developerId);
  const response = parseResponse(text);
  if (party === undefined || challenge === undefined || response === undefined) return false;
  const made = await verifyNew(party, response, challenge.challenge);
  if (!made.ok) {
    scope.trace.reason = made.reason;
    return false;
  }
  if (!(await isFirstUse(scope, challenge, developerId))) return false;
  const passkey = { ...made.value, developerId, name, createdAt: scope.now, lastUsedAt: null };
  const added = await insertPasskey(scope.database, session, passkey);
  if (added && mailer !== undefined) {
    deliverLater(scope, mailer, passkeyAddedMessage(mailFacts(scope, email), name));
  }
  return added;
}

/** The passkey that signed, its challenge and use counted; undefined for whatever is wrong, which the log tells. */
async function provePasskey(
  scope: Scope,
  purpose: 'sign-in' | 'confirm',
  { sealed, response: text }: PasskeyPost,
  developerId?: string,
): Promise<Passkey | undefined> {
  const party = relyingPartyOf(scope.settings);
  const challenge = await openChallenge(scope, sealed, purpose, developerId);
  const response = parseResponse(text);
  if (party === undefined || challenge === undefined || response === undefined) return undefined;
  const passkey = await retryRead(scope, () => readPasskey(scope.database, response.id));
  const publicKey = fromBase64Url(passkey?.publicKey ?? '');
  if (passkey === undefined || publicKey === undefined) return undefined;
  // Another's own passkey is no proof of this account.
  if (developerId !== undefined && passkey.developerId !== developerId) return undefined;
  const { verifyAuthenticationResponse } = await webauthn();
  const outcome = await verified(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: passkey.credentialId, publicKey, counter: passkey.counter },
      requireUserVerification: true,
    }),
  );
  if (!outcome.ok || !outcome.value.verified) {
    scope.trace.reason = outcome.ok ? 'signature of a passkey' : outcome.reason;
    return undefined;
  }
  // The handle is signed by nobody; where an authenticator gives one, it must not contradict us.
  const handle = response.response.userHandle;
  if (handle !== undefined && handle !== toBase64Url(utf8(passkey.developerId))) return undefined;
  if (!(await isFirstUse(scope, challenge, passkey.developerId))) return undefined;
  const { newCounter, credentialBackedUp } = outcome.value.authenticationInfo;
  const noted = await notePasskeyUse(scope.database, {
    credentialId: passkey.credentialId,
    counter: newCounter,
    backedUp: credentialBackedUp,
    now: scope.now,
  });
  if (!noted) scope.trace.reason = 'counter of a passkey went back';
  return noted ? passkey : undefined;
}

/** The cookie's value; undefined for a passkey that is unknown or not good. */
export async function signInByPasskey(
  scope: Scope,
  post: PasskeyPost,
  visit: Visit,
): Promise<string | undefined> {
  const passkey = await provePasskey(scope, 'sign-in', post);
  return passkey === undefined ? undefined : openDeveloperSession(scope, passkey.developerId, visit);
}

/** The cookie's new value; undefined for a passkey that is not the account's, or not good. */
export async function confirmByPasskey(
  scope: Scope,
  session: DeveloperSession,
  post: PasskeyPost,
  cookie: string,
): Promise<string | undefined> {
  const passkey = await provePasskey(scope, 'confirm', post, session.developerId);
  return passkey === undefined ? undefined : confirmDeveloperSession(scope, session, cookie);
}
