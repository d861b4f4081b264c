/** The deployment's configuration, parsed once into values that cannot be wrong. Limits are counts, windows 60 s. */
import { findRuleFaults, type SettingFault } from '#edge/setting-rules.ts';
import { fromBase64Url } from '#kernel/encoding.ts';
import { ok, type Refused, type Result, refuse } from '#kernel/result.ts';

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
  /** Where the dashboard of the other environment is reached: the switch in the header leads there. */
  readonly otherEnvironmentUrl: string | undefined;
  readonly liveClientsPerSoftware: number;
  readonly liveClientsPerOrganisation: number;
  readonly consentsPerClientAndDay: number;
  readonly liveRequestUrisPerClient: number;
  /** Of the whole deployment: each is a mail to an address that nobody has proved to be theirs. */
  readonly signUpsPerHour: number;
  readonly bodyLimitBytes: number;
  /** 256 bits, base64url, under which private keys are kept; demanded in production. Never logged. */
  readonly keyWrappingSecret: string | undefined;
  /** The API key of the organisation "Smoke test", of a sandbox alone; new in each deployment. Never logged. */
  readonly smokeApiKey: string | undefined;
  /** The address e-mail comes from; without it, or without the binding EMAIL, nobody can sign up for the dashboard. */
  readonly emailFrom: string | undefined;
}

/** Largest request body, in bytes, unless configured. */
const BODY_LIMIT_BYTES = 65_536;
/** Greatest age of a software statement unless configured: directories re-issue them when the software changes. */
const DIRECTORY_AGE_SECONDS = 31_536_000;
/** Signature algorithms a directory may use. Source: FAPI 2.0 section 5.4. */
const DIRECTORY_ALGORITHMS: ReadonlySet<unknown> = new Set(['PS256', 'ES256', 'EdDSA']);
/** Requests a minute and client unless configured, as the published guide promises. */
const DEFAULT_RATE = { sandbox: 100, production: 1000 } as const;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK_HOSTS.has(hostname);
}

/** 256 random bits in base64url letters that an API key may have; `npm run deploy` makes one. */
const SMOKE_KEY = /^sk_sandbox_[A-Za-z0-9_]{43,128}$/;

/** A value, or why there is none. */
type Parsed<T> = Result<T, string>;

function wrong(why: string): Refused<string> {
  return { ok: false, refusal: why };
}

function parseEnvironment(value: unknown): Parsed<Environment> {
  return value === 'sandbox' || value === 'production'
    ? ok(value)
    : wrong('must be exactly sandbox or production');
}

function parseMatching(pattern: RegExp, why: string): (value: unknown) => Parsed<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? ok(value) : wrong(why));
}

const parseSmokeKey = parseMatching(SMOKE_KEY, 'is no sk_sandbox_ key of at least 43 random characters');
const parseEmailFrom = parseMatching(
  /^[^\s@<>"]{1,64}@[a-z0-9.-]+\.[a-z]{2,}$/i,
  'is not an e-mail address alone',
);

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function parseCount(value: unknown): Parsed<number> {
  return isCount(Number(value)) ? ok(Number(value)) : wrong('is not a positive whole number');
}

function parseOrigin(value: unknown, environment: Environment): Parsed<URL> {
  if (typeof value !== 'string' || !URL.canParse(value)) return wrong('is not an absolute URL');
  const url = new URL(value);
  if (`${url.origin}/` !== url.href) {
    return wrong('must be an origin alone');
  }
  const isLocal = url.protocol === 'http:' && environment === 'sandbox' && isLoopbackHost(url.hostname);
  return isLocal || url.protocol === 'https:'
    ? ok(url)
    : wrong('must be https (http only for a local sandbox)');
}

function parseWrappingSecret(value: unknown): Parsed<string> {
  return typeof value === 'string' && fromBase64Url(value)?.byteLength === 32
    ? ok(value)
    : wrong('is not 32 bytes in base64url');
}

/** A host as requests name it; another one than the issuer's, where customers and TPPs are. */
function parseDeveloperHost(value: unknown, issuer: URL | undefined): Parsed<string> {
  if (typeof value !== 'string' || !URL.canParse(`https://${value}`)) return wrong('is not a host');
  if (new URL(`https://${value}`).origin !== `https://${value}`)
    return wrong('is not a host alone, in lower case');
  return value === issuer?.host ? wrong('is the issuer’s host') : ok(value);
}

function isListOfObjects(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}

function isNames(value: unknown): value is Record<string, string> {
  return isListOfObjects([value]) && Object.values(value as object).every((name) => typeof name === 'string');
}

function parseDirectory(entry: unknown): DirectorySettings | undefined {
  const {
    issuer,
    jwks_uri: jwksUri,
    jwks,
    algorithms,
    maximum_age_seconds: age = DIRECTORY_AGE_SECONDS,
    claims = {},
  } = Object(entry) as Record<string, unknown>;
  if (typeof issuer !== 'string' || issuer === '') return undefined;
  if (!Array.isArray(algorithms) || algorithms.length === 0) return undefined;
  if (!algorithms.every((each) => DIRECTORY_ALGORITHMS.has(each))) return undefined;
  if (!isCount(Number(age)) || !isNames(claims)) return undefined;
  const trust = { issuer, algorithms: algorithms as string[], maximumAgeSeconds: Number(age), claims };
  // One of the two: keys that are not looked at could be anybody's.
  if (jwks === undefined) {
    const isAddress = typeof jwksUri === 'string' && jwksUri.startsWith('https://') && URL.canParse(jwksUri);
    return isAddress ? { ...trust, jwksUri } : undefined;
  }
  const { keys } = Object(jwks) as Record<string, unknown>;
  return jwksUri === undefined && isListOfObjects(keys) ? { ...trust, jwks: { keys } } : undefined;
}

function parseDirectories(value: unknown): Parsed<readonly DirectorySettings[]> {
  let entries: unknown;
  try {
    entries = typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return wrong('is not JSON');
  }
  if (!Array.isArray(entries)) return wrong('is not a list');
  const directories = entries.map(parseDirectory).filter((directory) => directory !== undefined);
  return directories.length === entries.length
    ? ok(directories)
    : wrong('an entry lacks issuer, keys (jwks_uri or jwks) or algorithms');
}

type Variables = Readonly<Record<string, unknown>>;

/** The settings, or everything wrong with the variables: values that do not parse first, as the rules need them all. */
function readSettings(variables: Variables, isDeployed: boolean): Result<Settings, readonly SettingFault[]> {
  const faults: SettingFault[] = [];
  function read<T>(name: string, parse: (value: unknown) => Parsed<T>, isRequired = false): T | undefined {
    const value = variables[name];
    const isAbsent = value === undefined || value === '';
    if (isAbsent && !isRequired) return undefined;
    const parsed = isAbsent ? wrong('is missing') : parse(value);
    if (parsed.ok) return parsed.value;
    faults.push({ name, why: parsed.refusal });
    return undefined;
  }
  const count = (name: string, otherwise: number) => read(name, parseCount) ?? otherwise;
  const origin = (value: unknown) => parseOrigin(value, environment ?? 'production');
  const environment = read('ENVIRONMENT', parseEnvironment, true);
  const issuer = read('ISSUER', origin, true);
  if (environment === undefined) return { ok: false, refusal: faults };
  const issuerIsLoopback = environment === 'sandbox' && isLoopbackHost(issuer?.hostname ?? '');
  const settings: Settings = {
    environment,
    issuer: issuer?.origin ?? '',
    issuerIsLoopback,
    rateLimitPerMinute: count('RATE_LIMIT_PER_MINUTE', DEFAULT_RATE[environment]),
    trustedDirectories: read('TRUSTED_DIRECTORIES', parseDirectories) ?? [],
    developerHost: read('DEVELOPER_HOST', (value) => parseDeveloperHost(value, issuer)),
    otherEnvironmentUrl: read('OTHER_ENVIRONMENT_URL', origin)?.origin,
    liveClientsPerSoftware: count('LIVE_CLIENTS_PER_SOFTWARE', 5),
    liveClientsPerOrganisation: count('LIVE_CLIENTS_PER_ORGANISATION', issuerIsLoopback ? 10_000 : 20),
    consentsPerClientAndDay: count('CONSENTS_PER_CLIENT_AND_DAY', 10_000),
    liveRequestUrisPerClient: count('LIVE_REQUEST_URIS_PER_CLIENT', 1_000),
    signUpsPerHour: count('SIGN_UPS_PER_HOUR', 500),
    bodyLimitBytes: count('BODY_LIMIT_BYTES', BODY_LIMIT_BYTES),
    keyWrappingSecret: read('KEY_WRAPPING_SECRET', parseWrappingSecret, environment === 'production'),
    smokeApiKey: read('SMOKE_API_KEY', parseSmokeKey),
    emailFrom: read('EMAIL_FROM', parseEmailFrom),
  };
  if (faults.length === 0) faults.push(...findRuleFaults({ settings, variables }, isDeployed));
  return faults.length === 0 ? ok(settings) : { ok: false, refusal: faults };
}

/** Everything wrong with a deployment's variables, secrets and bindings, each under its name: for `npm run deploy`. */
export function findSettingFaults(variables: Variables): readonly SettingFault[] {
  const settings = readSettings(variables, true);
  return settings.ok ? [] : settings.refusal;
}

/** A misconfigured Worker's answer to all: the log names each setting. */
function refuseSettings(faults: readonly SettingFault[]): Result<never> {
  const reason = faults.map(({ name, why }) => `setting ${name}: ${why}`).join('; ');
  return refuse('service_unavailable', reason, { retryAfterSeconds: 60 });
}

/**
 * Reads the Worker's variables. Refuses with `service_unavailable`, whose reason names the variables: a misconfigured
 * Worker answers 503 to all.
 */
export function parseSettings(variables: Variables): Result<Settings> {
  const settings = readSettings(variables, false);
  return settings.ok ? settings : refuseSettings(settings.refusal);
}

/**
 * Whether a local sandbox's settings stand on the platform, where every request comes by https to a name of its own:
 * refuses with `service_unavailable`, as other misconfigurations.
 */
export function checkPlace(settings: Settings, url: string): Result<void> {
  if (!settings.issuerIsLoopback) return ok(undefined);
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && !isLoopbackHost(hostname)
    ? refuseSettings([{ name: 'ISSUER', why: 'is a loopback address in a deployment' }])
    : ok(undefined);
}
