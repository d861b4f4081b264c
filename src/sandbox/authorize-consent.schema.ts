/** The wire form of the sandbox's stand-in for a customer. */
import * as v from 'valibot';
import { DECISIONS } from '#authorization/decision.ts';

const ACCOUNTS_MAXIMUM = 100;
const NAME_LENGTH_MAXIMUM = 200;

/** Beside these, the members of the authorization request: strings, as in its query. */
export const authorizeConsentRequestSchema = v.looseObject({
  /** A username of the sandbox's customers. */
  customer: v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_LENGTH_MAXIMUM)),
  /** Ids of the accounts to share; needed to approve. */
  accounts: v.optional(v.pipe(v.array(v.string()), v.maxLength(ACCOUNTS_MAXIMUM)), []),
  decision: v.picklist(DECISIONS),
});

export type AuthorizeConsentRequest = v.InferOutput<typeof authorizeConsentRequestSchema>;

export const authorizeConsentResponseSchema = v.object({ redirect_uri: v.string() });

const OWN_MEMBERS: ReadonlySet<string> = new Set(['customer', 'accounts', 'decision']);

/** The authorization request among the members: strings and numbers; any other member is none of its parameters. */
export function parametersOf(request: AuthorizeConsentRequest): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(request)) {
    if (OWN_MEMBERS.has(name)) continue;
    if (typeof value === 'string' || typeof value === 'number') search.set(name, String(value));
  }
  return search;
}
