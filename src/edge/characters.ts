/** Bounds as the OpenAPI document tells them: a length in characters, and what only a later check holds. */
import * as v from 'valibot';

/**
 * At most `maximum` characters; the schema made of it says `maxLength`. JavaScript counts code units: a character outside the Basic Multilingual Plane
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

/** A bound for the document alone: what parses the value refuses what is beyond it, in words of its own. */
export function told<A extends object>(action: A): A {
  return { ...action, '~run': (dataset: unknown) => dataset };
}
