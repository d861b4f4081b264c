/** Ranges of IP addresses in CIDR notation, of both versions. Source: RFC 4632 section 3.1, RFC 4291 section 2.3. */
import { ipv6Parts } from '#kernel/ip-address.ts';

interface Address {
  readonly bits: bigint;
  /** Bits an address of its version has. */
  readonly size: 32 | 128;
}

/** What an address is written with; without a colon it has points. */
const LETTERS = /^(?=.*[.:])[0-9a-f:.]{2,45}$/;
/** The 96 bits before an IPv4 address that is written as one of version 6. Source: RFC 4291 section 2.5.5.2. */
const MAPPED = 0xffffn;

function parseAddress(written: string): Address | undefined {
  const text = written.toLowerCase();
  if (!LETTERS.test(text)) return undefined;
  // The platform takes no part of more than 255 and no leading zero, which would be octal to some and decimal to others.
  const parts = ipv6Parts(text.includes(':') ? text : `::ffff:${text}`);
  if (parts === undefined) return undefined;
  const bits = parts.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
  return bits >> 32n === MAPPED ? { bits: bits & 0xffff_ffffn, size: 32 } : { bits, size: 128 };
}

function renderAddress({ bits, size }: Address): string {
  const step = size === 32 ? 8n : 16n;
  const parts: bigint[] = [];
  for (let at = BigInt(size) - step; at >= 0n; at -= step)
    parts.push(BigInt.asUintN(Number(step), bits >> at));
  if (size === 32) return parts.join('.');
  return new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]/`).hostname.slice(1, -1);
}

/** The range of this length that an address is in: the network's own address, with the length. */
function rangeOf({ bits, size }: Address, length: number): string {
  const host = BigInt(size - length);
  return `${renderAddress({ bits: (bits >> host) << host, size })}/${length}`;
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
  return rangeOf(address, bits);
}

/** Whether an address is in one of the ranges, each as `parseIpRange` wrote it. What is no address is in none. */
export function isInIpRanges(text: string, ranges: readonly string[]): boolean {
  const address = parseAddress(text);
  return (
    address !== undefined && ranges.some((range) => rangeOf(address, Number(range.split('/')[1])) === range)
  );
}
