/** Whether a compact JWS was made by one of a set of keys. Source: RFC 7515 section 5.2, RFC 8725 section 3.1. */
import { compactVerify, createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { ClientAlgorithm } from '#clients/client.ts';

/** A signature to check: a compact JWS, and the one algorithm that counts for it. */
export interface Signed {
  readonly token: string;
  readonly algorithm: ClientAlgorithm;
}

/**
 * Public keys to check signatures with. A key whose `alg` is `Ed25519`, as browsers and Node export it, is one for EdDSA.
 * Source: RFC 9864 section 2.2, Web Cryptography Level 2 section 25.
 */
export function verifyingSet(keys: readonly object[]): JWTVerifyGetKey {
  const named = keys.map((key) => ('alg' in key && key.alg === 'Ed25519' ? { ...key, alg: 'EdDSA' } : key));
  return createLocalJWKSet({ keys: named });
}

/**
 * Keys that one signature is tried with: as many as a client's set may hold. A directory's may hold 1,000, and whoever
 * sends a statement without a `kid` must not have each of them tried.
 */
const KEYS_TRIED = 20;

/**
 * False too for keys that cannot be imported. A JWS without a kid, or with one that several keys have, is tried with the
 * first `KEYS_TRIED` of those that fit it and its algorithm.
 */
export async function isSignedBy(keys: JWTVerifyGetKey, { token, algorithm }: Signed): Promise<boolean> {
  try {
    await compactVerify(token, keys, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      let tried = 0;
      for await (const key of error) {
        if (await isSignedBy(() => key, { token, algorithm })) return true;
        tried += 1;
        if (tried === KEYS_TRIED) return false;
      }
      return false;
    }
    // DOMException and TypeError: a key that cannot be imported, such as a point off its curve.
    const isTheirs =
      error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError;
    if (isTheirs) return false;
    throw error;
  }
}
