/** The sandbox directory issues a software statement. D1: none. Objects: none on a warm isolate. */
import { sandboxDirectoryIssuer } from '#clients/directory.ts';
import { type KeySet, parseKeySet } from '#clients/key-set.ts';
import type { Organisation } from '#clients/organisation.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';
import { outage } from '#edge/outage.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { newSecret, newUuid } from '#kernel/ids.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';
import { cleanName } from '#kernel/text.ts';
import { HOUR_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';
import type { SoftwareStatementRequest } from '#sandbox/software-statement.schema.ts';

/** Letters and digits of a software id. Source: UK Open Banking directory, `^[0-9a-zA-Z]{1,22}$`. */
const SOFTWARE_ID_LENGTH = 22;

function newSoftwareId(): string {
  return `${newSecret()}${newSecret()}`.replace(/[^0-9A-Za-z]/g, '').slice(0, SOFTWARE_ID_LENGTH);
}

function faultsOf(
  scope: Scope,
  request: SoftwareStatementRequest,
  keys: Result<KeySet> | undefined,
): readonly FieldError[] {
  const faults: FieldError[] = [];
  const invalid = (field: string, message: string) => faults.push({ field, code: 'invalid', message });
  const { software_redirect_uris: uris, software_jwks_endpoint: endpoint } = request;
  for (const [index, uri] of uris.entries()) {
    const message = faultOfRedirectUri(uri, true);
    if (message !== undefined) invalid(`software_redirect_uris.${index}`, message);
  }
  if (keys !== undefined && endpoint !== undefined) {
    invalid('software_jwks_endpoint', 'cannot stand beside software_jwks');
  }
  if (endpoint !== undefined && !checkOutboundUrl(endpoint, scope).ok) {
    invalid('software_jwks_endpoint', 'is not an https URL of a public host');
  }
  if (keys?.ok === false) {
    invalid('software_jwks', keys.refusal.message ?? 'is not acceptable');
  }
  return faults;
}

/** Changes the last but one character, all of whose bits count. */
function spoilSignature(token: string): string {
  return token.replace(/.(?=.$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
}

/**
 * A statement for software of the organisation, defective where asked. Refuses with `invalid_request` naming the
 * members.
 */
export async function mintStatement(
  scope: Scope,
  organisation: Organisation,
  request: SoftwareStatementRequest,
): Promise<Result<string>> {
  const keys = request.software_jwks === undefined ? undefined : parseKeySet(request.software_jwks);
  const faults = faultsOf(scope, request, keys);
  if (faults.length > 0) {
    const names = [...new Set(faults.map(({ field }) => field))].join(', ');
    return refuse('invalid_request', 'members of the statement', {
      message: `Check these members: ${names}.`,
      errors: faults,
    });
  }
  const { directory } = await signingKeys(scope);
  if (directory === undefined) throw outage('the sandbox directory has no key');
  const { now, settings } = scope;
  const issuer = sandboxDirectoryIssuer(settings.issuer);
  const { defect } = request;
  const token = await directory.sign(
    {
      iss: defect === 'wrong_issuer' ? `${issuer}/untrusted` : issuer,
      iat: defect === 'expired' ? now - HOUR_SECONDS : now,
      ...(defect === 'expired' ? { exp: now - MINUTE_SECONDS } : {}),
      jti: newUuid(),
      org_id: organisation.orgId,
      org_name: organisation.name,
      software_id: request.software_id ?? newSoftwareId(),
      software_client_name: cleanName(request.software_client_name ?? '') || organisation.name,
      software_roles: [...new Set(request.software_roles)],
      software_redirect_uris: request.software_redirect_uris,
      software_jwks: keys?.ok === true ? keys.value : undefined,
      software_jwks_endpoint: request.software_jwks_endpoint,
    },
    { typ: 'JWT' },
  );
  return ok(defect === 'bad_signature' ? spoilSignature(token) : token);
}
