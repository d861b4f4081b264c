/** Addresses of the Internet Protocol, version 6, taken apart. Source: RFC 4291 section 2.2. */

/**
 * The 8 parts of an address of version 6, as the platform reads and writes it in its one canonical way (RFC 5952): lower-case
 * hex without leading zeros. Undefined for what is none.
 */
export function ipv6Parts(text: string): readonly string[] | undefined {
  const url = `http://[${text}]/`;
  if (!URL.canParse(url)) return undefined;
  const [before = [], after = []] = new URL(url).hostname
    .split('::')
    .map((half) => half.match(/[0-9a-f]+/g) ?? []);
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
