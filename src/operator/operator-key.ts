/**
 * Operators' keys: `ok_`, 256 random bits and a checksum, so that a mistyped key is refused without asking anyone. Each
 * has the name of who holds it, and may read or also write. Kept by its digest alone.
 */
import { digestOf, equalInConstantTime } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';

/** `write` opens what `read` opens too. */
export const OPERATOR_SCOPES = ['read', 'write'] as const;
export type OperatorScope = (typeof OPERATOR_SCOPES)[number];

/** Who gives a command. */
export interface Operator {
  /** The name of the key. */
  readonly name: string;
  readonly scope: OperatorScope;
  /** The address the command came from. */
  readonly source: string;
}

const PREFIX = 'ok_';
const KEY = /^ok_[A-Za-z0-9_-]{49}$/;
const CHECKSUM_LENGTH = 6;

/** Names are shown and audited: lower case, so that no two look alike. */
export const OPERATOR_NAME = /^[a-z][a-z0-9._-]{1,49}$/;

/** The key of a local sandbox's operator: known to all, so it opens a local sandbox alone. */
export const LOCAL_OPERATOR_KEY = 'ok_local_operator_of_the_hamster_wheel_sandbox_UyQiw';

async function checksumOf(body: string): Promise<string> {
  return (await digestOf(body)).slice(0, CHECKSUM_LENGTH);
}

export async function newOperatorKey(): Promise<string> {
  const body = `${PREFIX}${newSecret()}`;
  return `${body}${await checksumOf(body)}`;
}

/** Whether a text has the form and the checksum of an operator's key; whether there is such a key is not asked. */
export async function isOperatorKey(text: string): Promise<boolean> {
  if (!KEY.test(text)) return false;
  return equalInConstantTime(text.slice(-CHECKSUM_LENGTH), await checksumOf(text.slice(0, -CHECKSUM_LENGTH)));
}

/** A key as D1 keeps it. Times are epoch seconds. */
export interface KeptOperatorKey {
  readonly keyId: string;
  readonly name: string;
  readonly digest: string;
  readonly scope: OperatorScope;
  /** Who made it: the name of another key, or `provision`. */
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** What is kept of a new key. */
export async function keptOf(
  key: string,
  { name, scope, createdBy, now, expiresAt }: NewOperatorKey,
): Promise<KeptOperatorKey> {
  const digest = await digestOf(key);
  return {
    keyId: `opk_${digest.slice(0, 16)}`,
    name,
    digest,
    scope,
    createdBy,
    createdAt: now,
    expiresAt: expiresAt ?? null,
    revokedAt: null,
  };
}

export interface NewOperatorKey {
  readonly name: string;
  readonly scope: OperatorScope;
  readonly createdBy: string;
  /** Epoch seconds. */
  readonly now: number;
  readonly expiresAt?: number | undefined;
}
