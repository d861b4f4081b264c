/** What a developer says of an application in the forms of the dashboard, and what is wrong with it. */
import { type PublicJwk, ROLES, type Role } from '#clients/client.ts';
import { assertionAlgorithmOf, parseKeySet } from '#clients/key-set.ts';
import { faultOfRedirectUri } from '#clients/redirect-uri.ts';
import type { Environment } from '#edge/settings.ts';
import { cleanName } from '#kernel/text.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

/** What the application is called, where customers come back to, and what it does. */
export interface SoftwareAnswers {
  readonly name: string;
  readonly logoUri?: string;
  readonly redirectUris: readonly string[];
  /** Empty in production, where the software statement says them. */
  readonly roles: readonly Role[];
}

/** Where the application's keys are; `statement`: only the software statement names them. */
export type KeyAnswers =
  | { readonly by: 'value'; readonly jwks: { readonly keys: readonly PublicJwk[] } }
  | { readonly by: 'reference'; readonly jwksUri: string }
  | { readonly by: 'statement' };

/** What is wrong with one field of a form, in words that name it. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Answers of a form, or what is wrong with each field. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** A form's fields, by name; empty ones are absent. */
export type Fields = ReadonlyMap<string, string>;

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
  const problem = (message: string) => ({ field: 'redirect_uris', message });
  if (uris.length === 0) return [problem('Name at least one redirect URI.')];
  if (uris.length > REDIRECT_URIS_MAXIMUM) {
    return [problem(`Name at most ${REDIRECT_URIS_MAXIMUM} redirect URIs.`)];
  }
  return uris.flatMap((uri, index) => {
    const fault = faultOfRedirectUri(uri, environment === 'sandbox');
    return fault === undefined ? [] : [problem(`Redirect URI ${index + 1} ${fault}.`)];
  });
}

function problemOfLogo(uri: string | undefined): FieldProblem | undefined {
  if (uri === undefined) return undefined;
  const isAddress = uri.length <= URI_LENGTH_MAXIMUM && /^https:\/\/[^\s/?#]+(?:[/?#][!-~]*)?$/.test(uri);
  return isAddress && URL.canParse(uri)
    ? undefined
    : {
        field: 'logo_uri',
        message: 'The logo’s address must begin with https:// and be at most 2000 characters.',
      };
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
  fields: Fields,
  { environment, withRoles, registeredLogo }: SoftwareForm,
): Answered<SoftwareAnswers> {
  const name = cleanName(fields.get('name') ?? '', nameMaximum(withRoles));
  const logoUri = fields.get('logo_uri')?.trim() || undefined;
  const redirectUris = [...new Set(linesOf(fields.get('redirect_uris') ?? ''))];
  const roles = withRoles ? ROLES.filter((role) => fields.has(`role_${role}`)) : [];
  const logo = logoUri === registeredLogo ? undefined : problemOfLogo(logoUri);
  const problems = [
    ...(name === '' ? [{ field: 'name', message: 'Give the application a name.' }] : []),
    ...(logo === undefined ? [] : [logo]),
    ...problemsOfUris(redirectUris, environment),
    ...(withRoles && roles.length === 0 ? [{ field: 'roles', message: 'Choose at least one role.' }] : []),
  ];
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { name, redirectUris, roles, ...(logoUri === undefined ? {} : { logoUri }) } };
}

/** Whether a text shows a private key, which nobody ought to have sent: it is neither kept nor shown again. */
export function showsPrivateKey(text: string): boolean {
  return /PRIVATE KEY-----|"(?:d|p|q|dp|dq|qi|oth|k)"\s*:/.test(text);
}

const PRIVATE_KEY_SENT =
  'This holds a private key. We kept nothing of it, but it has left your machine: make a new key, and paste only its public half.';

function problemOfText(text: string): string | undefined {
  if (showsPrivateKey(text)) return PRIVATE_KEY_SENT;
  if (text.length > KEY_SET_LENGTH_MAXIMUM) return 'A key set must be at most 32,000 characters.';
  return text.includes('-----BEGIN') ? 'This is a PEM text. Paste the keys as a JWK set (JSON).' : undefined;
}

/** Whether software with these keys can authenticate itself. */
export function canProve(keys: readonly PublicJwk[]): boolean {
  return keys.some((key) => assertionAlgorithmOf(key) !== undefined);
}

/** A key set as pasted: a JWK set, or one JWK by itself. */
function parsePasted(text: string, field: string): Answered<KeyAnswers> {
  const refused = (message: string) => ({ ok: false, problems: [{ field, message }] }) as const;
  const problem = problemOfText(text);
  if (problem !== undefined) return refused(problem);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('This is not well-formed JSON.');
  }
  const isOneKey = typeof value === 'object' && value !== null && Object.hasOwn(value, 'kty');
  const set = parseKeySet(isOneKey ? { keys: [value] } : value);
  if (!set.ok) return refused(set.refusal.message ?? 'This is not a key set.');
  return canProve(set.value.keys)
    ? { ok: true, value: { by: 'value', jwks: set.value } }
    : refused(
        'With none of these keys could your software prove itself: one has to be for signatures (use sig), and its alg ES256, PS256 or EdDSA. Both may be left out.',
      );
}

/**
 * Step 2: the keys. `isFetchable` says whether we may fetch keys from an address. Without scripts the choice says nothing: then what was
 * filled in counts.
 */
export function parseKeys(fields: Fields, isFetchable: (url: string) => boolean): Answered<KeyAnswers> {
  const generated = fields.get('generated_jwks');
  const pasted = fields.get('jwks')?.trim() || undefined;
  const jwksUri = fields.get('jwks_uri')?.trim() || undefined;
  const source = fields.get('key_source') ?? 'generated';
  if (source === 'statement') return { ok: true, value: { by: 'statement' } };
  if (source === 'generated' && generated !== undefined) return parsePasted(generated, 'generate');
  const isPasted = source === 'jwks' || (source === 'generated' && pasted !== undefined);
  if (isPasted) {
    return pasted === undefined
      ? { ok: false, problems: [{ field: 'jwks', message: 'Paste your public keys.' }] }
      : parsePasted(pasted, 'jwks');
  }
  if (source !== 'jwks_uri' && jwksUri === undefined) {
    return {
      ok: false,
      problems: [{ field: 'generate', message: 'Generate a key pair first, or bring keys of your own.' }],
    };
  }
  return jwksUri !== undefined && isFetchable(jwksUri)
    ? { ok: true, value: { by: 'reference', jwksUri } }
    : {
        ok: false,
        problems: [{ field: 'jwks_uri', message: 'Name an https address of a public host, on port 443.' }],
      };
}
