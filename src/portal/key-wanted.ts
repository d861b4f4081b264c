/** What a developer may ask of an API key, as the form says it and as it is understood. */
import type { KeyScope } from '#clients/api-key.ts';
import { parseIpRange } from '#clients/ip-range.ts';
import { cleanName } from '#kernel/text.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '#kernel/time.ts';
import { type Answered, type FieldOf, problemIf } from '#portal/answered.ts';

/** What each scope opens, in the words of the pages. */
export const SCOPE_WORDS: Readonly<Record<KeyScope, string>> = {
  sandbox: 'Sandbox routes (statements, decisions, reset)',
  requests: 'Request log',
  usage: 'Usage figures',
};

/** What scopes open, in a few words. */
export function scopeWords(scopes: readonly KeyScope[]): string {
  return scopes.map((scope) => SCOPE_WORDS[scope]).join(', ');
}

/** How long a key lives, days; `never` has no end. */
export const LIFETIMES = { '30': '30 days', '90': '90 days', '365': 'One year', never: 'Never' } as const;

/** How long a rolled key works beside its successor, in seconds, and in words. */
export const OVERLAPS = {
  '0': 'None: the old key stops now',
  [String(HOUR_SECONDS)]: '1 hour',
  [String(DAY_SECONDS)]: '24 hours',
  [String(7 * DAY_SECONDS)]: '7 days',
} as const;

export const NAME_MAXIMUM = 60;
const RANGES_MAXIMUM = 20;

export interface KeyWanted {
  /** Of the form it was asked for with: a form sent twice makes one key. */
  readonly nonce: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** Undefined: it does not end. */
  readonly lifetimeSeconds: number | undefined;
  readonly allowedIps: readonly string[];
}

/** The name of a scope's check box. */
export function scopeField(scope: KeyScope): string {
  return `scope_${scope}`;
}

/** A new form: all that a key can open here, for 90 days. */
export function newKeyForm(nonce: string, offered: readonly KeyScope[]): Readonly<Record<string, string>> {
  return {
    nonce,
    lifetime: '90',
    ...Object.fromEntries(offered.map((scope) => [scopeField(scope), 'on'])),
  };
}

/** The key wanted, or what to correct. `offered`: the scopes a key can have here. */
export function parseKeyForm(
  field: FieldOf,
  offered: readonly KeyScope[],
): Answered<Omit<KeyWanted, 'nonce'>> {
  const name = cleanName(field('name'), NAME_MAXIMUM + 1);
  const scopes = offered.filter((scope) => field(scopeField(scope)) !== '');
  const lifetime = field('lifetime');
  const ranges = field('allowed_ips')
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map(parseIpRange);
  const allowedIps = [...new Set(ranges.filter((range) => range !== undefined))];
  const wrong = ranges.indexOf(undefined);
  const problems = [
    ...problemIf(name === '', 'name', 'Give the key a name.'),
    ...problemIf(
      [...name].length > NAME_MAXIMUM,
      'name',
      `Take a name of at most ${NAME_MAXIMUM} characters.`,
    ),
    ...problemIf(scopes.length === 0, 'scopes', 'Choose at least one thing the key opens.'),
    ...problemIf(!Object.hasOwn(LIFETIMES, lifetime), 'lifetime', 'Choose how long the key lives.'),
    ...problemIf(
      ranges.length > RANGES_MAXIMUM,
      'allowed_ips',
      `Name at most ${RANGES_MAXIMUM} addresses or ranges.`,
    ),
    ...problemIf(wrong >= 0, 'allowed_ips', `Entry ${wrong + 1} is no IP address or range.`),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const lifetimeSeconds = lifetime === 'never' ? undefined : Number(lifetime) * DAY_SECONDS;
  return { ok: true, value: { name, scopes, lifetimeSeconds, allowedIps } };
}

/** The overlap a roll asks for, in seconds; undefined for one that is not offered. */
export function overlapOf(text: string): number | undefined {
  return Object.hasOwn(OVERLAPS, text) ? Number(text) : undefined;
}
