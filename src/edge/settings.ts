/** The deployment's configuration, parsed once into values that cannot be wrong. Limits are counts, windows 60 s. */
import {
  findDeploymentFaults,
  findRuleFaults,
  LOOPBACK_ISSUER,
  type SettingFacts,
  type SettingFault,
} from '#edge/setting-rules.ts';
import { fromBase64Url } from '#kernel/encoding.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

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
  /** RATE_LIMIT_PER_MINUTE, and so for each count: its variable has its name, in capitals. */
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
const DEFAULT_RATE: Readonly<Record<Environment, number>> = { sandbox: 100, production: 1000 };
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK_HOSTS.has(hostname);
}

/** 256 random bits in base64url letters that an API key may have; `npm run deploy` makes one. */
const SMOKE_KEY = /^sk_sandbox_[A-Za-z0-9_]{43,128}$/;
const EMAIL_ADDRESS = /^[^\s@<>"]{1,64}@[a-z0-9.-]+\.[a-z]{2,}$/i;

/** The variable that a count is set by: of `rateLimitPerMinute` RATE_LIMIT_PER_MINUTE. */
function variableOf(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The value that a variable says, undefined where it has not the form it must have. */
type Parse<T> = (value: unknown) => T | undefined;

const parseEnvironment: Parse<Environment> = (value) =>
  value === 'sandbox' || value === 'production' ? value : undefined;

function matching(pattern: RegExp): Parse<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

const parseCount: Parse<number> = (value) => (isCount(Number(value)) ? Number(value) : undefined);

function parseOrigin(value: unknown, environment: Environment | undefined): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const isLocal = url.protocol === 'http:' && environment === 'sandbox' && isLoopbackHost(url.hostname);
  return `${url.origin}/` === url.href && (isLocal || url.protocol === 'https:') ? url : undefined;
}

const parseWrappingSecret: Parse<string> = (value) =>
  typeof value === 'string' && fromBase64Url(value)?.byteLength === 32 ? value : undefined;

/** A host as requests name it; another one than the issuer's, where customers and TPPs are. */
function parseDeveloperHost(value: unknown, issuer: URL | undefined): string | undefined {
  if (typeof value !== 'string' || value === issuer?.host) return undefined;
  const url = `https://${value}`;
  return URL.canParse(url) && new URL(url).origin === url ? value : undefined;
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

function parseDirectories(value: unknown): readonly DirectorySettings[] | undefined {
  let entries: unknown;
  try {
    entries = typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
  const directories = Array.isArray(entries) ? entries.map(parseDirectory) : [undefined];
  return directories.every((directory) => directory !== undefined) ? directories : undefined;
}

type Variables = Readonly<Record<string, unknown>>;

/** The settings, or everything wrong with the variables: values that do not parse first, as the rules need them all. */
function readSettings(
  variables: Variables,
  findFaults: (facts: SettingFacts) => readonly SettingFault[],
): Result<Settings, readonly SettingFault[]> {
  const faults: SettingFault[] = [];
  function read<T>(name: string, form: string, parse: Parse<T>, isRequired = false): T | undefined {
    const value = variables[name];
    const isAbsent = value === undefined || value === '';
    const parsed = isAbsent ? undefined : parse(value);
    if (parsed === undefined && (isRequired || !isAbsent)) {
      faults.push({ name, why: `${isAbsent ? 'is missing, ' : ''}must be ${form}` });
    }
    return parsed;
  }
  const origin = (name: string, isRequired: boolean) =>
    read(
      name,
      'an https origin alone (http only for a local sandbox)',
      (value) => parseOrigin(value, environment),
      isRequired,
    );
  const environment = read('ENVIRONMENT', 'exactly sandbox or production', parseEnvironment, true);
  const issuer = origin('ISSUER', true);
  if (environment === undefined) return { ok: false, refusal: faults };
  const issuerIsLoopback = environment === 'sandbox' && isLoopbackHost(issuer?.hostname ?? '');
  const counts = {
    rateLimitPerMinute: DEFAULT_RATE[environment],
    liveClientsPerSoftware: 5,
    liveClientsPerOrganisation: issuerIsLoopback ? 10_000 : 20,
    consentsPerClientAndDay: 10_000,
    liveRequestUrisPerClient: 1_000,
    signUpsPerHour: 500,
    bodyLimitBytes: BODY_LIMIT_BYTES,
  };
  for (const [member, otherwise] of Object.entries(counts)) {
    const given = read(variableOf(member), 'a positive whole number', parseCount);
    counts[member as keyof typeof counts] = given ?? otherwise;
  }
  const settings: Settings = {
    environment,
    issuer: issuer?.origin ?? '',
    issuerIsLoopback,
    ...counts,
    trustedDirectories:
      read(
        'TRUSTED_DIRECTORIES',
        'a JSON list of entries with issuer, keys (jwks_uri or jwks) and algorithms',
        parseDirectories,
      ) ?? [],
    developerHost: read('DEVELOPER_HOST', 'a host alone, in lower case, not the issuer’s', (value) =>
      parseDeveloperHost(value, issuer),
    ),
    otherEnvironmentUrl: origin('OTHER_ENVIRONMENT_URL', false)?.origin,
    keyWrappingSecret: read(
      'KEY_WRAPPING_SECRET',
      '32 bytes in base64url',
      parseWrappingSecret,
      environment === 'production',
    ),
    smokeApiKey: read('SMOKE_API_KEY', 'sk_sandbox_ and at least 43 random characters', matching(SMOKE_KEY)),
    emailFrom: read('EMAIL_FROM', 'an e-mail address alone', matching(EMAIL_ADDRESS)),
  };
  if (faults.length === 0) faults.push(...findFaults({ settings, variables }));
  return faults.length === 0 ? ok(settings) : { ok: false, refusal: faults };
}

/** Everything wrong with a deployment's variables, secrets and bindings, each under its name: for `npm run deploy`. */
export function findSettingFaults(variables: Variables): readonly SettingFault[] {
  const settings = readSettings(variables, (facts) => [
    ...findDeploymentFaults(facts),
    ...findRuleFaults(facts),
  ]);
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
  const settings = readSettings(variables, findRuleFaults);
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
    ? refuseSettings([LOOPBACK_ISSUER])
    : ok(undefined);
}
