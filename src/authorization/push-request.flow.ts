/**
 * Pushes an authorization request of an authenticated client: checked as at the authorization endpoint, then kept. D1:
 * none. Objects: the consent's, the client's, a new interaction's. Source: RFC 9126 sections 2.1 and 2.2.
 */
import { parseAuthorizationRequest, renderRequestUri } from '#authorization/authorization-request.ts';
import { checkRequest } from '#authorization/check-request.flow.ts';
import { findInteraction, newInteractionId } from '#authorization/find-interaction.flow.ts';
import { REQUEST_URI_LIFETIME_SECONDS } from '#authorization/interaction.ts';
import type { Client } from '#clients/client.ts';
import { openRequestUri } from '#clients/open-request-uri.flow.ts';
import type { Parameters } from '#edge/body.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';

export interface Pushed {
  readonly requestUri: string;
  readonly expiresIn: number;
}

/** Refuses with the codes of `parseAuthorizationRequest` and `checkRequest`, and `rate_limit_exceeded`. */
export async function pushRequest(
  scope: Scope,
  client: Client,
  parameters: Parameters,
): Promise<Result<Pushed>> {
  // Section 2.1: the request_uri parameter must not be provided.
  if (parameters.has('request_uri')) {
    return refuseOpenly('invalid_request', 'request_uri cannot be pushed.');
  }
  // Section 2: the client_id is the authenticated client's, whether it was sent beside its assertion or not.
  const search = new URLSearchParams([...parameters]);
  search.set('client_id', client.clientId);
  const parsed = parseAuthorizationRequest(search, client);
  if (!parsed.ok) return parsed;
  const request = await checkRequest(scope, client, parsed.value);
  if (!request.ok) return request;
  const id = newInteractionId(scope);
  const expiresAt = scope.now + REQUEST_URI_LIFETIME_SECONDS;
  const counted = await openRequestUri(scope, client.clientId, { id, expiresAt });
  if (!counted.ok) return counted;
  const interaction = findInteraction(scope, id);
  if (interaction === undefined) throw new Error('a new id is an id');
  await callObject(scope, () => interaction().push(scope.nowMs, request.value));
  return ok({ requestUri: renderRequestUri(id), expiresIn: REQUEST_URI_LIFETIME_SECONDS });
}
