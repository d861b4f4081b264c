/** Whether a compact JWS was made by one of a set of keys. Source: RFC 7515 section 5.2, RFC 8725 section 3.1. */
import { compactVerify, errors, type JWTVerifyGetKey } from 'jose';
import type { ClientAlgorithm } from '#clients/client.ts';

/** A signature to check: a compact JWS, and the one algorithm that counts for it. */
export interface Signed {
  readonly token: string;
  readonly algorithm: ClientAlgorithm;
}

/** False too for keys that cannot be imported; a JWS without a kid is tried with each key that fits its algorithm. */
export async function isSignedBy(keys: JWTVerifyGetKey, { token, algorithm }: Signed): Promise<boolean> {
  try {
    await compactVerify(token, keys, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      for await (const key of error) if (await isSignedBy(() => key, { token, algorithm })) return true;
      return false;
    }
    // DOMException and TypeError: a key that cannot be imported, such as a point off its curve.
    const isTheirs =
      error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError;
    if (isTheirs) return false;
    throw error;
  }
}
