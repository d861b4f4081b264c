/** The wire shapes of the token endpoint. Source: RFC 6749 sections 4.1.3, 4.4.2, 5.1 and 6. */
import * as v from 'valibot';
import { ASSERTION_TYPE } from '#clients/assertion.ts';
import type { IssuedTokens } from '#grants/issue-tokens.flow.ts';

const authentication = {
  client_id: v.optional(v.string()),
  client_assertion_type: v.literal(ASSERTION_TYPE),
  client_assertion: v.string(),
};

/** The parameters of each grant type; those we do not know are ignored (RFC 6749 section 3.2). */
export const tokenRequestSchema = v.variant('grant_type', [
  v.object({
    ...authentication,
    grant_type: v.literal('authorization_code'),
    code: v.string(),
    redirect_uri: v.string(),
    code_verifier: v.optional(v.string()),
  }),
  v.object({
    ...authentication,
    grant_type: v.literal('refresh_token'),
    refresh_token: v.string(),
    scope: v.optional(v.string()),
  }),
  v.object({
    ...authentication,
    grant_type: v.literal('client_credentials'),
    scope: v.optional(v.string()),
  }),
]);

export type TokenRequest = v.InferOutput<typeof tokenRequestSchema>;

export const tokenResponseSchema = v.object({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  expires_in: v.pipe(v.number(), v.integer(), v.minValue(1)),
  refresh_token: v.optional(v.string()),
  id_token: v.optional(v.string()),
  scope: v.string(),
  consent_id: v.optional(v.string()),
});

export function renderTokens(issued: IssuedTokens): v.InferOutput<typeof tokenResponseSchema> {
  return {
    access_token: issued.accessToken,
    token_type: 'Bearer',
    expires_in: issued.expiresIn,
    refresh_token: issued.refreshToken,
    id_token: issued.idToken,
    scope: issued.scopes.join(' '),
    consent_id: issued.consentId,
  };
}
