/** The key ring's rules: which key signs, which are published, when a key is replaced. Times are epoch milliseconds. */

/** Bytes as they are kept: wrapped under the key `wrappingId` names, or plain (sandbox without a secret) when null. */
export interface Kept {
  readonly text: string;
  readonly wrappingId: string | null;
}

/** Algorithms the bank signs with; access tokens always ES256. */
export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'RS256'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** What Web Crypto calls each. */
export const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const satisfies Record<SigningAlgorithm, object>;

/** What a key is for: signing as the bank by one algorithm, or as the sandbox's directory (ES256). */
export type KeyUse = SigningAlgorithm | 'directory';

export const SECRET_NAMES = ['pairwise', 'seal', 'oneTimeCode'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** A public key as published (RFC 7517). */
export interface PublicKey {
  readonly kty: string;
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly use: 'sig';
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

export interface RingKey {
  readonly kid: string;
  readonly use: KeyUse;
  readonly publicKey: PublicKey;
  /** Absent once the key is retired: what is retired cannot sign. */
  readonly privateKey: Kept | undefined;
  readonly createdAtMs: number;
  /** Published from its creation, signs from here on. */
  readonly activeFromMs: number;
  /** When its successor takes over. */
  readonly retiredAtMs: number | undefined;
}

/** What an isolate gets: published keys, and the secrets as kept. */
export interface Ring {
  readonly keys: readonly RingKey[];
  readonly secrets: Readonly<Record<SecretName, Kept>>;
}

/** The object's answer. `reason` names what is misconfigured; such a ring never makes a new key. */
export type RingAnswer =
  | { readonly ok: true; readonly ring: Ring }
  | { readonly ok: false; readonly reason: string };

/** Outcome of a change to the ring; `reason` is for the operator. */
export type RingChange =
  | { readonly ok: true; readonly kids: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Isolates ask again after this. */
export const RING_FRESH_MS = 60_000;
/** Isolates go on with the last ring for at most this long while the object does not answer. */
export const RING_STALE_MS = 3_600_000;
/** A next key is published this long before it signs: JWKS answers are cached 300 s, rings 60 s. */
export const PUBLISHED_AHEAD_MS = 600_000;
/** No token signed by these keys lives longer, seconds. */
export const LONGEST_TOKEN_SECONDS = 3_600;
/** A retired key stays published until what an isolate may have signed with a stale ring has expired. */
export const PUBLISHED_AFTER_MS = RING_STALE_MS + LONGEST_TOKEN_SECONDS * 1000;
/** A key is replaced at this age. */
const ROTATION_AGE_MS = 30 * 86_400_000;

export function isPublished(key: Pick<RingKey, 'retiredAtMs'>, nowMs: number): boolean {
  return key.retiredAtMs === undefined || nowMs < key.retiredAtMs + PUBLISHED_AFTER_MS;
}

/** Whether a key may still sign, now or later. */
export function isRetired(key: Pick<RingKey, 'retiredAtMs'>, nowMs: number): boolean {
  return key.retiredAtMs !== undefined && nowMs >= key.retiredAtMs;
}

/** The key that signs for a use: of those whose time has come, the one whose time came last. */
export function activeKey<K extends Pick<RingKey, 'use' | 'activeFromMs'>>(
  keys: readonly K[],
  use: KeyUse,
  nowMs: number,
): K | undefined {
  return keys
    .filter((key) => key.use === use && key.activeFromMs <= nowMs)
    .reduce<K | undefined>(
      (latest, key) => (latest === undefined || key.activeFromMs >= latest.activeFromMs ? key : latest),
      undefined,
    );
}

/** The key that is published but does not sign yet. */
export function nextKey<K extends Pick<RingKey, 'use' | 'activeFromMs'>>(
  keys: readonly K[],
  use: KeyUse,
  nowMs: number,
): K | undefined {
  return keys.find((key) => key.use === use && key.activeFromMs > nowMs);
}

/**
 * The uses whose key is old enough to be replaced and has no successor yet. The directory's key is never replaced by
 * age: software statements in the hands of developers would die with it.
 */
export function usesDue(keys: readonly RingKey[], nowMs: number): readonly SigningAlgorithm[] {
  return SIGNING_ALGORITHMS.filter((use) => {
    const active = activeKey(keys, use, nowMs);
    return (
      active !== undefined &&
      nowMs - active.createdAtMs >= ROTATION_AGE_MS &&
      nextKey(keys, use, nowMs) === undefined
    );
  });
}
