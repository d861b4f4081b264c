/** Private keys and secrets at rest: AES-256-GCM under the Worker secret KEY_WRAPPING_SECRET. Source: NIST SP 800-38D. */
import type { Kept } from '#edge/key-ring.ts';
import type { Environment } from '#edge/settings.ts';
import { digestOf, fromBase64Url, toBase64Url, utf8 } from '#kernel/encoding.ts';

export interface WrappingKey {
  /** Digest of the secret, cut: tells which secret wrapped a value without telling the secret. */
  readonly id: string;
  readonly key: CryptoKey;
}

/** Binds a wrapped value to its place, so that no value can be put in the place of another. */
export interface KeptPlace {
  readonly environment: Environment;
  /** The key's kid, or the secret's name. */
  readonly name: string;
  readonly use: string;
}

const CIPHER = 'AES-GCM';
const NONCE_BYTES = 12;
const ID_LENGTH = 11;

/** Imports a wrapping secret (43 base64url characters, 256 bits, checked by the settings). */
export async function importWrappingKey(secret: string): Promise<WrappingKey> {
  const bytes = fromBase64Url(secret);
  if (bytes?.byteLength !== 32) throw new TypeError('not 256 bits');
  return {
    id: (await digestOf(`wrapping-key-id\n${secret}`)).slice(0, ID_LENGTH),
    key: await crypto.subtle.importKey('raw', bytes, CIPHER, false, ['encrypt', 'unwrapKey']),
  };
}

/** How a value of a place is sealed. */
function cipherOf(nonce: Uint8Array<ArrayBuffer>, { environment, name, use }: KeptPlace) {
  return { name: CIPHER, iv: nonce, additionalData: utf8(`${environment}|${name}|${use}`) };
}

/** Wraps bytes for their place; without a wrapping key they are kept as they are. */
export async function keep(
  bytes: Uint8Array<ArrayBuffer>,
  place: KeptPlace,
  wrapping: WrappingKey | undefined,
): Promise<Kept> {
  if (wrapping === undefined) return { text: toBase64Url(bytes), wrappingId: null };
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(cipherOf(nonce, place), wrapping.key, bytes);
  return { text: toBase64Url(nonce) + toBase64Url(new Uint8Array(sealed)), wrappingId: wrapping.id };
}

/** Characters of a 12-byte nonce in base64url. */
const NONCE_LENGTH = 16;

/** How a kept value becomes a CryptoKey. */
export interface KeyShape {
  readonly format: 'pkcs8' | 'raw';
  readonly algorithm: EcKeyImportParams | RsaHashedImportParams | HmacImportParams;
  readonly usages: KeyUsage[];
}

type KeyUsage = 'sign' | 'verify';
interface EcKeyImportParams {
  readonly name: 'ECDSA';
  readonly namedCurve: 'P-256';
}
interface RsaHashedImportParams {
  readonly name: 'RSA-PSS' | 'RSASSA-PKCS1-v1_5';
  readonly hash: 'SHA-256';
}
interface HmacImportParams {
  readonly name: 'HMAC';
  readonly hash: 'SHA-256';
}

/** Imports a kept value non-extractable. Undefined when it does not unwrap: another secret, another place, or damage. */
export async function importKept(
  { text, wrappingId }: Kept,
  place: KeptPlace,
  wrapping: WrappingKey | undefined,
  shape: KeyShape,
): Promise<CryptoKey | undefined> {
  const { format, algorithm, usages } = shape;
  if (wrappingId === null) {
    const plain = fromBase64Url(text);
    return plain && crypto.subtle.importKey(format, plain, algorithm, false, usages);
  }
  const nonce = fromBase64Url(text.slice(0, NONCE_LENGTH));
  const sealed = fromBase64Url(text.slice(NONCE_LENGTH));
  if (wrapping?.id !== wrappingId || nonce === undefined || sealed === undefined) return undefined;
  const cipher = cipherOf(nonce, place);
  try {
    return await crypto.subtle.unwrapKey(format, sealed, wrapping.key, cipher, algorithm, false, usages);
  } catch {
    return undefined;
  }
}
