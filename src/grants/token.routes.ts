/** The token endpoint. Source: RFC 6749 section 3.2, RFC 7521 section 4.2. */
import type { Hono } from 'hono';
import { type Client, GRANT_TYPES } from '#clients/client.ts';
import { type ClientEnv, requireClientAssertion } from '#clients/client-assertion.guard.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { type Parameters, parseBy } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import {
  type IssuedTokens,
  issueForCode,
  issueForRefresh,
  issueToClient,
} from '#grants/issue-tokens.flow.ts';
import { renderTokens, type TokenRequest, tokenRequestSchema } from '#grants/token.schema.ts';
import { type Result, refuse, refuseOpenly } from '#kernel/result.ts';

const PATH = '/oauth/token';

/** The request as its grant type wants it, of a client registered for that type. */
function parseTokenRequest(parameters: Parameters, { grantTypes }: Client): Result<TokenRequest> {
  const asked = parameters.get('grant_type');
  if (asked === undefined) {
    return refuseOpenly('invalid_request', 'grant_type is required.', {
      errors: [{ field: 'grant_type', code: 'required', message: 'is required' }],
    });
  }
  const grantType = GRANT_TYPES.find((name) => name === asked);
  if (grantType === undefined) return refuse('unsupported_grant_type', 'grant type not built');
  if (!grantTypes.includes(grantType)) {
    return refuseOpenly('unauthorized_client', 'This client is not registered for this grant type.');
  }
  return parseBy(tokenRequestSchema, Object.fromEntries(parameters));
}

async function issue(scope: Scope, client: Client, request: TokenRequest): Promise<Result<IssuedTokens>> {
  if (request.grant_type === 'client_credentials') return issueToClient(scope, client, request.scope);
  if (request.grant_type === 'refresh_token') {
    return issueForRefresh(scope, client, { refreshToken: request.refresh_token, scope: request.scope });
  }
  return issueForCode(scope, client, {
    code: request.code,
    redirectUri: request.redirect_uri,
    codeVerifier: request.code_verifier,
  });
}

export function tokenRoutes(): Hono<ClientEnv> {
  const routes = makeRoutes<ClientEnv>();
  routes.post(PATH, requireClientAssertion(PATH), async (c) => {
    const { scope, client, parameters } = c.var;
    const request = parseTokenRequest(parameters, client);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const issued = await issue(scope, client, request.value);
    if (!issued.ok) return answerRefusal(c, issued.refusal);
    // RFC 6749 section 5.1 demands it beside the no-store of every answer.
    c.header('Pragma', 'no-cache');
    return answerJson(c, renderTokens(issued.value), 200);
  });
  return routes;
}
