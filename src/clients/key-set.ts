/**
 * Key sets of clients and directories: what may stand in one, wherever it came from. Source: RFC 7517; sizes from
 * FAPI 2.0 section 5.4.1.
 */
import type { ClientAlgorithm, PublicJwk } from '#clients/client.ts';
import { isOnEd25519, isOnP256, numberOf } from '#clients/curve-point.ts';
import { fromBase64Url } from '#kernel/encoding.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';

export interface KeySet {
  readonly keys: readonly PublicJwk[];
}

/** Keys that a client's set may hold. Source: interface section 2. */
const CLIENT_KEYS_MAXIMUM = 20;
/** A directory may have a key for each of many signers; more is taken for a mistake. */
const DIRECTORY_KEYS_MAXIMUM = 1_000;
const RSA_BITS = { least: 2_048, most: 4_096 } as const;
/** The public exponents that the platform takes: it imports no key with another. PuTTY makes keys with 37. */
const RSA_EXPONENTS: ReadonlySet<number> = new Set([65_537, 3, 17, 37]);
/** The bytes that they are in, zeros before them too. */
const RSA_EXPONENT_BYTES = 4;
/** Length of a P-256 coordinate and of an Ed25519 public key. */
const CURVE_BYTES = 32;
/** Members of private and symmetric keys (RFC 7518 section 6). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

type Jwk = Readonly<Record<string, unknown>>;

/** None where a member is no base64url: too few for any key. */
function bytesOf(value: unknown): Uint8Array {
  return (typeof value === 'string' ? fromBase64Url(value) : undefined) ?? new Uint8Array();
}

/** Whether the modulus, a product of two odd primes, has a size we take, and the platform takes the exponent. */
function isRsa({ n, e }: Jwk): boolean {
  const modulus = numberOf(bytesOf(n));
  const bits = modulus.toString(2).length;
  const exponent = bytesOf(e);
  return (
    bits >= RSA_BITS.least &&
    bits <= RSA_BITS.most &&
    modulus % 2n === 1n &&
    exponent.length <= RSA_EXPONENT_BYTES &&
    RSA_EXPONENTS.has(Number(numberOf(exponent)))
  );
}

function isEc({ x, y }: Jwk): boolean {
  const [xBytes, yBytes] = [bytesOf(x), bytesOf(y)];
  return xBytes.length === CURVE_BYTES && yBytes.length === CURVE_BYTES && isOnP256(xBytes, yBytes);
}

function isEdwards({ x }: Jwk): boolean {
  const bytes = bytesOf(x);
  return bytes.length === CURVE_BYTES && isOnEd25519(bytes);
}

function problemOfShape(jwk: Jwk): string | undefined {
  const { kty, crv } = jwk;
  if (kty === 'RSA') {
    return isRsa(jwk)
      ? undefined
      : 'An RSA key needs an n of 2048 to 4096 bits and an e of 65537, 3, 17 or 37.';
  }
  if (kty === 'EC' && crv === 'P-256')
    return isEc(jwk) ? undefined : 'An EC key needs a point of P-256: x and y.';
  if (kty === 'OKP' && crv === 'Ed25519') {
    return isEdwards(jwk) ? undefined : 'An Ed25519 key needs a usable point of the curve: x.';
  }
  return 'Keys must be RSA, EC P-256 or Ed25519.';
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '');
}

function problemOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'A key is not an object.';
  const jwk = entry as Jwk;
  if (SECRET_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return 'A key has private members.';
  if (![jwk['kid'], jwk['use'], jwk['alg']].every(isTextOrAbsent))
    return 'A kid, use or alg is not a string.';
  return problemOfShape(jwk);
}

/** Text, a flag, a number or a list of text: all that RFC 7517 and its registry know as a member of a public key. */
function isMemberOfKey(value: unknown): boolean {
  return Array.isArray(value) ? value.every((one) => typeof one === 'string') : typeof value !== 'object';
}

/** Section 4: other members are ignored. Kept, one nested deep enough would break whatever writes the key as JSON. */
function withoutOthers(jwk: Jwk): PublicJwk {
  return Object.fromEntries(Object.entries(jwk).filter(([, value]) => isMemberOfKey(value))) as PublicJwk;
}

function entriesOf(value: unknown, maximum: number): Result<readonly unknown[]> {
  const keys: unknown = typeof value === 'object' && value !== null ? (value as Jwk)['keys'] : undefined;
  return Array.isArray(keys) && keys.length > 0 && keys.length <= maximum
    ? ok(keys)
    : refuseSet(`A key set must hold 1 to ${maximum} keys.`);
}

/**
 * The keys of a directory's set that are of the kinds of `parseKeySet`. Others are ignored (RFC 7517 section 5): one key of a
 * new kind must not end all registrations. Refuses where none is left.
 */
export function parseDirectoryKeySet(value: unknown): Result<KeySet> {
  const entries = entriesOf(value, DIRECTORY_KEYS_MAXIMUM);
  if (!entries.ok) return entries;
  const usable = entries.value.filter((entry) => problemOf(entry) === undefined) as Jwk[];
  return usable.length > 0 ? ok({ keys: usable.map(withoutOthers) }) : refuseSet('No key is usable.');
}

/**
 * A key set of a client: 1 to 20 public keys, RSA 2048-4096, EC P-256 or Ed25519, with distinct `kid`s (a key may have
 * none). Refuses with `invalid_client_metadata`; the message is for whoever sent the set.
 */
export function parseKeySet(value: unknown): Result<KeySet> {
  const entries = entriesOf(value, CLIENT_KEYS_MAXIMUM);
  if (!entries.ok) return entries;
  for (const entry of entries.value) {
    const problem = problemOf(entry);
    if (problem !== undefined) return refuseSet(problem);
  }
  const set = (entries.value as Jwk[]).map(withoutOthers);
  const kids = set.flatMap(({ kid }) => (kid === undefined ? [] : [kid]));
  return new Set(kids).size === kids.length ? ok({ keys: set }) : refuseSet('Two keys have the same kid.');
}

/** The algorithm of each kind of key. Source: interface section 3. */
const ALGORITHM_OF_KIND: Readonly<Record<string, ClientAlgorithm>> = {
  EC: 'ES256',
  RSA: 'PS256',
  OKP: 'EdDSA',
};

/**
 * The algorithm in which a key of a client's set signs client assertions; undefined where its own `use`, `key_ops` or `alg` is
 * for something else, as then no signature is checked with it. Source: RFC 7517 sections 4.2 to 4.4, RFC 9864.
 */
export function assertionAlgorithmOf({
  kty,
  use = 'sig',
  key_ops = ['verify'],
  alg,
}: PublicJwk): ClientAlgorithm | undefined {
  const algorithm = ALGORITHM_OF_KIND[kty];
  const named = alg === 'Ed25519' ? 'EdDSA' : alg;
  const isForSignatures = use === 'sig' && Array.isArray(key_ops) && key_ops.includes('verify');
  return isForSignatures && (named === undefined || named === algorithm) ? algorithm : undefined;
}

function refuseSet(message: string): Result<never> {
  return refuseOpenly('invalid_client_metadata', message);
}
