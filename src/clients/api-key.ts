/**
 * API keys: `sk_sandbox_` or `sk_live_`, 256 random bits in base62 and a checksum, so that a mistyped or invented key is
 * refused without asking anyone. A key is one organisation's, of one environment, and opens what its scopes name, never a
 * customer's data. Kept by its digest alone. Times are epoch seconds.
 */
import type { Environment } from '#edge/settings.ts';
import { digestOf, equalInConstantTime, toBase62 } from '#kernel/encoding.ts';

/** What a key may open: the sandbox's routes, the request log, the usage figures. */
export const KEY_SCOPES = ['sandbox', 'requests', 'usage'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** The scopes a key of an environment can have: production has no sandbox routes. */
export function keyScopesOf(environment: Environment): readonly KeyScope[] {
  return environment === 'sandbox' ? KEY_SCOPES : KEY_SCOPES.filter((scope) => scope !== 'sandbox');
}

export const KEY_PREFIXES = { sandbox: 'sk_sandbox_', production: 'sk_live_' } as const;

/** An API key as D1 keeps it and as it is shown, which is never the key itself. */
export interface ApiKey {
  readonly keyId: string;
  readonly organisationId: string;
  readonly environment: Environment;
  readonly name: string;
  readonly prefix: string;
  readonly lastFour: string;
  readonly scopes: readonly KeyScope[];
  /** Ranges of addresses (CIDR) it may come from; empty: any. */
  readonly allowedIps: readonly string[];
  readonly createdAt: number;
  /** The developer who made it; null where it came with the deployment. */
  readonly createdBy: string | null;
  readonly expiresAt: number | null;
  /** Exact to a minute. */
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** When another key took its place. */
  readonly rolledAt: number | null;
  /** The key whose place it took. */
  readonly rolledFrom: string | null;
}

/** How a key stands: `rolled` keys still work, until the overlap with their successor is over. */
export type KeyStatus = 'active' | 'rolled' | 'expired' | 'revoked';

export function keyStatusOf(
  { revokedAt, expiresAt, rolledAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt' | 'rolledAt'>,
  now: number,
): KeyStatus {
  if (revokedAt !== null && revokedAt <= now) return 'revoked';
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  return rolledAt === null ? 'active' : 'rolled';
}

/** What a key is called where it must not be told: `sk_sandbox_...1a2B`. */
export function keyLabelOf({ prefix, lastFour }: Pick<ApiKey, 'prefix' | 'lastFour'>): string {
  return `${prefix}...${lastFour}`;
}

/** Whatever could be meant as a key; ours have 49 letters after the prefix. */
const KEY = /^sk_(sandbox|live)_[A-Za-z0-9_]{16,128}$/;
const ISSUED_KEY = /^sk_(?:sandbox|live)_[A-Za-z0-9]{49}$/;
/** 62^43 is just above 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 is above 2^32, of which the checksum is: one mistyped key in four milliards gets past it. */
const CHECKSUM_LENGTH = 6;

/** The key of the organisation "Local Developer": known to all, so it opens a local sandbox alone. */
export const LOCAL_API_KEY = 'sk_sandbox_local_developer_hamster_wheel';
/** The id of its row. */
export const LOCAL_KEY_ID = 'local';

/** The environment an API key names, or undefined when the text is no API key. */
export function environmentOfKey(text: string): Environment | undefined {
  const match = KEY.exec(text);
  if (match === null) return undefined;
  return match[1] === 'live' ? 'production' : 'sandbox';
}

async function checksumOf(body: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
  return toBase62(digest.subarray(0, 4), CHECKSUM_LENGTH);
}

/** A new key: to be told once, and kept as a digest. */
export async function newApiKey(environment: Environment): Promise<string> {
  const secret = toBase62(crypto.getRandomValues(new Uint8Array(32)), SECRET_LENGTH);
  const body = `${KEY_PREFIXES[environment]}${secret}`;
  return `${body}${await checksumOf(body)}`;
}

/** Whether a text has the form and the checksum of a key made here; whether there is such a key is not asked. */
export async function hasKeyForm(text: string): Promise<boolean> {
  if (!ISSUED_KEY.test(text)) return false;
  return equalInConstantTime(text.slice(-CHECKSUM_LENGTH), await checksumOf(text.slice(0, -CHECKSUM_LENGTH)));
}

/** What is kept of a key: nothing it could be made from. */
export async function keptPartsOf(
  key: string,
): Promise<{ readonly digest: string; readonly lastFour: string }> {
  return { digest: await digestOf(key), lastFour: key.slice(-4) };
}
