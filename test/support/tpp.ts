/** A TPP that registers as one does: an API key, a software statement, POST /register. */
import { type JWTPayload, SignJWT } from 'jose';
import type { Role } from '#clients/client.ts';
import { insertOrganisationWithKey, type TestOrganisation } from './api-key.ts';
import type { TestApp } from './app.ts';
import { ASSERTION_TYPE, makeKey, signAssertion, TEST_ISSUER, type TestKey } from './test-client.ts';

export const REDIRECT_URI = 'https://tpp.example/callback';

/** The body of an answer, by member; what is not there is undefined. */
export type Members = Record<string, unknown>;

export interface StatementParts {
  readonly organisation?: TestOrganisation;
  /** Members of the request to the sandbox directory beside or instead of the usual. */
  readonly request?: Members;
  readonly key?: TestKey;
}

/** A software statement of the sandbox directory for one ES256 key and `REDIRECT_URI`. */
export async function newStatement(
  app: TestApp,
  { organisation, request = {}, key }: StatementParts = {},
): Promise<string> {
  const { apiKey } = organisation ?? (await insertOrganisationWithKey());
  const answer = await app.sendJson(
    '/sandbox/software-statements',
    {
      software_redirect_uris: [REDIRECT_URI],
      software_client_name: 'Nutkin',
      software_jwks: { keys: [(key ?? (await makeKey())).publicJwk] },
      ...request,
    },
    { headers: { authorization: `Bearer ${apiKey}` } },
  );
  const body = await answer.json<{ software_statement?: string }>();
  if (body.software_statement === undefined) throw new Error(JSON.stringify(body));
  return body.software_statement;
}

/** The published guide's own registration request. */
export function guideRequest(software_statement: string): Members {
  return {
    software_statement,
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
}

/** A registration request as a JWT of the software's. */
export async function signBody(
  key: TestKey,
  claims: JWTPayload | Members,
  header: Members = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, kid: key.publicJwk.kid ?? '', ...header })
    .sign(key.privateKey);
}

export interface TppParts {
  readonly roles?: readonly Role[];
  readonly key?: TestKey;
  readonly organisation?: TestOrganisation;
  readonly redirectUris?: readonly string[];
  /** Members of the registration request beside or instead of the guide's. */
  readonly metadata?: Members;
}

export interface Tpp {
  readonly clientId: string;
  readonly key: TestKey;
  readonly organisation: TestOrganisation;
  readonly statement: string;
  readonly redirectUri: string;
  /** What POST /register answered. */
  readonly registration: Members;
  readonly registrationToken: string;
  /** A client assertion that is good now; `aud` is the issuer unless given. */
  assertion(aud?: string | readonly string[]): Promise<string>;
  /** The form parameters that authenticate it: `client_id`, `client_assertion_type`, `client_assertion`. */
  credentials(aud?: string | readonly string[]): Promise<Record<string, string>>;
}

/** Registers a TPP of an organisation of its own (an AISP unless `roles` says otherwise). */
export async function newTpp(app: TestApp, parts: TppParts = {}): Promise<Tpp> {
  const { roles = ['AISP'], redirectUris = [REDIRECT_URI], metadata = {} } = parts;
  const key = parts.key ?? (await makeKey());
  const organisation = parts.organisation ?? (await insertOrganisationWithKey());
  const statement = await newStatement(app, {
    organisation,
    key,
    request: { software_roles: roles, software_redirect_uris: redirectUris },
  });
  const request = { ...guideRequest(statement), redirect_uris: redirectUris, ...metadata };
  const answer = await app.sendJson('/register', request);
  const registration = await answer.json<Members>();
  if (answer.status !== 201) throw new Error(JSON.stringify(registration));
  const clientId = String(registration['client_id']);
  async function assertion(aud: string | readonly string[] = TEST_ISSUER): Promise<string> {
    return signAssertion(clientId, key, { now: Math.floor(app.nowMs() / 1000), claims: { aud } });
  }
  return {
    clientId,
    key,
    organisation,
    statement,
    redirectUri: redirectUris[0] ?? REDIRECT_URI,
    registration,
    registrationToken: String(registration['registration_access_token']),
    assertion,
    async credentials(aud) {
      return {
        client_id: clientId,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assertion(aud),
      };
    },
  };
}
