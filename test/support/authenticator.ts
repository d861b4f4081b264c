/** A software authenticator: makes real passkeys and real signatures. Source: Web Authentication Level 3 section 6. */
import { fromBase64Url, toBase64Url, utf8 } from '#kernel/encoding.ts';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export interface Asked {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
}

export interface Lies {
  /** Of the attestation; `none` unless given. */
  readonly format?: string;
  /** False: nobody gave a finger or a PIN. */
  readonly verified?: boolean;
  readonly type?: string;
  readonly counter?: number;
  readonly userHandle?: string;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const two = (count: number) => Uint8Array.of(count >> 8, count & 0xff);
const four = (count: number) =>
  Uint8Array.of((count >>> 24) & 0xff, (count >>> 16) & 0xff, (count >>> 8) & 0xff, count & 0xff);
/** CBOR text, of fewer than 24 bytes, and CBOR bytes. Source: RFC 8949 section 3.1. */
const cborText = (text: string) => concat(Uint8Array.of(0x60 + text.length), utf8(text));
const cborBytes = (bytes: Uint8Array) => concat(Uint8Array.of(0x59), two(bytes.length), bytes);

/** An integer in DER: without needless zeros, with one before a set first bit. */
function derInteger(bytes: Uint8Array): Uint8Array {
  let begin = 0;
  while (begin < bytes.length - 1 && bytes[begin] === 0) begin += 1;
  const trimmed = bytes.subarray(begin);
  const signed = (trimmed[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), trimmed) : trimmed;
  return concat(Uint8Array.of(0x02, signed.length), signed);
}

/** An ECDSA signature of WebCrypto (r and s side by side) as authenticators give it. */
export function toDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const body = concat(derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half)));
  return concat(Uint8Array.of(0x30, body.length), body);
}

export interface Authenticator {
  readonly credentialId: string;
  /** JSON of the answer to a request to make a passkey. */
  readonly register: (asked: Asked, lies?: Lies) => Promise<string>;
  /** JSON of the answer to a request to sign. */
  readonly sign: (asked: Asked, lies?: Lies) => Promise<string>;
}

/** One authenticator with one ES256 key. */
export async function makeAuthenticator(): Promise<Authenticator> {
  const keys = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as JsonWebKey;
  const id = crypto.getRandomValues(new Uint8Array(24));
  const credentialId = toBase64Url(id);
  const coordinate = (text: string | undefined) =>
    concat(Uint8Array.of(0x58, 32), fromBase64Url(text ?? '') ?? new Uint8Array(32));
  // {1: 2, 3: -7, -1: 1, -2: x, -3: y}. Source: RFC 9053 section 7.1.
  const publicKey = concat(
    Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21),
    coordinate(jwk.x),
    Uint8Array.of(0x22),
    coordinate(jwk.y),
  );
  let count = 0;

  const clientData = ({ challenge, origin }: Asked, type: string) =>
    utf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  async function authenticatorData({ rpId }: Asked, flags: number, { verified = true, counter }: Lies) {
    count = counter ?? count + 1;
    const given = flags | USER_PRESENT | (verified ? USER_VERIFIED : 0);
    return concat(await sha256(utf8(rpId)), Uint8Array.of(given), four(count));
  }

  return {
    credentialId,
    register: async (asked, lies = {}) => {
      const data = concat(
        await authenticatorData(asked, HAS_CREDENTIAL, lies),
        new Uint8Array(16),
        two(id.length),
        id,
        publicKey,
      );
      const attestation = concat(
        Uint8Array.of(0xa3),
        cborText('fmt'),
        cborText(lies.format ?? 'none'),
        cborText('attStmt'),
        Uint8Array.of(0xa0),
        cborText('authData'),
        cborBytes(data),
      );
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(clientData(asked, lies.type ?? 'webauthn.create')),
          attestationObject: toBase64Url(attestation),
          transports: ['internal'],
        },
      });
    },
    sign: async (asked, lies = {}) => {
      const data = await authenticatorData(asked, 0, lies);
      const client = clientData(asked, lies.type ?? 'webauthn.get');
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        concat(data, await sha256(client)),
      );
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(client),
          authenticatorData: toBase64Url(data),
          signature: toBase64Url(toDer(new Uint8Array(signature))),
          ...(lies.userHandle === undefined ? {} : { userHandle: lies.userHandle }),
        },
      });
    },
  };
}
