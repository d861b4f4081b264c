/**
 * Stands in for the base64 package of @simplewebauthn/server (`[alias]` in wrangler.toml; decision record 33): the library
 * reads and writes base64url alone, as the kernel does. What is none is refused, as the library refuses by throwing.
 */
import { fromBase64Url, toBase64Url } from '#kernel/encoding.ts';

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64Url(text);
  if (bytes === undefined) throw new Error('not base64url');
  return bytes;
}

/** As the library names them. */
const base64 = {
  toArrayBuffer: (text: string): ArrayBuffer => bytesOf(text).buffer,
  fromArrayBuffer: (buffer: ArrayBuffer): string => toBase64Url(new Uint8Array(buffer)),
  toString: (text: string): string => new TextDecoder().decode(bytesOf(text)),
  validate: (text: string): boolean => fromBase64Url(text) !== undefined,
};

export { base64 as default };
