/** Ranges of IP addresses in CIDR notation, of both versions. Source: RFC 4632 section 3.1, RFC 4291 section 2.3. */
import { ipv6Parts } from '#kernel/ip-address.ts';

/** What an address is written with; without a colon it has points. */
const LETTERS = /^(?=.*[.:])[0-9a-f:.]{2,45}$/;
/** What stands in the 96 bits before an IPv4 address that is one of version 6. Source: RFC 4291 section 2.5.5.2. */
const MAPPED = 0xffffn;
const MAPPED_LENGTH = 96;
const LENGTH = 128;

/** An address as one of version 6, whichever it is. */
function parseAddress(written: string): bigint | undefined {
  const text = written.toLowerCase();
  if (!LETTERS.test(text)) return undefined;
  // The platform takes no part of more than 255 and no leading zero, which would be octal to some and decimal to others.
  const parts = ipv6Parts(text.includes(':') ? text : `::ffff:${text}`);
  return parts?.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}

function isVersion4(address: bigint): boolean {
  return address >> 32n === MAPPED;
}

/** How many bits more than written a length counts beside an address written so. */
function bitsBefore(written: string): number {
  return written.includes(':') ? 0 : MAPPED_LENGTH;
}

/** The range of this length that an address is in: the network's own address, with the length. */
function rangeOf(address: bigint, length: number): string {
  const host = BigInt(LENGTH - length);
  const network = (address >> host) << host;
  // The platform reads a number as an address of version 4, and writes either as is customary.
  if (isVersion4(address)) {
    return `${new URL(`http://${BigInt.asUintN(32, network)}/`).hostname}/${length - MAPPED_LENGTH}`;
  }
  const parts = network
    .toString(16)
    .padStart(32, '0')
    .replace(/.{4}(?=.)/g, '$&:');
  return `${new URL(`http://[${parts}]/`).hostname.slice(1, -1)}/${length}`;
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
  const bits = length === undefined ? LENGTH : Number(length) + bitsBefore(written);
  const least = isVersion4(address) ? MAPPED_LENGTH : 0;
  return bits > least && bits <= LENGTH ? rangeOf(address, bits) : undefined;
}

/** Whether an address is in one of the ranges, each as `parseIpRange` wrote it. What is no address is in none. */
export function isInIpRanges(text: string, ranges: readonly string[]): boolean {
  const address = parseAddress(text);
  return (
    address !== undefined &&
    ranges.some((range) => rangeOf(address, Number(range.split('/')[1]) + bitsBefore(range)) === range)
  );
}
