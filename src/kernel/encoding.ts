/** Bytes and digests as text: base64url, base62, hex, SHA-256 and constant-time comparison. Source: RFC 4648 section 5. */

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

/** base64url without padding. Not by the platform alone: scripts come here in Node too, whose byte arrays cannot yet. */
export function toBase64Url(bytes: Uint8Array): string {
  if (typeof bytes.toBase64 === 'function') {
    return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
  }
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

// Whole groups of four, then two or three characters whose unused bits are zero: so each byte string has one text.
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** base64url without padding to bytes, else undefined; each byte string has one text (RFC 4648 section 3.5). */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!BASE64URL.test(text)) return undefined;
  if (typeof Uint8Array.fromBase64 === 'function')
    return Uint8Array.fromBase64(text, { alphabet: 'base64url' });
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes as one number in base62 (0-9, A-Z, a-z), most significant first, filled with zeros to `length` letters. */
export function toBase62(bytes: Uint8Array, length: number): string {
  let rest = bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  let text = '';
  for (; text.length < length; rest /= 62n) text = `${BASE62.charAt(Number(rest % 62n))}${text}`;
  return text;
}

/** The SHA-256 digest of a text (UTF-8), base64url: enough to keep 256-bit random secrets by. */
export async function digestOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

/** Compares in time that depends on the lengths alone. */
export function equalInConstantTime(left: string, right: string): boolean {
  const a = utf8(left);
  const b = utf8(right);
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
