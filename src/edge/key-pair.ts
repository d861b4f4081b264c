/** Makes the bank's key pairs: EC P-256, or RSA of 2048 bits. Source: RFC 7518 section 3. */
import { ALGORITHMS, type KeyUse, type PublicKey, type SigningAlgorithm } from '#edge/key-ring.ts';
import { digestOf } from '#kernel/encoding.ts';

/** How a key is made; a curve has no length and no exponent. */
function generationOf(algorithm: SigningAlgorithm): Parameters<typeof crypto.subtle.generateKey>[0] {
  return { ...ALGORITHMS[algorithm], modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
}

export interface MadePair {
  readonly publicKey: PublicKey;
  /** PKCS #8. */
  readonly privateBytes: Uint8Array<ArrayBuffer>;
}

/** A new pair for a use; its kid is the RFC 7638 thumbprint of the public key. RSA takes 70-90 ms of CPU. */
export async function makeKeyPair(use: KeyUse): Promise<MadePair> {
  const algorithm = use === 'directory' ? 'ES256' : use;
  const pair = (await crypto.subtle.generateKey(generationOf(algorithm), true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const { kty, crv, x, y, n, e } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey;
  // In the thumbprint's order: the members demanded of the type, by name.
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  const kid = await digestOf(JSON.stringify(members));
  const exported = (await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer;
  return {
    publicKey: { ...members, kid, alg: algorithm, use: 'sig' } as PublicKey,
    privateBytes: new Uint8Array(exported),
  };
}
