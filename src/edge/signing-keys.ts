/** This deployment's signing keys and secrets as an isolate holds them: asked for once a minute, imported once. */
import { CompactSign, errors, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { defineIsolateSlot } from '#edge/isolate.ts';
import {
  ALGORITHMS,
  activeKey,
  isPublished,
  type Kept,
  type KeyUse,
  LONGEST_TOKEN_SECONDS,
  type PublicKey,
  RING_FRESH_MS,
  RING_STALE_MS,
  type Ring,
  type RingKey,
  SECRET_NAMES,
  type SecretName,
  type SigningAlgorithm,
} from '#edge/key-ring.ts';
import { importKept, importWrappingKey, type KeyShape } from '#edge/key-wrapping.ts';
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
}

interface Held {
  ring: ImportedRing | undefined;
  /** What it was imported from, as JSON: the same ring is not imported again. */
  given: string;
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
  given: '',
  givenAtMs: 0,
  askedAtMs: Number.NEGATIVE_INFINITY,
}));

const SECRET_SHAPE: KeyShape = {
  format: 'raw',
  algorithm: { name: 'HMAC', hash: 'SHA-256' },
  usages: ['sign', 'verify'],
};

async function importRing({ settings }: Scope, { keys, secrets }: Ring): Promise<ImportedRing> {
  const { environment, keyWrappingSecret } = settings;
  const kept = [...keys.map((key) => key.privateKey), ...Object.values(secrets)];
  if (environment === 'production' && kept.some((one) => one?.wrappingId === null)) {
    throw outage('key ring: unwrapped keys in production');
  }
  const wrapping = keyWrappingSecret === undefined ? undefined : await importWrappingKey(keyWrappingSecret);
  const open = async (one: Kept, name: string, use: string, shape: KeyShape): Promise<CryptoKey> => {
    const key = await importKept(one, { environment, name, use }, wrapping, shape);
    if (key === undefined) throw outage(`key ring: ${name} does not unwrap under KEY_WRAPPING_SECRET`);
    return key;
  };
  const importKey = async (key: RingKey): Promise<ImportedKey> => {
    const algorithm = ALGORITHMS[key.publicKey.alg];
    const { privateKey } = key;
    const [verifying, signing] = await Promise.all([
      crypto.subtle.importKey('jwk', key.publicKey as JsonWebKey, algorithm, false, ['verify']),
      privateKey && open(privateKey, key.kid, key.use, { format: 'pkcs8', algorithm, usages: ['sign'] }),
    ]);
    return { ...key, verifying, signing };
  };
  const importSecret = async (name: SecretName) => [
    name,
    await open(secrets[name], name, 'secret', SECRET_SHAPE),
  ];
  const [imported, named] = await Promise.all([
    Promise.all(keys.map(importKey)),
    Promise.all(SECRET_NAMES.map(importSecret)),
  ]);
  return { keys: imported, secrets: Object.fromEntries(named) as RingSecrets };
}

/** Asks the object. Throws an outage when it does not answer or is misconfigured. */
async function ask(scope: Scope, held: Held): Promise<ImportedRing> {
  held.askedAtMs = scope.nowMs;
  const namespace = scope.bindings.KEY_RING;
  const answer = await callObject(scope, () => namespace.get(namespace.idFromName('ring')).ring(scope.nowMs));
  if (!answer.ok) throw outage(answer.reason);
  const given = JSON.stringify(answer.ring);
  const ring =
    held.ring !== undefined && held.given === given ? held.ring : await importRing(scope, answer.ring);
  Object.assign(held, { ring, given, givenAtMs: scope.nowMs });
  return ring;
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

/** Signs by the active key of a use; one whose first key is still being made is asked for once more. */
async function signBy(
  scope: Scope,
  ring: ImportedRing,
  use: KeyUse,
  payload: JWTPayload,
  typ: string,
): Promise<string> {
  const signWith = ({ keys }: ImportedRing): Promise<string> | undefined => {
    const key = activeKey(keys, use, scope.nowMs);
    if (key?.signing === undefined) return undefined;
    // The claims are whole already, and SignJWT would clone them.
    return new CompactSign(utf8(JSON.stringify(payload)))
      .setProtectedHeader({ alg: key.publicKey.alg, typ, kid: key.kid })
      .sign(key.signing);
  };
  const held = heldRing.of(scope.isolate);
  const mayAsk = scope.nowMs - held.askedAtMs >= MISSING_KEY_PAUSE_MS || scope.nowMs === held.askedAtMs;
  const signed = signWith(ring) ?? (mayAsk ? signWith(await ask(scope, held)) : undefined);
  if (signed === undefined) throw outage(`key ring: no ${use} key yet`);
  return signed;
}

/** One authority's published keys: the bank's, or the directory's. */
function publishedOf(keys: readonly ImportedKey[]): Pick<KeySet, 'publicJwks' | 'verifyKey'> {
  return {
    publicJwks: () => ({ keys: keys.map((key) => key.publicKey) }),
    verifyKey({ kid, alg }) {
      const key = keys.find((one) => one.kid === kid && one.publicKey.alg === alg);
      if (key === undefined) throw new errors.JWKSNoMatchingKey();
      return key.verifying;
    },
  };
}

/**
 * The keys as of this request. One object call for an isolate's first request and then one a minute; an object that
 * does not answer is done without for an hour. Throws an outage (503) without a ring to go on with.
 */
export async function signingKeys(scope: Scope): Promise<KeySet> {
  const ring = await currentRing(scope);
  const published = ring.keys.filter((key) => isPublished(key, scope.nowMs));
  const directoryKeys = published.filter((key) => key.use === 'directory');
  return {
    async sign(payload, { algorithm, typ }) {
      if (payload.exp === undefined || payload.exp - scope.now > LONGEST_TOKEN_SECONDS) {
        throw new Error('exp is not within an hour');
      }
      return signBy(scope, ring, algorithm, payload, typ);
    },
    ...publishedOf(published.filter((key) => key.use !== 'directory')),
    secrets: ring.secrets,
    directory:
      directoryKeys.length === 0
        ? undefined
        : {
            sign: (payload, { typ }) => signBy(scope, ring, 'directory', payload, typ),
            ...publishedOf(directoryKeys),
          },
  };
}
