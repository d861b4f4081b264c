/** Text from outside made safe to show: names from software statements, and printable-ASCII checks. */

/** A name to show to customers: unshowable characters removed, white space folded, at most `maximum` characters. */
export function cleanName(text: string, maximum = 100): string {
  // What nobody sees or what is no character: control, format (bidirectional, zero-width), private, unassigned, lone
  // surrogates; and default-ignorable ones (fillers, variation selectors), which could make one name look like another.
  // White space that is a control character (a line break) stays, to be folded. Source: Unicode 16 sections 4.5, 5.21.
  const unshowable = /(?![\t\n\v\f\r])[\p{C}\p{Default_Ignorable_Code_Point}]/gu;
  return [...text.replace(unshowable, '').replace(/\s+/gu, ' ').trim()].slice(0, maximum).join('').trim();
}

/** Printable ASCII, space included. */
export function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
