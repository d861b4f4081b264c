/** The wire form of the sandbox's stand-in for a customer. */
import * as v from 'valibot';
import { AUTHORIZATION_PARAMETERS } from '#authorization/authorization-request.schema.ts';
import { DECISIONS } from '#authorization/decision.ts';
import { atMostCharacters } from '#edge/characters.ts';

const ACCOUNTS_MAXIMUM = 100;
const NAME_LENGTH_MAXIMUM = 200;

/** The customer's part, and the members of the authorization request as in its query. */
export const authorizeConsentRequestSchema = v.object({
  ...AUTHORIZATION_PARAMETERS,
  /** A username of the sandbox's customers. */
  customer: v.pipe(v.string(), v.minLength(1), atMostCharacters(NAME_LENGTH_MAXIMUM)),
  accounts: v.optional(
    v.pipe(
      v.array(v.string()),
      v.maxLength(ACCOUNTS_MAXIMUM),
      v.description(
        'Ids of the accounts to share, or of the one to pay from. Needed to approve, unless the consent names its account.',
      ),
    ),
    [],
  ),
  decision: v.picklist(DECISIONS),
});

export type AuthorizeConsentRequest = v.InferOutput<typeof authorizeConsentRequestSchema>;

/** The authorization request among the members. */
export function parametersOf({
  customer: _customer,
  accounts: _accounts,
  decision: _decision,
  ...parameters
}: AuthorizeConsentRequest): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, value);
  return search;
}
