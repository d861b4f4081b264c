/** The form passwords are kept in: `scrypt$N$r$p$salt$key`, salt and key in base64url. */
import { fromBase64Url } from '#kernel/encoding.ts';

export interface PasswordDigest {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** What Workers let scrypt cost: N * r * p. */
const COST_MAXIMUM = 1_048_576;
const SALT_BYTES_MINIMUM = 16;
const KEY_BYTES = 32;

/** Takes a digest apart; undefined where it has not the form. */
export function parsePasswordDigest(text: string): PasswordDigest | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,4})\$(\d{1,4})\$([\w-]+)\$([\w-]+)$/.exec(text);
  const salt = fromBase64Url(match?.[4] ?? '');
  const key = fromBase64Url(match?.[5] ?? '');
  if (match === null || salt === undefined || key === undefined) return undefined;
  return { N: Number(match[1]), r: Number(match[2]), p: Number(match[3]), salt, key };
}

/** Whether a digest that came from elsewhere can be compared with here: of this form, and not beyond what a log-in may cost. */
export function isDigest(text: string): boolean {
  const digest = parsePasswordDigest(text);
  if (digest === undefined) return false;
  const { N, r, p, salt, key } = digest;
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  const isAffordable = r > 0 && p > 0 && N * r * p <= COST_MAXIMUM;
  return (
    isPowerOfTwo && isAffordable && salt.byteLength >= SALT_BYTES_MINIMUM && key.byteLength === KEY_BYTES
  );
}
