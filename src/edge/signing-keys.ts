/** This deployment's signing keys and secrets as an isolate holds them: asked for once a minute, imported once. */
import { CompactSign, errors, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { defineIsolateSlot } from '#edge/isolate.ts';
import {
  activeKey,
  isPublished,
  type KeyUse,
  LONGEST_TOKEN_SECONDS,
  type PublicKey,
  RING_FRESH_MS,
  RING_STALE_MS,
  type Ring,
  type RingKey,
  type SecretName,
  type SigningAlgorithm,
} from '#edge/key-ring.ts';
import { importKept, importWrappingKey, type KeyShape, type WrappingKey } from '#edge/key-wrapping.ts';
import { describeError } from '#edge/log.ts';
import { callObject, isOutage, outage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { utf8 } from '#kernel/encoding.ts';

export interface PublicKeys {
  readonly keys: PublicKey[];
}

/** Non-extractable HMAC-SHA-256 keys: pairwise subjects, one-time codes, seals. */
export type RingSecrets = Readonly<Record<SecretName, CryptoKey>>;

/** The sandbox directory's own key, with which it signs software statements; they may be of any age. */
export interface DirectoryKeys {
  sign(payload: JWTPayload, header: { readonly typ: string }): Promise<string>;
  publicJwks(): PublicKeys;
  readonly verifyKey: JWTVerifyGetKey;
}

export interface KeySet {
  /**
   * Signs a token of the bank's. `exp` must be there and at most an hour ahead, since a retired key is published no
   * longer than that. Throws an outage (503) while the RSA key of a new deployment is not made yet.
   */
  sign(
    payload: JWTPayload,
    header: { readonly algorithm: SigningAlgorithm; readonly typ: string },
  ): Promise<string>;
  /** What /oauth/jwks publishes. */
  publicJwks(): PublicKeys;
  /** For `verifyOwnJwt`; never asks anyone, throws JWKSNoMatchingKey for another kid. */
  readonly verifyKey: JWTVerifyGetKey;
  readonly secrets: RingSecrets;
  /** Absent in production. */
  readonly directory: DirectoryKeys | undefined;
}

interface ImportedKey extends RingKey {
  readonly verifying: CryptoKey;
  readonly signing: CryptoKey | undefined;
}

interface ImportedRing {
  readonly keys: readonly ImportedKey[];
  readonly secrets: RingSecrets;
  readonly kept: Ring['secrets'];
}

interface Held {
  ring: ImportedRing | undefined;
  /** When the ring was last given. */
  givenAtMs: number;
  /** When the object was last asked, whatever it said. */
  askedAtMs: number;
}

/** While one request asks, and for this long after a failure, the others go on with the ring they have. */
const ASK_PAUSE_MS = 5_000;
/** A missing RSA key is asked for at most this often. */
const MISSING_KEY_PAUSE_MS = 1_000;

const heldRing = defineIsolateSlot<Held>(() => ({
  ring: undefined,
  givenAtMs: 0,
  askedAtMs: Number.NEGATIVE_INFINITY,
}));

const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const satisfies Record<SigningAlgorithm, KeyShape['algorithm']>;

const SECRET_SHAPES: Readonly<Record<SecretName, KeyShape>> = {
  pairwise: { format: 'raw', algorithm: { name: 'HMAC', hash: 'SHA-256' }, usages: ['sign'] },
  oneTimeCode: { format: 'raw', algorithm: { name: 'HMAC', hash: 'SHA-256' }, usages: ['sign'] },
  seal: { format: 'raw', algorithm: { name: 'HMAC', hash: 'SHA-256' }, usages: ['sign', 'verify'] },
};

function unwrapped(key: CryptoKey | undefined, name: string): CryptoKey {
  if (key === undefined) throw outage(`key ring: ${name} does not unwrap under KEY_WRAPPING_SECRET`);
  return key;
}

async function importKey(
  scope: Scope,
  key: RingKey,
  wrapping: WrappingKey | undefined,
  earlier: ImportedKey | undefined,
): Promise<ImportedKey> {
  if (earlier !== undefined && earlier.privateKey?.text === key.privateKey?.text) {
    return { ...key, verifying: earlier.verifying, signing: earlier.signing };
  }
  const algorithm = ALGORITHMS[key.publicKey.alg];
  const place = { environment: scope.settings.environment, name: key.kid, use: key.use };
  const [verifying, signing] = await Promise.all([
    crypto.subtle.importKey('jwk', key.publicKey as JsonWebKey, algorithm, false, ['verify']),
    key.privateKey === undefined
      ? undefined
      : importKept(key.privateKey, place, wrapping, { format: 'pkcs8', algorithm, usages: ['sign'] }),
  ]);
  return {
    ...key,
    verifying,
    signing: key.privateKey === undefined ? undefined : unwrapped(signing, key.kid),
  };
}

async function importSecrets(
  scope: Scope,
  kept: Ring['secrets'],
  wrapping: WrappingKey | undefined,
): Promise<RingSecrets> {
  const { environment } = scope.settings;
  const importSecret = async (name: SecretName) =>
    unwrapped(
      await importKept(kept[name], { environment, name, use: 'secret' }, wrapping, SECRET_SHAPES[name]),
      name,
    );
  const [pairwise, oneTimeCode, seal] = await Promise.all([
    importSecret('pairwise'),
    importSecret('oneTimeCode'),
    importSecret('seal'),
  ]);
  return { pairwise, oneTimeCode, seal };
}

function isSame(a: Ring['secrets'], b: Ring['secrets']): boolean {
  return (Object.keys(SECRET_SHAPES) as SecretName[]).every((name) => a[name].text === b[name].text);
}

async function importRing(
  scope: Scope,
  ring: Ring,
  earlier: ImportedRing | undefined,
): Promise<ImportedRing> {
  const { environment, keyWrappingSecret } = scope.settings;
  const kept = [...ring.keys.map((key) => key.privateKey), ...Object.values(ring.secrets)];
  if (environment === 'production' && kept.some((one) => one?.wrappingId === null)) {
    throw outage('key ring: unwrapped keys, which production refuses');
  }
  const wrapping = keyWrappingSecret === undefined ? undefined : await importWrappingKey(keyWrappingSecret);
  const [keys, secrets] = await Promise.all([
    Promise.all(
      ring.keys.map((key) =>
        importKey(
          scope,
          key,
          wrapping,
          earlier?.keys.find((other) => other.kid === key.kid),
        ),
      ),
    ),
    earlier !== undefined && isSame(earlier.kept, ring.secrets)
      ? earlier.secrets
      : importSecrets(scope, ring.secrets, wrapping),
  ]);
  return { keys, secrets, kept: ring.secrets };
}

/** Asks the object. Throws an outage when it does not answer or is misconfigured. */
async function ask(scope: Scope, held: Held): Promise<ImportedRing> {
  held.askedAtMs = scope.nowMs;
  const namespace = scope.bindings.KEY_RING;
  const answer = await callObject(scope, () => namespace.get(namespace.idFromName('ring')).ring(scope.nowMs));
  if (!answer.ok) throw outage(answer.reason);
  held.ring = await importRing(scope, answer.ring, held.ring);
  held.givenAtMs = scope.nowMs;
  return held.ring;
}

async function currentRing(scope: Scope): Promise<ImportedRing> {
  const held = heldRing.of(scope.isolate);
  const { ring } = held;
  if (ring === undefined) return ask(scope, held);
  const ageMs = scope.nowMs - held.givenAtMs;
  if (ageMs < RING_FRESH_MS) return ring;
  if (ageMs < RING_STALE_MS && scope.nowMs - held.askedAtMs < ASK_PAUSE_MS) return ring;
  try {
    return await ask(scope, held);
  } catch (error) {
    if (ageMs >= RING_STALE_MS || !isOutage(error)) throw error;
    scope.log('warn', { event: 'key_ring_stale', request_id: scope.requestId, reason: describeError(error) });
    return ring;
  }
}

/** The key that signs; a use whose first key is still being made is asked for once more. */
async function signingKeyOf(scope: Scope, ring: ImportedRing, use: KeyUse): Promise<ImportedKey> {
  const found = activeKey(ring.keys, use, scope.nowMs);
  if (found?.signing !== undefined) return found;
  const held = heldRing.of(scope.isolate);
  if (scope.nowMs - held.askedAtMs >= MISSING_KEY_PAUSE_MS || scope.nowMs === held.askedAtMs) {
    const anew = activeKey((await ask(scope, held)).keys, use, scope.nowMs);
    if (anew?.signing !== undefined) return anew;
  }
  throw outage(`key ring: no ${use} key yet`);
}

async function signWith(key: ImportedKey, payload: JWTPayload, typ: string): Promise<string> {
  if (key.signing === undefined) throw new Error('the active key has no private part');
  // The claims are whole already, and SignJWT would clone them.
  return new CompactSign(utf8(JSON.stringify(payload)))
    .setProtectedHeader({ alg: key.publicKey.alg, typ, kid: key.kid })
    .sign(key.signing);
}

function verifierOf(keys: readonly ImportedKey[]): JWTVerifyGetKey {
  return function ownKey({ kid, alg }) {
    const key = keys.find((one) => one.kid === kid && one.publicKey.alg === alg);
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key.verifying;
  };
}

function publicKeysOf(keys: readonly ImportedKey[]): PublicKeys {
  return { keys: keys.map((key) => key.publicKey) };
}

/**
 * The keys as of this request. One object call for an isolate's first request and then one a minute; an object that
 * does not answer is done without for an hour. Throws an outage (503) without a ring to go on with.
 */
export async function signingKeys(scope: Scope): Promise<KeySet> {
  const ring = await currentRing(scope);
  const published = ring.keys.filter((key) => isPublished(key, scope.nowMs));
  const bankKeys = published.filter((key) => key.use !== 'directory');
  const directoryKeys = published.filter((key) => key.use === 'directory');
  return {
    async sign(payload, { algorithm, typ }) {
      if (payload.exp === undefined || payload.exp - scope.now > LONGEST_TOKEN_SECONDS) {
        throw new Error('a token of the bank expires within an hour');
      }
      return signWith(await signingKeyOf(scope, ring, algorithm), payload, typ);
    },
    publicJwks: () => publicKeysOf(bankKeys),
    verifyKey: verifierOf(bankKeys),
    secrets: ring.secrets,
    directory:
      directoryKeys.length === 0
        ? undefined
        : {
            sign: async (payload, { typ }) =>
              signWith(await signingKeyOf(scope, ring, 'directory'), payload, typ),
            publicJwks: () => publicKeysOf(directoryKeys),
            verifyKey: verifierOf(directoryKeys),
          },
  };
}
