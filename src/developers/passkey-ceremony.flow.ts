/**
 * Passkeys added, signed in with and proved: an authenticator signs a page's challenge, which counts once. D1: to add, two
 * writes; to sign in or confirm, one read, two writes, and the session's batch. Objects: none. Source: Web Authentication
 * Level 3 sections 7.1 and 7.2.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { openChallenge } from '#developers/ask-passkey.flow.ts';
import { deliverLater } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Account, DeveloperSession } from '#developers/member.ts';
import { passkeyAddedMessage } from '#developers/messages.ts';
import { confirmDeveloperSession, openDeveloperSession, type Visit } from '#developers/open-session.flow.ts';
import { insertPasskey, notePasskeyUse, readPasskey, useChallenge } from '#developers/passkey.store.ts';
import {
  PASSKEY_ALGORITHMS,
  type Passkey,
  type PasskeyPurpose,
  proofPurpose,
  RESPONSE_MAXIMUM,
  relyingPartyOf,
} from '#developers/passkey.ts';
import { describeError } from '#edge/log.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf, fromBase64Url, toBase64Url, utf8 } from '#kernel/encoding.ts';
import type { Result } from '#kernel/result.ts';

/** Loaded when it is needed: most requests have nothing to do with passkeys. */
const webauthn = () => import('#developers/passkey-checks.flow.ts');

/** What came back of a page's challenge: `sealed`, and `response`, JSON of the authenticator's answer. */
export type PasskeyPost = (field: 'sealed' | 'response') => string;

/** Whether this is the challenge's first use. */
async function isFirstUse(scope: Scope, challenge: string, developerId: string): Promise<boolean> {
  return useChallenge(scope.database, await digestOf(challenge), developerId, scope.now);
}

type PasskeyResponse = AuthenticationResponseJSON & RegistrationResponseJSON;

/** The answer as JSON has it; undefined when it is none of a credential's. The library checks the rest. */
function parseResponse(text: string): PasskeyResponse | undefined {
  if (text.length > RESPONSE_MAXIMUM) return undefined;
  try {
    const value = JSON.parse(text) as { id?: unknown; response?: unknown } | null;
    return typeof value?.id === 'string' && typeof value.response === 'object' && value.response !== null
      ? (value as PasskeyResponse)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An answer with what it has to be to; undefined where the challenge is not one for this purpose and developer. */
async function openAnswer(
  scope: Scope,
  post: PasskeyPost,
  purpose: PasskeyPurpose,
  developerId: string | undefined,
) {
  const party = relyingPartyOf(scope.settings);
  const expectedChallenge = await openChallenge(scope, post('sealed'), purpose, developerId);
  const response = parseResponse(post('response'));
  if (party === undefined || expectedChallenge === undefined || response === undefined) return undefined;
  return {
    response,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  };
}

/** Runs the library; undefined, and the log says why, for a bad signature and what it throws at: all else that is wrong. */
async function verified<T extends { readonly verified: boolean }>(
  scope: Scope,
  verify: () => Promise<T>,
): Promise<(T & { readonly verified: true }) | undefined> {
  try {
    const outcome = await verify();
    if (outcome.verified) return outcome as T & { readonly verified: true };
    scope.trace.reason = 'signature of a passkey';
  } catch (error) {
    scope.trace.reason = describeError(error);
  }
  return undefined;
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

/** Adds a passkey to the account of a session that proved itself just now; false for an answer that is not good. */
export async function addPasskey(
  scope: Scope,
  mailer: Result<Mailer>,
  { developer, session }: Account,
  name: string,
  post: PasskeyPost,
): Promise<boolean> {
  const { developerId, email } = developer;
  const answer = await openAnswer(scope, post, 'add', developerId);
  if (answer === undefined) return false;
  if (!hasNoAttestation(answer.response.response.attestationObject)) {
    scope.trace.reason = 'attestation not asked for';
    return false;
  }
  const { verifyRegistrationResponse } = await webauthn();
  const outcome = await verified(scope, () =>
    verifyRegistrationResponse({ ...answer, supportedAlgorithmIDs: PASSKEY_ALGORITHMS }),
  );
  if (outcome === undefined) return false;
  if (!(await isFirstUse(scope, answer.expectedChallenge, developerId))) return false;
  const { credential, credentialBackedUp } = outcome.registrationInfo;
  const added = await insertPasskey(scope.database, session, {
    credentialId: credential.id,
    developerId,
    publicKey: toBase64Url(credential.publicKey),
    counter: credential.counter,
    transports: wordsOf(credential.transports),
    backedUp: credentialBackedUp,
    name,
    createdAt: scope.now,
    lastUsedAt: null,
  });
  if (added) deliverLater(scope, mailer, email, passkeyAddedMessage(name));
  return added;
}

/** The passkey that signed, its challenge and use counted; undefined for whatever is wrong, which the log tells. */
async function provePasskey(
  scope: Scope,
  post: PasskeyPost,
  developerId?: string,
): Promise<Passkey | undefined> {
  const answer = await openAnswer(scope, post, proofPurpose(developerId), developerId);
  if (answer === undefined) return undefined;
  const { id, response } = answer.response;
  const passkey = await retryRead(scope, () => readPasskey(scope.database, id));
  const publicKey = fromBase64Url(passkey?.publicKey ?? '');
  if (passkey === undefined || publicKey === undefined) return undefined;
  // Another's own passkey is no proof of this account.
  if (developerId !== undefined && passkey.developerId !== developerId) return undefined;
  const { verifyAuthenticationResponse } = await webauthn();
  const credential = { id: passkey.credentialId, publicKey, counter: passkey.counter };
  const outcome = await verified(scope, () => verifyAuthenticationResponse({ ...answer, credential }));
  if (outcome === undefined) return undefined;
  // The handle is signed by nobody; where an authenticator gives one, it must not contradict us.
  const handle = response.userHandle;
  if (handle !== undefined && handle !== toBase64Url(utf8(passkey.developerId))) return undefined;
  if (!(await isFirstUse(scope, answer.expectedChallenge, passkey.developerId))) return undefined;
  const { newCounter, credentialBackedUp } = outcome.authenticationInfo;
  const used = { credentialId: passkey.credentialId, counter: newCounter, backedUp: credentialBackedUp };
  const noted = await notePasskeyUse(scope.database, used, scope.now);
  if (!noted) scope.trace.reason = 'counter of a passkey went back';
  return noted ? passkey : undefined;
}

/** The cookie's value; undefined for a passkey that is unknown or not good. */
export async function signInByPasskey(
  scope: Scope,
  post: PasskeyPost,
  visit: Visit,
): Promise<string | undefined> {
  const passkey = await provePasskey(scope, post);
  return passkey && openDeveloperSession(scope, { developerId: passkey.developerId }, visit);
}

/** The cookie's new value; undefined for a passkey that is not the account's, or not good. */
export async function confirmByPasskey(
  scope: Scope,
  session: DeveloperSession,
  post: PasskeyPost,
  cookie: string,
): Promise<string | undefined> {
  const passkey = await provePasskey(scope, post, session.developerId);
  return passkey && confirmDeveloperSession(scope, session, cookie);
}
