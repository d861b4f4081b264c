/** Ranges of IP addresses in CIDR notation, of both versions. Source: RFC 4632 section 3.1, RFC 4291 section 2.3. */

interface Address {
  readonly bits: bigint;
  /** Bits an address of its version has. */
  readonly size: 32 | 128;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV6_LETTERS = /^[0-9a-f:.]{2,45}$/;
/** The 96 bits before an IPv4 address that is written as one of version 6. Source: RFC 4291 section 2.5.5.2. */
const MAPPED = 0xffffn;

function joinParts(parts: readonly number[], bitsEach: bigint): bigint {
  return parts.reduce((value, part) => (value << bitsEach) | BigInt(part), 0n);
}

function parseIpv4(text: string): Address | undefined {
  const parts = IPV4.exec(text)?.slice(1);
  // A leading zero would be octal to some and decimal to others.
  if (parts === undefined || parts.some((part) => Number(part) > 255 || /^0\d/.test(part))) return undefined;
  return { bits: joinParts(parts.map(Number), 8n), size: 32 };
}

function parseIpv6(text: string): Address | undefined {
  const url = `http://[${text}]/`;
  if (!IPV6_LETTERS.test(text) || !URL.canParse(url)) return undefined;
  // The platform writes it in its one canonical way: RFC 5952.
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bits = joinParts(
    [...before, ...gap, ...after].map((part) => Number.parseInt(part, 16)),
    16n,
  );
  return bits >> 32n === MAPPED ? { bits: bits & 0xffff_ffffn, size: 32 } : { bits, size: 128 };
}

function parseAddress(text: string): Address | undefined {
  const lower = text.toLowerCase();
  return parseIpv4(lower) ?? parseIpv6(lower);
}

function renderAddress({ bits, size }: Address): string {
  const step = size === 32 ? 8n : 16n;
  const mask = (1n << step) - 1n;
  const parts: bigint[] = [];
  for (let at = BigInt(size) - step; at >= 0n; at -= step) parts.push((bits >> at) & mask);
  if (size === 32) return parts.join('.');
  const full = parts.map((part) => part.toString(16)).join(':');
  return new URL(`http://[${full}]/`).hostname.slice(1, -1);
}

/** The bits of a network: an address less those of its hosts. */
function networkOf({ bits, size }: Address, length: number): bigint {
  const host = BigInt(size - length);
  return (bits >> host) << host;
}

/**
 * A range as it is kept: the network's own address with its length (`203.0.113.0/24`, `2001:db8::/32`); a single address is a
 * range of one. Undefined for what is none, and for a range of every address, which would be no limit.
 */
export function parseIpRange(text: string): string | undefined {
  const [written = '', length, ...more] = text.trim().split('/');
  const address = parseAddress(written);
  if (address === undefined || more.length > 0) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  // Of an IPv4 address that is written as one of version 6 the length counts the 96 bits before it too.
  const before = address.size === 32 && written.includes(':') ? 96 : 0;
  const bits = length === undefined ? address.size : Number(length) - before;
  if (bits < 1 || bits > address.size) return undefined;
  return `${renderAddress({ ...address, bits: networkOf(address, bits) })}/${bits}`;
}

/** Whether an address is in one of the ranges, each as `parseIpRange` wrote it. What is no address is in none. */
export function isInIpRanges(text: string, ranges: readonly string[]): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  return ranges.some((range) => {
    const [network = '', length] = range.split('/');
    const start = parseAddress(network);
    if (start === undefined || start.size !== address.size) return false;
    return networkOf(address, Number(length)) === start.bits;
  });
}
