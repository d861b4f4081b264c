/** Authorization requests: parsed and checked against the client, by one rule for pushed and plain ones. Source: RFC 6749
 * section 4.1.1, RFC 7636, RFC 9126, OpenID Connect Core 1.0 section 3.1.2.1. */
import { parseClaims, type RequestedClaims } from '#authorization/claims-parameter.ts';
import { encodedLength, type ReturnAddress } from '#authorization/return-address.ts';
import { STRONG_AUTHENTICATION } from '#authorization/strong-authentication.ts';
import { type Client, SCOPES_OF_CONSENT_TYPE } from '#clients/client.ts';
import { type ConsentType, parseConsentId } from '#kernel/consent-id.ts';
import { isObjectId } from '#kernel/ids.ts';
import { ok, type Refused, type Result, refuse, refuseOpenly, type Success } from '#kernel/result.ts';

/** A request as it was checked: what the customer is asked, and what the code will be bound to. */
export interface AuthorizationRequest extends ReturnAddress {
  readonly clientId: string;
  readonly nonce?: string | undefined;
  readonly codeChallenge?: string | undefined;
  /** Requested, registered, and opened by the consent's type; never empty. */
  readonly scopes: readonly string[];
  /** Absent: an identity-only grant. */
  readonly consentId?: string | undefined;
  /** `prompt=none`: no page may be shown. */
  readonly silent: boolean;
  /** The only customer the answer may be about, where the client named one. */
  readonly subject?: string | undefined;
}

/** A request whose `id_token_hint`, where it has one, is not verified yet: it may name the subject. */
export interface ParsedRequest extends AuthorizationRequest {
  readonly idTokenHint?: string | undefined;
}

/** Why a request is refused, and where it is told: on a page while the redirect URI is in doubt, else to the client. */
export interface RefusedRequest extends Refused {
  readonly address?: ReturnAddress | undefined;
}

/** Who asks, and whether by reference. */
export interface RequestTarget {
  readonly clientId: string;
  /** The interaction a request_uri names. */
  readonly interactionId?: string | undefined;
}

/**
 * Longest state taken: returned exactly or refused, never cut. In bytes as it stands in the address that it comes back in,
 * of which many servers take 8,190 bytes in all.
 */
export const STATE_LIMIT = 4096;
/** Longest nonce taken, in characters. */
export const NONCE_LIMIT = 1024;
/** Prefix of every request_uri. Source: RFC 9126 section 2.2, RFC 6755. */
const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:';
/** Source: RFC 7636 section 4.2 (43 to 128 unreserved characters). */
const CODE_CHALLENGE = /^[A-Za-z0-9\-._~]{43,128}$/;
/** What names client and redirect URI: sent twice, nobody can tell where an error would go. */
const TARGET_PARAMETERS = ['client_id', 'redirect_uri', 'request_uri'] as const;

export function renderRequestUri(interactionId: string): string {
  return `${REQUEST_URI_PREFIX}${interactionId}`;
}

/** The interaction a request_uri names, or undefined for any other form (URLs of request objects too). */
export function parseRequestUri(text: string): string | undefined {
  const id = text.startsWith(REQUEST_URI_PREFIX) ? text.slice(REQUEST_URI_PREFIX.length) : '';
  return isObjectId(id) ? id : undefined;
}

/** Empty values count as absent. Source: RFC 6749 section 3.1. */
function parameterOf(search: URLSearchParams, name: string): string | undefined {
  const value = search.get(name);
  return value === null || value === '' ? undefined : value;
}

/** Finds who asks. Refuses (on a page) a missing client_id and what `TARGET_PARAMETERS` names when sent twice. */
export function parseRequestTarget(search: URLSearchParams): Result<RequestTarget> {
  for (const name of TARGET_PARAMETERS) {
    if (search.getAll(name).length > 1) {
      return wrong(`${name} was sent more than once.`);
    }
  }
  const clientId = parameterOf(search, 'client_id');
  if (clientId === undefined) {
    return wrong('client_id is missing.');
  }
  const requestUri = parameterOf(search, 'request_uri');
  if (requestUri === undefined) return ok({ clientId });
  const interactionId = parseRequestUri(requestUri);
  return interactionId === undefined
    ? refuse('invalid_request_uri', 'not a request_uri of ours')
    : ok({ clientId, interactionId });
}

/** Whether any parameter was sent twice. Source: RFC 6749 section 3.1. */
export function hasRepeatedParameter(search: URLSearchParams): boolean {
  return new Set(search.keys()).size !== [...search.keys()].length;
}

type Check = Result<unknown>;

function wrong(message: string): Refused {
  return refuseOpenly('invalid_request', message);
}

function checkForm(search: URLSearchParams): Check {
  if (hasRepeatedParameter(search)) {
    return wrong('A parameter was sent more than once.');
  }
  if (encodedLength(parameterOf(search, 'state') ?? '') > STATE_LIMIT) return wrong('state is too long.');
  if ([...(parameterOf(search, 'nonce') ?? '')].length > NONCE_LIMIT) return wrong('nonce is too long.');
  return ok(undefined);
}

function checkResponse(search: URLSearchParams, client: Client): Check {
  if (parameterOf(search, 'request') !== undefined) return refuse('request_not_supported', 'request object');
  const responseType = parameterOf(search, 'response_type');
  if (responseType === undefined) return wrong('response_type is missing.');
  if (responseType !== 'code') return refuse('unsupported_response_type', 'response_type is not code');
  const responseMode = parameterOf(search, 'response_mode');
  if (responseMode !== undefined && responseMode !== 'query') {
    return wrong('Only response_mode=query is supported.');
  }
  return client.grantTypes.includes('authorization_code')
    ? ok(undefined)
    : refuse('unauthorized_client', 'client not registered for authorization_code');
}

/** Whether no page may be shown, of the prompts of OpenID Connect; each but `none` is met anyway, as every journey logs in and asks anew. */
function parsePrompt(search: URLSearchParams): Result<boolean> {
  const prompts = (parameterOf(search, 'prompt') ?? '').split(' ').filter((prompt) => prompt !== '');
  if (prompts.includes('none') && prompts.length > 1) {
    return wrong('prompt=none stands alone.');
  }
  const maxAge = parameterOf(search, 'max_age');
  if (maxAge !== undefined && !/^\d{1,10}$/.test(maxAge)) {
    return wrong('max_age is not a number of seconds.');
  }
  return ok(prompts.includes('none'));
}

function parseChallenge(search: URLSearchParams): Result<string | undefined> {
  const challenge = parameterOf(search, 'code_challenge');
  const method = parameterOf(search, 'code_challenge_method');
  if (challenge === undefined && method === undefined) return ok(undefined);
  if (challenge === undefined) {
    return wrong('code_challenge_method was sent without code_challenge.');
  }
  // A method left out means plain (RFC 7636 section 4.3), which proves nothing to whoever saw the request.
  if (method !== 'S256') return wrong('code_challenge_method must be S256.');
  return CODE_CHALLENGE.test(challenge)
    ? ok(challenge)
    : wrong('code_challenge must be 43 to 128 unreserved characters.');
}

function parseRequestedClaims(search: URLSearchParams): Result<RequestedClaims> {
  const claims = parameterOf(search, 'claims');
  return claims === undefined ? ok({ consentIds: [] }) : parseClaims(claims);
}

/** An essential `acr` that the id_token will not have counts as a failed authentication. OIDC Core section 5.5.1.1. */
function checkDemandedAcr(
  { demandedAcr }: RequestedClaims,
  consent: NamedConsent | undefined,
  scopes: readonly string[],
): Check {
  if (demandedAcr === undefined || !scopes.includes('openid')) return ok(undefined);
  return consent !== undefined && demandedAcr.includes(STRONG_AUTHENTICATION)
    ? ok(undefined)
    : refuseOpenly('access_denied', 'The acr demanded cannot be given.');
}

interface NamedConsent {
  readonly consentId: string;
  readonly type: ConsentType;
}

/** The one consent a request names, in however many places. */
function parseConsent(search: URLSearchParams, claims: RequestedClaims): Result<NamedConsent | undefined> {
  const parameter = parameterOf(search, 'consent_id');
  const [consentId, ...others] = new Set([
    ...(parameter === undefined ? [] : [parameter]),
    ...claims.consentIds,
  ]);
  if (consentId === undefined) return ok(undefined);
  if (others.length > 0) {
    return wrong('consent_id and claims name different consents.');
  }
  const address = parseConsentId(consentId);
  return address === undefined
    ? wrong('The consent is not known or cannot be authorized.')
    : ok({ consentId, type: address.type });
}

function wrongScope(message: string): Refused {
  return refuseOpenly('invalid_scope', message);
}

/** Scopes to ask for: those sent, or what the consent's type opens and `openid`; each registered and fitting. */
function parseScopes(
  requested: string | undefined,
  client: Client,
  type: ConsentType | undefined,
): Result<readonly string[]> {
  const opened: readonly string[] = type === undefined ? [] : SCOPES_OF_CONSENT_TYPE[type];
  if (requested === undefined) {
    const scopes = ['openid', ...opened].filter((scope) => client.scopes.includes(scope));
    return scopes.some((scope) => opened.includes(scope))
      ? ok(scopes)
      : wrongScope('scope is missing, and there is nothing to use in its place.');
  }
  const scopes = [...new Set(requested.split(' ').filter((scope) => scope !== ''))];
  const fitting = new Set(['openid', 'offline_access', ...opened]);
  if (scopes.length === 0) return wrongScope('scope is empty.');
  if (!scopes.every((scope) => client.scopes.includes(scope))) {
    return wrongScope('A scope is not one this client is registered for.');
  }
  if (!scopes.every((scope) => fitting.has(scope))) {
    return wrongScope('A scope does not fit the consent, or needs one that is not named.');
  }
  return type !== undefined || scopes.includes('openid')
    ? ok(scopes)
    : wrongScope('Without a consent the scope openid is needed.');
}

type Details = Omit<ParsedRequest, 'clientId' | 'redirectUri' | 'state'>;

function parseDetails(search: URLSearchParams, client: Client): Result<Details> {
  for (const check of [checkForm(search), checkResponse(search, client)]) if (!check.ok) return check;
  const silent = parsePrompt(search);
  if (!silent.ok) return silent;
  const challenge = parseChallenge(search);
  if (!challenge.ok) return challenge;
  const claims = parseRequestedClaims(search);
  if (!claims.ok) return claims;
  const consent = parseConsent(search, claims.value);
  if (!consent.ok) return consent;
  const scopes = parseScopes(parameterOf(search, 'scope'), client, consent.value?.type);
  if (!scopes.ok) return scopes;
  const acr = checkDemandedAcr(claims.value, consent.value, scopes.value);
  if (!acr.ok) return acr;
  return ok({
    silent: silent.value,
    scopes: scopes.value,
    nonce: parameterOf(search, 'nonce'),
    codeChallenge: challenge.value,
    consentId: consent.value?.consentId,
    subject: claims.value.subject,
    idTokenHint: parameterOf(search, 'id_token_hint'),
  });
}

/** Where this request may be answered: its redirect URI must be the client's own, compared exactly. */
function parseReturnAddress(search: URLSearchParams, client: Client): Result<ReturnAddress> {
  const redirectUri = parameterOf(search, 'redirect_uri');
  if (redirectUri === undefined) return wrong('redirect_uri is missing.');
  if (!client.redirectUris.includes(redirectUri)) {
    return wrong('redirect_uri is not one this client is registered for.');
  }
  // Sent twice, no state is the client's; too long, the answer would not arrive with it.
  const state = search.getAll('state').length === 1 ? parameterOf(search, 'state') : undefined;
  return ok({ redirectUri, state: encodedLength(state ?? '') <= STATE_LIMIT ? state : undefined });
}

/**
 * Checks the parameters of a request against the client they name; parameters we do not know are ignored. Whether the
 * consent exists and awaits its customer is not asked here. Refuses on a page while the redirect URI is in doubt, else
 * to the client, with `invalid_request`, `invalid_scope`, `unsupported_response_type`, `request_not_supported`,
 * `unauthorized_client` or `access_denied`.
 */
export function parseAuthorizationRequest(
  search: URLSearchParams,
  client: Client,
): Success<ParsedRequest> | RefusedRequest {
  const target = parseRequestTarget(search);
  const address = target.ok ? parseReturnAddress(search, client) : target;
  if (!address.ok) return address;
  const details = parseDetails(search, client);
  return details.ok
    ? ok({ clientId: client.clientId, ...address.value, ...details.value })
    : { ...details, address: address.value };
}
