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
  | 'SIGN_UPS_PER_HOUR'
  | 'BODY_LIMIT_BYTES';

/** 256 random bits in base64url letters that an API key may have; `npm run deploy` makes one. */
const SMOKE_KEY = /^sk_sandbox_[A-Za-z0-9_]{43,128}$/;

/** A value, or why there is none. */
type Parsed<T> = Result<T, SettingFault>;

function wrong(name: string, why: string): Refused<SettingFault> {
  return { ok: false, refusal: { name, why } };
}

function parseEnvironment(value: unknown): Parsed<Environment> {
  return value === 'sandbox' || value === 'production'
    ? ok(value)
    : wrong('ENVIRONMENT', 'must be exactly sandbox or production');
}

function parseSmokeKey(value: unknown, environment: Environment): Parsed<string | undefined> {
  // In production the variable itself is a fault, whatever its value.
  if (value === undefined || value === '' || environment === 'production') return ok(undefined);
  return typeof value === 'string' && SMOKE_KEY.test(value)
    ? ok(value)
    : wrong('SMOKE_API_KEY', 'is no sk_sandbox_ key of at least 43 random characters');
}

function parseCount(name: string, value: unknown, otherwise: number): Parsed<number> {
  if (value === undefined || value === '') return ok(otherwise);
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? ok(count) : wrong(name, 'is not a positive whole number');
}

function parseOrigin(name: string, value: unknown, environment: Environment): Parsed<URL> {
  if (typeof value !== 'string' || !URL.canParse(value)) return wrong(name, 'is not an absolute URL');
  const url = new URL(value);
  if (`${url.origin}/` !== url.href) {
    return wrong(name, 'must be an origin without path, query, fragment or user info');
  }
  if (url.protocol === 'https:') return ok(url);
  if (url.protocol === 'http:' && environment === 'sandbox' && isLoopbackHost(url.hostname)) return ok(url);
  return wrong(name, 'must be https (http only for a local sandbox)');
}

function parseOtherEnvironment(value: unknown, environment: Environment): Parsed<string | undefined> {
  if (value === undefined || value === '') return ok(undefined);
  const url = parseOrigin('OTHER_ENVIRONMENT_URL', value, environment);
  return url.ok ? ok(url.value.origin) : url;
}

function parseWrappingSecret(value: unknown, environment: Environment): Parsed<string | undefined> {
  if (value === undefined || value === '') {
    return environment === 'production' ? wrong('KEY_WRAPPING_SECRET', 'is missing') : ok(undefined);
  }
  return typeof value === 'string' && fromBase64Url(value)?.byteLength === 32
    ? ok(value)
    : wrong('KEY_WRAPPING_SECRET', 'is not 32 bytes in base64url');
}

/** A host as requests name it; another one than the issuer's, where customers and TPPs are. */
function parseDeveloperHost(value: unknown, issuer: URL | undefined): Parsed<string | undefined> {
  if (value === undefined || value === '') return ok(undefined);
  const address = typeof value === 'string' ? `https://${value}` : '';
  if (!URL.canParse(address) || new URL(address).origin !== address) {
    return wrong('DEVELOPER_HOST', 'is not a host alone, in lower case');
  }
  return value === issuer?.host ? wrong('DEVELOPER_HOST', 'is the issuer’s host') : ok(value as string);
}

function parseEmailFrom(value: unknown): Parsed<string | undefined> {
  if (value === undefined || value === '') return ok(undefined);
  return typeof value === 'string' && /^[^\s@<>"]{1,64}@[a-z0-9.-]+\.[a-z]{2,}$/i.test(value)
    ? ok(value)
    : wrong('EMAIL_FROM', 'is not an e-mail address alone');
}

function isListOf(value: unknown, words: readonly string[]): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => words.includes(word as string));
}

function isListOfObjects(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
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
  const keys = (jwks as { keys?: unknown } | undefined | null)?.keys;
  // One of the two: keys that are not looked at could be anybody's.
  if (jwks === undefined ? !hasUri : jwks_uri !== undefined || !isListOfObjects(keys)) return undefined;
  const age = maximum_age_seconds === undefined ? DIRECTORY_AGE_SECONDS : Number(maximum_age_seconds);
  if (!Number.isSafeInteger(age) || age <= 0) return undefined;
  const names = claims === undefined ? {} : claims;
  if (typeof names !== 'object' || names === null) return undefined;
  if (!Object.values(names).every((name) => typeof name === 'string')) return undefined;
  return {
    issuer,
    ...(hasUri ? { jwksUri: jwks_uri } : {}),
    ...(isListOfObjects(keys) ? { jwks: { keys } } : {}),
    algorithms,
    maximumAgeSeconds: age,
    claims: names as Record<string, string>,
  };
}

function parseDirectories(value: unknown): Parsed<readonly DirectorySettings[]> {
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
      return wrong('TRUSTED_DIRECTORIES', 'an entry lacks issuer, keys (jwks_uri or jwks) or algorithms');
    }
    directories.push(directory);
  }
  return ok(directories);
}

interface SettingsRead {
  /** Absent where a value that others depend on is missing. */
  readonly settings?: Settings;
  readonly faults: readonly SettingFault[];
}

function readSettings(variables: Readonly<Record<string, unknown>>): SettingsRead {
  const faults: SettingFault[] = [];
  function taken<T>(parsed: Parsed<T>): T | undefined {
    if (parsed.ok) return parsed.value;
    faults.push(parsed.refusal);
    return undefined;
  }
  const environment = taken(parseEnvironment(variables['ENVIRONMENT']));
  if (environment === undefined) return { faults };
  const issuer = taken(parseOrigin('ISSUER', variables['ISSUER'], environment));
  const directories = taken(parseDirectories(variables['TRUSTED_DIRECTORIES']));
  const keyWrappingSecret = taken(parseWrappingSecret(variables['KEY_WRAPPING_SECRET'], environment));
  const smokeApiKey = taken(parseSmokeKey(variables['SMOKE_API_KEY'], environment));
  const otherEnvironmentUrl = taken(parseOtherEnvironment(variables['OTHER_ENVIRONMENT_URL'], environment));
  const emailFrom = taken(parseEmailFrom(variables['EMAIL_FROM']));
  const developerHost = taken(parseDeveloperHost(variables['DEVELOPER_HOST'], issuer));
  const issuerIsLoopback = environment === 'sandbox' && isLoopbackHost(issuer?.hostname ?? '');
  const counts: Record<CountName, number> = {
    RATE_LIMIT_PER_MINUTE: DEFAULT_RATE[environment],
    LIVE_CLIENTS_PER_SOFTWARE: 5,
    LIVE_CLIENTS_PER_ORGANISATION: issuerIsLoopback ? 10_000 : 20,
    CONSENTS_PER_CLIENT_AND_DAY: 10_000,
    LIVE_REQUEST_URIS_PER_CLIENT: 1_000,
    SIGN_UPS_PER_HOUR: 500,
    BODY_LIMIT_BYTES,
  };
  for (const name of Object.keys(counts) as CountName[]) {
    counts[name] = taken(parseCount(name, variables[name], counts[name])) ?? counts[name];
  }
  if (issuer === undefined || directories === undefined || faults.length > 0) return { faults };
  const settings: Settings = {
    environment,
    issuer: issuer.origin,
    issuerIsLoopback,
    rateLimitPerMinute: counts.RATE_LIMIT_PER_MINUTE,
    trustedDirectories: directories,
    developerHost,
    otherEnvironmentUrl,
    liveClientsPerSoftware: counts.LIVE_CLIENTS_PER_SOFTWARE,
    liveClientsPerOrganisation: counts.LIVE_CLIENTS_PER_ORGANISATION,
    consentsPerClientAndDay: counts.CONSENTS_PER_CLIENT_AND_DAY,
    liveRequestUrisPerClient: counts.LIVE_REQUEST_URIS_PER_CLIENT,
    signUpsPerHour: counts.SIGN_UPS_PER_HOUR,
    bodyLimitBytes: counts.BODY_LIMIT_BYTES,
    keyWrappingSecret,
    smokeApiKey,
    emailFrom,
  };
  return { settings, faults };
}

/**
 * Everything wrong with a deployment's variables, secrets and bindings, each under its name: for `npm run deploy`.
 * Values that do not parse are told first; the rules about parsed ones need them all.
 */
export function findSettingFaults(variables: Readonly<Record<string, unknown>>): readonly SettingFault[] {
  const { settings, faults } = readSettings(variables);
  return settings === undefined ? faults : findRuleFaults({ settings, variables }, true);
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
export function parseSettings(variables: Readonly<Record<string, unknown>>): Result<Settings> {
  const { settings, faults } = readSettings(variables);
  if (settings === undefined) return refuseSettings(faults);
  const broken = findRuleFaults({ settings, variables }, false);
  return broken.length > 0 ? refuseSettings(broken) : ok(settings);
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
