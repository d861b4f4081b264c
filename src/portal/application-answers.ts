/** What a developer says of an application in the forms of the dashboard, and what is wrong with it. */
import { type PublicJwk, ROLES, type Role } from '#clients/client.ts';
import { assertionAlgorithmOf, parseKeySet } from '#clients/key-set.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';
import type { Environment } from '#edge/settings.ts';
import { cleanName } from '#kernel/text.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';
import { type Answered, type FieldOf, type FieldProblem, problemIf } from '#portal/answered.ts';

/** What the application is called, where customers come back to, and what it does. */
export interface SoftwareAnswers {
  readonly name: string;
  readonly logoUri: string | undefined;
  readonly redirectUris: readonly string[];
  /** Empty in production, where the software statement says them. */
  readonly roles: readonly Role[];
}

/** Where the application's keys are; `statement`: only the software statement names them. */
export type KeyAnswers =
  | { readonly by: 'value'; readonly jwks: { readonly keys: readonly PublicJwk[] } }
  | { readonly by: 'reference'; readonly jwksUri: string }
  | { readonly by: 'statement' };

/** As many as a software statement may name. */
const REDIRECT_URIS_MAXIMUM = 20;
/** Characters of a pasted key set: 20 RSA keys of 4096 bits. */
const KEY_SET_LENGTH_MAXIMUM = 32_000;

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function problemsOfUris(uris: readonly string[], environment: Environment): readonly FieldProblem[] {
  const count = `Name at least one and at most ${REDIRECT_URIS_MAXIMUM} redirect URIs.`;
  if (uris.length === 0 || uris.length > REDIRECT_URIS_MAXIMUM)
    return problemIf(true, 'redirect_uris', count);
  return uris.flatMap((uri, index) => {
    const fault = faultOfRedirectUri(uri, environment === 'sandbox');
    return problemIf(fault !== undefined, 'redirect_uris', `Redirect URI ${index + 1} ${fault}.`);
  });
}

function isLogo(uri: string): boolean {
  return (
    uri.length <= URI_LENGTH_MAXIMUM && /^https:\/\/[^\s/?#]+(?:[/?#][!-~]*)?$/.test(uri) && URL.canParse(uri)
  );
}

/** Characters: of software's name, which the sandbox directory certifies, or of a client's own. */
export function nameMaximum(isCertified: boolean): number {
  return isCertified ? 100 : 200;
}

/** What the questions of step 1 depend on. */
export interface SoftwareForm {
  readonly environment: Environment;
  /** Whether the sandbox directory certifies the roles that are chosen here. */
  readonly withRoles: boolean;
  /** What is registered already may stay, as `POST /register` takes a logo by http too. */
  readonly registeredLogo?: unknown;
}

/** Step 1: name, logo, redirect URIs and, where they are asked for, roles. */
export function parseSoftware(
  field: FieldOf,
  { environment, withRoles, registeredLogo }: SoftwareForm,
): Answered<SoftwareAnswers> {
  const name = cleanName(field('name'), nameMaximum(withRoles));
  const logoUri = field('logo_uri').trim() || undefined;
  const redirectUris = [...new Set(linesOf(field('redirect_uris')))];
  const roles = withRoles ? ROLES.filter((role) => field(`role_${role}`) !== '') : [];
  const isFitLogo = logoUri === undefined || logoUri === registeredLogo || isLogo(logoUri);
  const problems = [
    ...problemIf(name === '', 'name', 'Give the application a name.'),
    ...problemIf(
      !isFitLogo,
      'logo_uri',
      `The logo’s address must begin with https:// and be at most ${URI_LENGTH_MAXIMUM} characters.`,
    ),
    ...problemsOfUris(redirectUris, environment),
    ...problemIf(withRoles && roles.length === 0, 'roles', 'Choose at least one role.'),
  ];
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { name, logoUri, redirectUris, roles } };
}

/** Whether a text shows a private key, which nobody ought to have sent: it is neither kept nor shown again. */
export function showsPrivateKey(text: string): boolean {
  return /PRIVATE KEY-----|"(?:d|p|q|dp|dq|qi|oth|k)"\s*:/.test(text);
}

const NO_PROOF =
  'None of the keys can prove your software: one has to be for signatures, by ES256, PS256 or EdDSA (members use and alg).';

/** The problem of keys with which software could not authenticate itself. */
export function problemsOfProof(keys: readonly PublicJwk[], field: string): readonly FieldProblem[] {
  return problemIf(!keys.some((key) => assertionAlgorithmOf(key) !== undefined), field, NO_PROOF);
}

function wrong(field: string, message: string): Answered<never> {
  return { ok: false, problems: [{ field, message }] };
}

/** A key set as pasted: a JWK set, or one JWK by itself. */
function parsePasted(text: string, field: string): Answered<KeyAnswers> {
  if (showsPrivateKey(text)) {
    return wrong(
      field,
      'This holds a private key. We kept nothing of it, but it has left your machine: make a new key, and paste only its public half.',
    );
  }
  if (text.length > KEY_SET_LENGTH_MAXIMUM)
    return wrong(field, 'A key set must be at most 32,000 characters.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong(field, 'This is no JSON. Paste the keys as a JWK set.');
  }
  const isOneKey = typeof value === 'object' && value !== null && Object.hasOwn(value, 'kty');
  const set = parseKeySet(isOneKey ? { keys: [value] } : value);
  if (!set.ok) return wrong(field, set.refusal.message ?? 'This is not a key set.');
  const problems = problemsOfProof(set.value.keys, field);
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { by: 'value', jwks: set.value } };
}

/**
 * Step 2: the keys. `isFetchable` says whether we may fetch keys from an address. Without scripts the choice says nothing: then what was
 * filled in counts.
 */
export function parseKeys(field: FieldOf, isFetchable: (url: string) => boolean): Answered<KeyAnswers> {
  const generated = field('generated_jwks');
  const pasted = field('jwks').trim();
  const jwksUri = field('jwks_uri').trim();
  const source = field('key_source') || 'generated';
  const isMeant = (name: string, text: string) => source === name || (source === 'generated' && text !== '');
  if (source === 'statement') return { ok: true, value: { by: 'statement' } };
  if (source === 'generated' && generated !== '') return parsePasted(generated, 'generate');
  if (isMeant('jwks', pasted)) {
    return pasted === '' ? wrong('jwks', 'Paste your public keys.') : parsePasted(pasted, 'jwks');
  }
  if (!isMeant('jwks_uri', jwksUri)) {
    return wrong('generate', 'Generate a key pair first, or bring keys of your own.');
  }
  return isFetchable(jwksUri)
    ? { ok: true, value: { by: 'reference', jwksUri } }
    : wrong('jwks_uri', 'Name an https address of a public host, on port 443.');
}
