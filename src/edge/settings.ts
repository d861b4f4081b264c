/** The deployment's configuration, parsed once into values that cannot be wrong. Limits are counts, windows 60 s. */
import { fromBase64Url } from '#kernel/encoding.ts';
import type { Result } from '#kernel/result.ts';
import { ok, refuse } from '#kernel/result.ts';

export type Environment = 'sandbox' | 'production';

/** A directory whose software statements this bank trusts, as configured. */
export interface DirectorySettings {
  readonly issuer: string;
  /** Where its keys are: an https URL, or the set itself. */
  readonly jwksUri?: string;
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] };
  readonly algorithms: readonly string[];
  /** A software statement older than this (by `iat`) is refused. */
  readonly maximumAgeSeconds: number;
  /** Claim names where the directory departs from the UK ones, ours -> theirs. */
  readonly claims: Readonly<Record<string, string>>;
}

export interface Settings {
  readonly environment: Environment;
  /** Makes all absolute URLs; no trailing slash. */
  readonly issuer: string;
  /** Whether this is a sandbox whose issuer is at a loopback host; a request is local only if its own host is one too. */
  readonly issuerIsLoopback: boolean;
  readonly rateLimitPerMinute: number;
  readonly trustedDirectories: readonly DirectorySettings[];
  readonly developerHost: string | undefined;
  readonly liveClientsPerSoftware: number;
  readonly liveClientsPerOrganisation: number;
  readonly consentsPerClientAndDay: number;
  readonly liveRequestUrisPerClient: number;
  readonly bodyLimitBytes: number;
  /** 256 bits, base64url, under which private keys are kept; demanded in production. Never logged. */
  readonly keyWrappingSecret: string | undefined;
}

/** Largest request body, in bytes, unless configured. */
const BODY_LIMIT_BYTES = 65_536;
/** Greatest age of a software statement unless configured: directories re-issue them when the software changes. */
const DIRECTORY_AGE_SECONDS = 31_536_000;
/** Signature algorithms a directory may use. Source: FAPI 2.0 section 5.4. */
const DIRECTORY_ALGORITHMS = ['PS256', 'ES256', 'EdDSA'];
/** Requests a minute and client unless configured, as the published guide promises. */
const DEFAULT_RATE = { sandbox: 100, production: 1000 } as const;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK_HOSTS.has(hostname);
}

type CountName =
  | 'RATE_LIMIT_PER_MINUTE'
  | 'LIVE_CLIENTS_PER_SOFTWARE'
  | 'LIVE_CLIENTS_PER_ORGANISATION'
  | 'CONSENTS_PER_CLIENT_AND_DAY'
  | 'LIVE_REQUEST_URIS_PER_CLIENT'
  | 'BODY_LIMIT_BYTES';

function wrong(name: string, why: string): Result<never> {
  return refuse('service_unavailable', `setting ${name}: ${why}`, { retryAfterSeconds: 60 });
}

function parseCount(name: string, value: unknown, otherwise: number): Result<number> {
  if (value === undefined || value === '') return ok(otherwise);
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? ok(count) : wrong(name, 'is not a positive whole number');
}

function parseIssuer(value: unknown, environment: Environment): Result<URL> {
  if (typeof value !== 'string' || !URL.canParse(value)) return wrong('ISSUER', 'is not an absolute URL');
  const url = new URL(value);
  if (`${url.origin}/` !== url.href) {
    return wrong('ISSUER', 'must be an origin without path, query, fragment or user info');
  }
  if (url.protocol === 'https:') return ok(url);
  if (url.protocol === 'http:' && environment === 'sandbox' && isLoopbackHost(url.hostname)) return ok(url);
  return wrong('ISSUER', 'must be https (http only for a local sandbox)');
}

function parseWrappingSecret(value: unknown, environment: Environment): Result<string | undefined> {
  if (value === undefined || value === '') {
    return environment === 'production' ? wrong('KEY_WRAPPING_SECRET', 'is missing') : ok(undefined);
  }
  return typeof value === 'string' && fromBase64Url(value)?.byteLength === 32
    ? ok(value)
    : wrong('KEY_WRAPPING_SECRET', 'is not 32 bytes in base64url');
}

function isListOf(value: unknown, words: readonly string[]): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => words.includes(word as string));
}

function parseDirectory(entry: unknown): DirectorySettings | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { issuer, jwks_uri, jwks, algorithms, maximum_age_seconds, claims } = entry as Record<
    string,
    unknown
  >;
  if (typeof issuer !== 'string' || issuer === '') return undefined;
  if (!isListOf(algorithms, DIRECTORY_ALGORITHMS)) return undefined;
  const hasUri = typeof jwks_uri === 'string' && jwks_uri.startsWith('https://') && URL.canParse(jwks_uri);
  const keys = (jwks as { keys?: unknown } | undefined)?.keys;
  if (!hasUri && !Array.isArray(keys)) return undefined;
  const age = maximum_age_seconds === undefined ? DIRECTORY_AGE_SECONDS : Number(maximum_age_seconds);
  if (!Number.isSafeInteger(age) || age <= 0) return undefined;
  const names = claims === undefined ? {} : claims;
  if (typeof names !== 'object' || names === null) return undefined;
  if (!Object.values(names).every((name) => typeof name === 'string')) return undefined;
  return {
    issuer,
    ...(hasUri ? { jwksUri: jwks_uri } : {}),
    ...(Array.isArray(keys) ? { jwks: { keys: keys as Record<string, unknown>[] } } : {}),
    algorithms,
    maximumAgeSeconds: age,
    claims: names as Record<string, string>,
  };
}

function parseDirectories(value: unknown): Result<readonly DirectorySettings[]> {
  if (value === undefined || value === '') return ok([]);
  let entries: unknown;
  try {
    entries = typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return wrong('TRUSTED_DIRECTORIES', 'is not JSON');
  }
  if (!Array.isArray(entries)) return wrong('TRUSTED_DIRECTORIES', 'is not a list');
  const directories: DirectorySettings[] = [];
  for (const entry of entries) {
    const directory = parseDirectory(entry);
    if (directory === undefined) {
      return wrong('TRUSTED_DIRECTORIES', 'an entry lacks issuer, keys or algorithms');
    }
    directories.push(directory);
  }
  return ok(directories);
}

/**
 * Reads the Worker's variables. Refuses with `service_unavailable`, whose reason names the variable: a misconfigured
 * Worker answers 503 to all.
 */
export function parseSettings(variables: Readonly<Record<string, unknown>>): Result<Settings> {
  const environment = variables['ENVIRONMENT'];
  if (environment !== 'sandbox' && environment !== 'production') {
    return wrong('ENVIRONMENT', 'must be exactly sandbox or production');
  }
  const issuer = parseIssuer(variables['ISSUER'], environment);
  if (!issuer.ok) return issuer;
  const directories = parseDirectories(variables['TRUSTED_DIRECTORIES']);
  if (!directories.ok) return directories;
  const wrappingSecret = parseWrappingSecret(variables['KEY_WRAPPING_SECRET'], environment);
  if (!wrappingSecret.ok) return wrappingSecret;
  const issuerIsLoopback = environment === 'sandbox' && isLoopbackHost(issuer.value.hostname);
  const counts: Record<CountName, number> = {
    RATE_LIMIT_PER_MINUTE: DEFAULT_RATE[environment],
    LIVE_CLIENTS_PER_SOFTWARE: 5,
    LIVE_CLIENTS_PER_ORGANISATION: issuerIsLoopback ? 10_000 : 20,
    CONSENTS_PER_CLIENT_AND_DAY: 10_000,
    LIVE_REQUEST_URIS_PER_CLIENT: 1_000,
    BODY_LIMIT_BYTES,
  };
  for (const name of Object.keys(counts) as CountName[]) {
    const count = parseCount(name, variables[name], counts[name]);
    if (!count.ok) return count;
    counts[name] = count.value;
  }
  const developerHost = variables['DEVELOPER_HOST'];
  return ok({
    environment,
    issuer: issuer.value.origin,
    issuerIsLoopback,
    rateLimitPerMinute: counts.RATE_LIMIT_PER_MINUTE,
    trustedDirectories: directories.value,
    developerHost: typeof developerHost === 'string' && developerHost !== '' ? developerHost : undefined,
    liveClientsPerSoftware: counts.LIVE_CLIENTS_PER_SOFTWARE,
    liveClientsPerOrganisation: counts.LIVE_CLIENTS_PER_ORGANISATION,
    consentsPerClientAndDay: counts.CONSENTS_PER_CLIENT_AND_DAY,
    liveRequestUrisPerClient: counts.LIVE_REQUEST_URIS_PER_CLIENT,
    bodyLimitBytes: counts.BODY_LIMIT_BYTES,
    keyWrappingSecret: wrappingSecret.value,
  });
}
