/** The scope of a token at each issue: requested, within the client's present scopes, within what the grant opens. */
import { type Client, SCOPES_OF_CONSENT_TYPE } from '#clients/client.ts';
import { parseConsentId } from '#kernel/consent-id.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

/** Every client has it whether it registered it or not: without it no consent could be made. */
const CONSENTS_SCOPE = 'consents';
/** They speak of a customer, whom client credentials have none of. */
const CUSTOMER_SCOPES: readonly string[] = ['openid', 'offline_access'];

// RFC 6749 section 3.3: scope-token.
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** The values of a `scope` parameter, each once, in their order. Refuses with `invalid_scope`. */
function parseScope(text: string): Result<readonly string[]> {
  return SCOPE.test(text)
    ? ok([...new Set(text.split(' '))])
    : refuseOpenly('invalid_scope', 'The scope parameter is malformed.');
}

/** What was asked for of what is allowed, all of it when nothing was. Refuses more than is allowed, and nothing at all. */
function within(allowed: readonly string[], requested: string | undefined): Result<readonly string[]> {
  const parsed = requested === undefined ? ok(allowed) : parseScope(requested);
  if (!parsed.ok) return parsed;
  if (parsed.value.length === 0) return refuse('invalid_scope', 'no scope is left to this grant');
  return parsed.value.every((value) => allowed.includes(value))
    ? parsed
    : refuse('invalid_scope', 'scope beyond the client or its grant');
}

/** Client credentials: `consents` and the registered scopes of the software's roles. */
export function scopeOfClient(
  { scopes }: Pick<Client, 'scopes'>,
  requested: string | undefined,
): Result<readonly string[]> {
  const own = scopes.filter((value) => value !== CONSENTS_SCOPE && !CUSTOMER_SCOPES.includes(value));
  return within([CONSENTS_SCOPE, ...own], requested);
}

export interface GrantedScope {
  /** What the customer's grant holds. */
  readonly granted: readonly string[];
  /** Absent for an identity-only grant. */
  readonly consentId?: string | undefined;
}

/** What a consent's type opens; an identity-only grant opens nothing of the bank. */
function openedBy(consentId: string | undefined): readonly string[] {
  const type = consentId === undefined ? undefined : parseConsentId(consentId)?.type;
  return type === undefined ? CUSTOMER_SCOPES : [...CUSTOMER_SCOPES, ...SCOPES_OF_CONSENT_TYPE[type]];
}

/** A customer's grant; `requested` may narrow it (RFC 6749 section 6). */
export function scopeOfGrant(
  { scopes }: Pick<Client, 'scopes'>,
  { granted, consentId }: GrantedScope,
  requested: string | undefined,
): Result<readonly string[]> {
  const opened = openedBy(consentId);
  return within(
    granted.filter((value) => scopes.includes(value) && opened.includes(value)),
    requested,
  );
}
