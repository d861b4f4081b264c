/** The parts that operations of the OpenAPI document share: error schemas, headers, parameters, examples of errors. */
import * as v from 'valibot';
import { ERRORS, type ErrorCode } from '#kernel/errors.ts';

const fieldErrorSchema = v.object({
  field: v.pipe(v.string(), v.description('Path of the member, for example `permissions.0`.')),
  code: v.string(),
  message: v.string(),
});

const errorMembers = {
  code: v.pipe(v.string(), v.description('Stable; decide by this.')),
  message: v.pipe(v.string(), v.description('For people; may change.')),
  request_id: v.pipe(v.string(), v.description('The `x-fapi-interaction-id` of the answer.')),
  errors: v.optional(v.array(fieldErrorSchema)),
};

/** Every error of the API. */
export const errorSchema = v.pipe(v.object(errorMembers), v.title('Error'));

/** Errors of `/oauth` and `/register` add OAuth's own two members (RFC 6749 section 5.2). */
export const oauthErrorSchema = v.pipe(
  v.object({
    error: v.pipe(v.string(), v.description('The same as `code`.')),
    error_description: v.pipe(v.string(), v.description('The same as `message`.')),
    ...errorMembers,
  }),
  v.title('OAuthError'),
);

const HEADERS = {
  'x-fapi-interaction-id': {
    description: 'Names this exchange, in our logs too.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
  'RateLimit-Policy': {
    description: 'The limit: `q` requests in `w` seconds. On every answer to a client that proved itself.',
    schema: { type: 'string', examples: ['"default";q=100;w=60'] },
  },
  RateLimit: {
    description: 'What is left: `r` requests, `t` seconds until the window ends.',
    schema: { type: 'string', examples: ['"default";r=99;t=60'] },
  },
  'Retry-After': {
    description: 'Seconds to wait.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': { description: 'RFC 6750 section 3.', schema: { type: 'string' } },
} as const;

const PARAMETERS = {
  InteractionId: {
    name: 'x-fapi-interaction-id',
    in: 'header',
    description:
      'A UUID of yours that the answer repeats; without one, or with another text, the bank makes one.',
    schema: { type: 'string', format: 'uuid' },
  },
  ConsentId: {
    name: 'X-Consent-ID',
    in: 'header',
    required: true,
    description: 'The `consent_id` that came with the access token.',
    schema: { type: 'string' },
  },
} as const;

/** References to headers of the components, by the names they have on the wire. */
export function headerRefs(...names: (keyof typeof HEADERS)[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

export function parameterRef(name: keyof typeof PARAMETERS): { $ref: string } {
  return { $ref: `#/components/parameters/${name}` };
}

const REQUEST_ID = '6f8f2c4e-1a52-4f0e-9d5b-5f5f8f1f6b0a';
const OAUTH_PREFIX = 'oauth.';

function errorExample(code: ErrorCode, isOAuth: boolean): object {
  const { message } = ERRORS[code];
  const ofOAuth = isOAuth ? { error: code, error_description: message } : {};
  return { value: { ...ofOAuth, code, message, request_id: REQUEST_ID } };
}

/** A reference to what an error looks like; `/oauth` and `/register` have a form of their own. */
export function errorExampleRef(code: ErrorCode, isOAuth: boolean): { $ref: string } {
  return { $ref: `#/components/examples/${isOAuth ? OAUTH_PREFIX : ''}${code}` };
}

const CODES = Object.keys(ERRORS) as ErrorCode[];

/** What the references lead to. */
export const SHARED_COMPONENTS = {
  headers: HEADERS,
  parameters: PARAMETERS,
  examples: Object.fromEntries(
    CODES.flatMap((code) => [
      [code, errorExample(code, false)],
      [`${OAUTH_PREFIX}${code}`, errorExample(code, true)],
    ]),
  ),
};
