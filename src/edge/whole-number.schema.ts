/** Whole numbers among a query's parameters, as a schema: who sends another is told what it must be. */
import * as v from 'valibot';
import { parseWholeNumber } from '#kernel/whole-number.ts';

export function wholeNumberSchema(minimum: number, maximum: number) {
  return v.pipe(
    v.string(),
    v.check(
      (text) => parseWholeNumber(text, minimum, maximum) !== undefined,
      `must be a whole number from ${minimum} to ${maximum}`,
    ),
    v.transform(Number),
  );
}
