/** Text from outside made safe to show: names from software statements, and printable-ASCII checks. */

// Control and format characters, line and paragraph separators, surrogates alone: bidirectional and zero-width
// characters are format characters (Cf), which could make one name look like another. Source: Unicode 16 section 4.5.
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** A name to show to customers: unshowable characters removed, white space folded, at most `maximum` characters. */
export function cleanName(text: string, maximum = 100): string {
  return [...text.replace(UNSHOWABLE, '').replace(/\s+/gu, ' ').trim()].slice(0, maximum).join('').trim();
}

/** Printable ASCII, space included. */
export function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
