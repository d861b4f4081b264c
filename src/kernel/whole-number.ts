/** Whole numbers as the parameters of a query say them. */

/**
 * A number of decimal digits alone, from `minimum` to `maximum`, else undefined. Zeros before it count for nothing. One rule for
 * all endpoints, so that none takes what another refuses.
 */
export function parseWholeNumber(text: string, minimum: number, maximum: number): number | undefined {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return number >= minimum && number <= maximum ? number : undefined;
}
