/** How long a text may be, in characters: what OpenAPI's `maxLength` counts, where JavaScript counts UTF-16 code units. */
import * as v from 'valibot';

/**
 * At most `maximum` characters; the schema made of it says `maxLength`. A character outside the Basic Multilingual Plane
 * is one of them, though two code units. Source: JSON Schema Validation section 6.3.1.
 */
export function atMostCharacters(
  maximum: number,
  message?: string,
): v.MaxLengthAction<string, number, string | undefined> {
  const units = v.maxLength<string, number, string | undefined>(maximum, message);
  return {
    ...units,
    '~run': (dataset, config) =>
      dataset.typed && [...dataset.value].length <= maximum ? dataset : units['~run'](dataset, config),
  };
}
