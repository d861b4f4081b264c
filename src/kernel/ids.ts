/** Identifiers and secrets: how each is made, recognised and taken apart. */
import { toBase64Url } from '#kernel/encoding.ts';

/** 256 random bits, base64url (43 characters). */
export function newSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** A random UUID (RFC 9562 version 4). */
export function newUuid(): string {
  return crypto.randomUUID();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Any RFC 9562 UUID, in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The 64 lower-case hex digits of a Durable Object's id, as they stand in our identifiers. */
const OBJECT_ID = /^[0-9a-f]{64}$/;

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text could be one of `newSecret`: a cookie's value, a mailed link's token, a form's nonce. Any other is not ours. */
export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What a grant secret (authorization code, refresh token) opens: a consent, or an identity-only grant. */
export type GrantKind = 'consent' | 'identity';

export interface GrantSecret {
  readonly kind: GrantKind;
  /** Address of the Durable Object that keeps the secret's digest. */
  readonly objectId: string;
  readonly secret: string;
}

/** The kind's first letter, the object's id and a secret, each in its form. */
const GRANT_SECRET = /^([ci])\.([0-9a-f]{64})\.([A-Za-z0-9_-]{43})$/;

/** An authorization code or refresh token: the grant's address and a 256-bit secret, `c.<64 hex>.<43 base64url>`. */
export function renderGrantSecret({ kind, objectId, secret }: GrantSecret): string {
  return `${kind.charAt(0)}.${objectId}.${secret}`;
}

/** Takes a code or refresh token apart; anything of another shape is undefined. */
export function parseGrantSecret(text: string): GrantSecret | undefined {
  const [, letter, objectId, secret] = GRANT_SECRET.exec(text) ?? [];
  if (objectId === undefined || secret === undefined) return undefined;
  return { kind: letter === 'c' ? 'consent' : 'identity', objectId, secret };
}
