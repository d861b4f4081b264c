/** The wire form of an authorization request where it is JSON or documented, and of the answer to a pushed one. */
import * as v from 'valibot';
import { NONCE_LIMIT, STATE_LIMIT } from '#authorization/authorization-request.ts';
import { atMostCharacters, told } from '#edge/characters.ts';

const text = v.optional(v.string());

/** Parameters of an authorization request; what each may say is the rule of `authorization-request.ts`. */
export const AUTHORIZATION_PARAMETERS = {
  client_id: text,
  redirect_uri: text,
  response_type: text,
  response_mode: text,
  scope: text,
  state: v.optional(v.pipe(v.string(), told(atMostCharacters(STATE_LIMIT)))),
  nonce: v.optional(v.pipe(v.string(), told(atMostCharacters(NONCE_LIMIT)))),
  code_challenge: text,
  code_challenge_method: text,
  consent_id: text,
  claims: text,
  prompt: text,
  max_age: text,
  id_token_hint: text,
  request_uri: text,
} as const;

/** Source: RFC 9126 section 2.2. */
export const pushedRequestSchema = v.object({ request_uri: v.string(), expires_in: v.number() });

export type PushedRequest = v.InferOutput<typeof pushedRequestSchema>;
