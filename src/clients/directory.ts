/** Directories certify TPPs' software. One reading of their statements, many directories, each of them data. */
import { CLIENT_ALGORITHMS, type ClientAlgorithm, type ClientKeys, ROLES } from '#clients/client.ts';
import { parseKeySet } from '#clients/key-set.ts';
import { isAhead } from '#clients/signed-jwt.ts';
import type { Statement, StatementKeys } from '#clients/statement.ts';
import type { DirectorySettings, Settings } from '#edge/settings.ts';
import { ok, type Refused, type Result, refuseOpenly } from '#kernel/result.ts';
import { cleanName, isPrintableAscii } from '#kernel/text.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

/**
 * What organisations and software of the sandbox's own directory are kept under. Its issuer follows the deployment's
 * address, which may change; the directory stays the same.
 */
export const SANDBOX_DIRECTORY_KEY = 'sandbox-directory';

/** Keys configured by value may be of any kind: those of no use are never tried. */
export type DirectoryKeys =
  | { readonly by: 'value'; readonly jwks: { readonly keys: readonly object[] } }
  | Extract<ClientKeys, { by: 'reference' }>;

export interface Directory {
  /** `iss` of its statements. */
  readonly issuer: string;
  /** What its organisations and software are kept under: its issuer, but for the sandbox's own. */
  readonly key: string;
  readonly algorithms: readonly string[];
  /** Where its keys are; the sandbox directory's are this server's own. */
  readonly keys: DirectoryKeys | 'sandbox';
  readonly maximumAgeSeconds: number;
  /** Claim names, ours -> theirs, where they differ. */
  readonly claims: Readonly<Record<string, string>>;
}

/** The sandbox directory's issuer. */
export function sandboxDirectoryIssuer(issuer: string): string {
  return `${issuer}/sandbox/directory`;
}

function configured({ issuer, jwks, jwksUri, ...directory }: DirectorySettings): Directory {
  return {
    ...directory,
    issuer,
    key: issuer,
    keys: jwks === undefined ? { by: 'reference', jwksUri: jwksUri ?? '' } : { by: 'value', jwks },
  };
}

/** The directories whose statements this environment takes, as configured; the sandbox's own among them. */
export function directoriesOf(settings: Settings): readonly Directory[] {
  const trusted = settings.trustedDirectories.map(configured);
  if (settings.environment !== 'sandbox') return trusted;
  const own: Directory = {
    issuer: sandboxDirectoryIssuer(settings.issuer),
    key: SANDBOX_DIRECTORY_KEY,
    algorithms: ['ES256'],
    keys: 'sandbox',
    maximumAgeSeconds: 365 * DAY_SECONDS,
    claims: {},
  };
  return [own, ...trusted];
}

/** The directory that an `iss` names, of those. */
export function directoryOf(settings: Settings, issuer: string): Directory | undefined {
  return directoriesOf(settings).find((directory) => directory.issuer === issuer);
}

/** A statement issued by a clock this far ahead of ours is taken. Source: interface section 2. */
const AHEAD_SECONDS = MINUTE_SECONDS;
const ID_LENGTH_MAXIMUM = 100;
const STATEMENT_ID_LENGTH_MAXIMUM = 200;
const REDIRECT_URIS_MAXIMUM = 100;

/** Registration members that may stand in a statement under their own names. Source: RFC 7591 sections 2 and 3.1.1. */
const CERTIFIABLE_MEMBERS: ReadonlySet<string> = new Set([
  'redirect_uris',
  'token_endpoint_auth_method',
  'grant_types',
  'response_types',
  'client_name',
  'client_uri',
  'logo_uri',
  'scope',
  'contacts',
  'tos_uri',
  'policy_uri',
  'software_version',
]);

/** The refusal of a software statement that is not one this bank can read. */
export function refuseStatement(message: string): Refused {
  return refuseOpenly('invalid_software_statement', message);
}

/** When the statement holds: `iat`, `exp` and `nbf`, in epoch seconds. */
export function checkStatementTimes(
  { maximumAgeSeconds }: Directory,
  { iat, exp, nbf }: Readonly<Record<string, unknown>>,
  now: number,
): Result<void> {
  if (!Number.isFinite(iat) || (exp !== undefined && !Number.isFinite(exp))) {
    return refuseStatement('The software statement needs iat, and exp as a number.');
  }
  if (isAhead(iat, now, AHEAD_SECONDS) || isAhead(nbf, now, AHEAD_SECONDS)) {
    return refuseStatement('The software statement was issued in the future.');
  }
  if (exp !== undefined && Number(exp) <= now) {
    return refuseOpenly('unapproved_software_statement', 'The software statement has expired.');
  }
  return now - Number(iat) > maximumAgeSeconds
    ? refuseOpenly('unapproved_software_statement', 'The software statement is too old.')
    : ok(undefined);
}

/** Empty where a value is no such text. */
function textOf(value: unknown, maximum: number): string {
  return typeof value === 'string' && value.length <= maximum && isPrintableAscii(value) ? value : '';
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? cleanName(value) : '';
}

function areUris(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= REDIRECT_URIS_MAXIMUM &&
    value.every((entry) => textOf(entry, URI_LENGTH_MAXIMUM) !== '')
  );
}

function keysOf(jwks: unknown, endpoint: unknown): Result<StatementKeys | undefined> {
  if (jwks !== undefined) {
    const checked = parseKeySet(jwks);
    return checked.ok
      ? ok({ by: 'value', jwks: checked.value })
      : refuseStatement(`software_jwks: ${checked.refusal.message ?? ''}`);
  }
  if (endpoint === '') return ok(undefined);
  const jwksUri = textOf(endpoint, URI_LENGTH_MAXIMUM);
  return jwksUri === ''
    ? refuseStatement('software_jwks_endpoint of the statement is not a URL.')
    : ok({ by: 'reference', jwksUri });
}

/**
 * Reads the claims of a statement whose signature and times were checked. Refuses with `invalid_software_statement`.
 * Unknown roles are ignored, so that a directory may certify more than this bank offers.
 */
export function readStatement(
  directory: Directory,
  claims: Readonly<Record<string, unknown>>,
): Result<Statement> {
  const claim = (name: string) => claims[directory.claims[name] ?? name];
  const statementId = textOf(claim('jti'), STATEMENT_ID_LENGTH_MAXIMUM);
  const orgId = textOf(claim('org_id'), ID_LENGTH_MAXIMUM);
  const softwareId = textOf(claim('software_id'), ID_LENGTH_MAXIMUM);
  const organisationName = nameOf(claim('org_name'));
  const softwareName = nameOf(claim('software_client_name'));
  const redirectUris = claim('software_redirect_uris');
  const roles = claim('software_roles');
  if (
    [statementId, orgId, softwareId, organisationName, softwareName].includes('') ||
    !areUris(redirectUris) ||
    !Array.isArray(roles)
  ) {
    return refuseStatement(
      'The software statement needs jti, org_id, org_name, software_id, software_client_name, software_redirect_uris and software_roles.',
    );
  }
  const keys = keysOf(claim('software_jwks') ?? undefined, claim('software_jwks_endpoint') ?? '');
  if (!keys.ok) return keys;
  const bounds = new Set(Object.values(directory.claims));
  return ok({
    statementId,
    software: { directoryIssuer: directory.key, orgId, softwareId },
    organisationName,
    softwareName,
    roles: ROLES.filter((role) => roles.includes(role)),
    redirectUris,
    keys: keys.value,
    metadata: Object.fromEntries(
      Object.entries(claims).filter(([name]) => CERTIFIABLE_MEMBERS.has(name) && !bounds.has(name)),
    ),
  });
}

/** The algorithms that count for a directory's signatures: its own, of those this bank takes at all. */
export function algorithmsOf({ algorithms }: Directory): readonly ClientAlgorithm[] {
  return CLIENT_ALGORITHMS.filter((name) => algorithms.includes(name));
}
