/** What the sandbox's own calls answer: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';

export const softwareStatementResponseSchema = v.object({ software_statement: v.string() });

export const directoryKeysResponseSchema = v.object({ keys: v.array(v.looseObject({ kty: v.string() })) });

export const authorizeConsentResponseSchema = v.object({ redirect_uri: v.string() });

export const resetResponseSchema = v.object({
  reset_at: v.pipe(v.string(), v.description('RFC 3339, in UTC.')),
  consents_ended: v.pipe(
    v.number(),
    v.integer(),
    v.description(
      'Consents this call ended; if there were too many for one call, the rest end within minutes.',
    ),
  ),
  customers: v.pipe(
    v.array(v.object({ username: v.string(), account_ids: v.array(v.string()) })),
    v.description('The customers there are now, who can log in, with their accounts.'),
  ),
});

export type WireReset = v.InferOutput<typeof resetResponseSchema>;
