/**
 * Whether coordinates are a point of their curve: the platform says so of P-256 only when a key is used, of Ed25519 never.
 * Source: SEC 1 section 3.2.2.1, FIPS 186-5 section 7.1, RFC 8032 sections 5.1.3 and 5.1.7.
 */

/** y^2 = x^3 - 3x + b modulo p. Source: SP 800-186 section 3.2.1.3. */
const P256 = {
  p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
} as const;
/** -x^2 + y^2 = 1 + d x^2 y^2 modulo p. Source: RFC 8032 section 5.1. */
const ED25519 = {
  p: 2n ** 255n - 19n,
  d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
} as const;
const ED25519_SIGN_BIT = 1n << 255n;

/** Bytes, the most significant first. By their text, which takes no longer for each more. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${bytes.toHex()}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let bit = base, rest = exponent; rest > 0n; rest >>= 1n, bit = (bit * bit) % modulus) {
    if ((rest & 1n) === 1n) result = (result * bit) % modulus;
  }
  return result;
}

/** Coordinates of 32 bytes each, the most significant first. */
export function isOnP256(xBytes: Uint8Array, yBytes: Uint8Array): boolean {
  const [x, y] = [numberOf(xBytes), numberOf(yBytes)];
  const { p, b } = P256;
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

/** 32 bytes as RFC 8032 encodes a point; false too for the few of small order, with which anybody's signature is good. */
export function isOnEd25519(bytes: Uint8Array): boolean {
  const { p, d } = ED25519;
  const y = numberOf(bytes.toReversed()) & ~ED25519_SIGN_BIT;
  const ySquared = (y * y) % p;
  // x^2 = u / v, which is a square where u v is. x = 0 has order 1 or 2, y = 0 order 4, x^2 = -y^2 order 8.
  const u = ySquared - 1n;
  const v = d * ySquared + 1n;
  const isOfSmallOrder = (u * y * (u + ySquared * v)) % p === 0n;
  return y < p && !isOfSmallOrder && power((u * v) % p, (p - 1n) / 2n, p) === 1n;
}
