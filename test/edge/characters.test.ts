/** A length in the OpenAPI document and at the door is the same one: counted in characters, not in UTF-16 code units. */
import { Validator } from '@cfworker/json-schema';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { textOf } from '#consents/payment-parts.schema.ts';
import { atMostCharacters } from '#edge/characters.ts';
import { clientMetadataSchema } from '#registration/registration.schema.ts';
import { authorizeConsentRequestSchema } from '#sandbox/authorize-consent.schema.ts';
import { softwareStatementRequestSchema } from '#sandbox/software-statement.schema.ts';

/** What JSON Schema says of the text under the schema made for the document, then what the door says. */
function verdicts(schema: v.GenericSchema, text: string): readonly boolean[] {
  const made = toJsonSchema(schema, { typeMode: 'input' }) as Record<string, unknown>;
  return [new Validator(made, '2020-12').validate(text).valid, v.is(schema, text)];
}

it.each([
  ['a name in a payment', textOf(70), 70],
  ['a text of a registration', clientMetadataSchema.entries.client_name, 200],
  ['the name in a software statement', softwareStatementRequestSchema.entries.software_client_name, 100],
  ['a username', authorizeConsentRequestSchema.entries.customer, 200],
] as const)('%s', (_what, schema, maximum) => {
  for (const character of ['x', 'é', '名', '𠮷', '🐹', '\ud800']) {
    expect(verdicts(schema, character.repeat(maximum))).toEqual([true, true]);
    expect(verdicts(schema, character.repeat(maximum + 1))).toEqual([false, false]);
  }
});

it('says what it was given to say', () => {
  const { issues } = v.safeParse(v.pipe(v.string(), atMostCharacters(2, 'is too long')), '🐹🐹🐹');
  expect(issues?.map(({ message }) => message)).toEqual(['is too long']);
});
