/**
 * What each kind of deployment must and must not be configured with: rules that the Worker asks before its first
 * answer and `npm run deploy` before it uploads anything. Pure; the values have been parsed already.
 */
import { fromBase64Url } from '#kernel/encoding.ts';

/** A variable, secret or binding, and what is wrong with it. No value of a secret is ever in it. */
export interface SettingFault {
  readonly name: string;
  readonly why: string;
}

interface JudgedDirectory {
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] };
}

/** What a rule looks at: the parsed settings and the variables, secrets and bindings they came from. */
export interface SettingFacts {
  readonly settings: {
    readonly environment: 'sandbox' | 'production';
    readonly issuer: string;
    readonly issuerIsLoopback: boolean;
    readonly keyWrappingSecret: string | undefined;
    readonly trustedDirectories: readonly JudgedDirectory[];
    readonly emailFrom: string | undefined;
  };
  readonly variables: Readonly<Record<string, unknown>>;
}

/** 32 random bytes repeat some of themselves; fewer different ones than this were typed or copied from an example. */
const DISTINCT_BYTES_MINIMUM = 16;
/** Names that only a sandbox gives to variables: test keys, seeds. */
const SANDBOX_VARIABLE = /^(?:SANDBOX|SEED|SMOKE)_/;
/** The UK directory's sandbox, whose issuer has the same name as its production directory. */
const SANDBOX_HOST = /(?:^|[.-])sandbox(?:[.-]|$)|(?:^|\.)openbankingtest\.org\.uk$/;
const SANDBOX_PATH = /(?:^|\/)sandbox(?:\/|$)/;
/** The fields of RFC 7518 section 6 that only a private or a symmetric key has. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'k'];

function isSandboxAddress(url: URL): boolean {
  return SANDBOX_HOST.test(url.hostname) || SANDBOX_PATH.test(url.pathname);
}

/** Whether an address can be that of a production directory. */
function isProductionAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && !isSandboxAddress(new URL(text));
}

/** The UK directory's issuer is a name, not a URL: then all depends on where its keys are. */
function isSound({ issuer, jwksUri, jwks }: JudgedDirectory): boolean {
  const named = jwksUri !== undefined && !URL.canParse(issuer) ? jwksUri : issuer;
  if (![named, jwksUri ?? named].every(isProductionAddress)) return false;
  if (jwks === undefined) return true;
  const isPrivate = jwks.keys.some((key) => PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)));
  return jwks.keys.length > 0 && !isPrivate;
}

function directoriesFault(directories: readonly JudgedDirectory[]): string | undefined {
  if (directories.length === 0) return 'names no directory';
  const unsound = directories.find((directory) => !isSound(directory));
  return unsound && `${unsound.issuer} needs https addresses, none a sandbox’s, and keys, none private`;
}

/** Where a sandbox that is meant for one machine is found on the platform. */
export const LOOPBACK_ISSUER: SettingFault = { name: 'ISSUER', why: 'is a loopback address in a deployment' };

/** The rules that every deployment has to keep, which the Worker cannot read from its variables to be one. */
export function findDeploymentFaults({ settings, variables }: SettingFacts): readonly SettingFault[] {
  const hasAddress = settings.emailFrom !== undefined;
  const hasBinding = variables['EMAIL'] !== undefined;
  return [
    ...(settings.issuerIsLoopback ? [LOOPBACK_ISSUER] : []),
    ...(hasAddress === hasBinding
      ? []
      : [{ name: 'EMAIL_FROM', why: 'goes with the binding EMAIL: set both or neither' }]),
  ];
}

/** The rules of production that a configuration breaks; a sandbox has none. */
export function findRuleFaults({ settings, variables }: SettingFacts): readonly SettingFault[] {
  if (settings.environment !== 'production') return [];
  const faults: SettingFault[] = [];
  const rule = (name: string, why: string | false | undefined) => {
    if (why) faults.push({ name, why });
  };
  rule('ISSUER', isSandboxAddress(new URL(settings.issuer)) && 'is a sandbox’s');
  const distinctBytes = new Set(fromBase64Url(settings.keyWrappingSecret ?? '')).size;
  rule('KEY_WRAPPING_SECRET', distinctBytes < DISTINCT_BYTES_MINIMUM && 'is no random value');
  rule('TRUSTED_DIRECTORIES', directoriesFault(settings.trustedDirectories));
  const sender = variables['CODE_SENDER'];
  const isBound = typeof sender === 'object' && sender !== null;
  rule('CODE_SENDER', !isBound && 'is not bound');
  for (const name of Object.keys(variables)) {
    rule(name, SANDBOX_VARIABLE.test(name) && 'belongs to the sandbox');
  }
  return faults;
}
