/**
 * What an authorization request needs beside its form: a consent that awaits its customer, and a genuine hint. D1: none.
 * Objects: the consent's, one read.
 */
import type { AuthorizationRequest, ParsedRequest } from '#authorization/authorization-request.ts';
import { type Client, ID_TOKEN_ALGORITHMS } from '#clients/client.ts';
import type { Consent } from '#consents/consent.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { verifyOwnJwt } from '#edge/own-jwt.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

/** One text whether a consent is unknown, another client's, or past its decision: the caller learns no more. */
const UNUSABLE_CONSENT = 'The consent is not known or cannot be authorized.';

/** The consent, if it is this client's and awaits its customer; refuses with `invalid_request`. */
export async function checkConsent(
  scope: Scope,
  clientId: string,
  consentId: string,
): Promise<Result<Consent>> {
  const consent = await readConsent(scope, consentId);
  return consent?.clientId === clientId && consent.status === 'awaiting_authorization'
    ? ok(consent)
    : refuseOpenly('invalid_request', UNUSABLE_CONSENT);
}

/** `prompt=none` is never met: each request takes a log-in of its own, and a consent takes a decision too. */
export function checkPrompt(request: AuthorizationRequest): Result<void> {
  if (!request.silent) return ok(undefined);
  return refuse(request.consentId === undefined ? 'login_required' : 'interaction_required', 'prompt=none');
}

/** The subject a hint names: an id_token of ours for this client, however old. OpenID Connect Core section 3.1.2.1. */
async function subjectOfHint(scope: Scope, clientId: string, hint: string): Promise<string | undefined> {
  const { verifyKey } = await signingKeys(scope);
  const claims = await verifyOwnJwt(hint, verifyKey, {
    issuer: scope.settings.issuer,
    // An access token of ours has another audience.
    audience: clientId,
    algorithms: [...ID_TOKEN_ALGORITHMS],
    // A hint may have expired: it says who is meant, it proves nobody's presence.
    currentDate: new Date(0),
  });
  return claims?.sub;
}

/** Refuses with `invalid_request`. */
export async function checkRequest(
  scope: Scope,
  client: Client,
  { idTokenHint, ...request }: ParsedRequest,
): Promise<Result<AuthorizationRequest>> {
  if (request.consentId !== undefined) {
    const consent = await checkConsent(scope, client.clientId, request.consentId);
    if (!consent.ok) return consent;
  }
  if (idTokenHint === undefined) return ok(request);
  const subject = await subjectOfHint(scope, client.clientId, idTokenHint);
  if (subject === undefined || (request.subject !== undefined && request.subject !== subject)) {
    return refuseOpenly(
      'invalid_request',
      'id_token_hint is not an id_token of this client, or the claims name another subject.',
    );
  }
  return ok({ ...request, subject });
}
