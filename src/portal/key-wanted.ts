/** What a developer may ask of an API key, as the form says it and as it is understood. */
import { KEY_SCOPES, type KeyScope } from '#clients/api-key.ts';
import { parseIpRange } from '#clients/ip-range.ts';
import { isSecret } from '#kernel/ids.ts';
import { cleanName } from '#kernel/text.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '#kernel/time.ts';

/** What each scope opens, in the words of the pages: its name, and what is there. */
export const SCOPE_WORDS: Readonly<Record<KeyScope, { readonly name: string; readonly hint: string }>> = {
  sandbox: {
    name: 'Sandbox routes',
    hint: 'Software statements, the stand-in for the customer’s decision, reset',
  },
  requests: { name: 'Request log', hint: 'What your applications and keys called, without bodies' },
  usage: { name: 'Usage figures', hint: 'How often your applications called, and how it went' },
};

/** What scopes open, in a few words. */
export function scopeWords(scopes: readonly KeyScope[]): string {
  return scopes.map((scope) => SCOPE_WORDS[scope].name).join(', ');
}

/** How long a key lives, days; `never` has no end. */
export const LIFETIMES = { '30': '30 days', '90': '90 days', '365': 'One year', never: 'Never' } as const;
export type Lifetime = keyof typeof LIFETIMES;
const LIFETIME_UNLESS_SAID: Lifetime = '90';

/** How long a rolled key works beside its successor, in seconds, and in words. */
export const OVERLAPS = {
  '0': 'None: the old key stops now',
  [String(HOUR_SECONDS)]: '1 hour',
  [String(DAY_SECONDS)]: '24 hours',
  [String(7 * DAY_SECONDS)]: '7 days',
} as const;

export const NAME_MAXIMUM = 60;
const RANGES_MAXIMUM = 20;

/** The form as it was filled in, to show it again. */
export interface KeyForm {
  /** Hidden in the form, new with each showing of it: a form sent twice makes one key. */
  readonly nonce: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly lifetime: string;
  readonly allowedIps: string;
}

export interface KeyWanted {
  readonly nonce: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** Undefined: it does not end. */
  readonly lifetimeSeconds: number | undefined;
  readonly allowedIps: readonly string[];
}

export interface KeyFault {
  readonly field: 'name' | 'scopes' | 'lifetime' | 'allowed_ips';
  readonly message: string;
}

/** The name of a scope's check box. */
export function scopeField(scope: KeyScope): string {
  return `scope_${scope}`;
}

export function emptyForm(nonce: string, scopes: readonly KeyScope[]): KeyForm {
  return { nonce, name: '', scopes, lifetime: LIFETIME_UNLESS_SAID, allowedIps: '' };
}

/** What a form sent; undefined where it was not made by our page. */
export function readKeyForm(parameters: ReadonlyMap<string, string>): KeyForm | undefined {
  const nonce = parameters.get('nonce') ?? '';
  if (!isSecret(nonce)) return undefined;
  return {
    nonce,
    name: parameters.get('name') ?? '',
    scopes: KEY_SCOPES.filter((scope) => parameters.has(scopeField(scope))),
    lifetime: parameters.get('lifetime') ?? '',
    allowedIps: parameters.get('allowed_ips') ?? '',
  };
}

function checkRanges(text: string): { readonly ranges: readonly string[] } | { readonly message: string } {
  const lines = text.split(/[\s,]+/).filter((line) => line !== '');
  if (lines.length > RANGES_MAXIMUM)
    return { message: `Name at most ${RANGES_MAXIMUM} addresses or ranges.` };
  const ranges: string[] = [];
  for (const [index, line] of lines.entries()) {
    const range = parseIpRange(line);
    if (range === undefined) {
      return {
        message: `Entry ${index + 1} is no IP address or range. Write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32, one a line; leave it empty to allow every address.`,
      };
    }
    ranges.push(range);
  }
  return { ranges: [...new Set(ranges)] };
}

/** The key wanted, or what to correct. `offered`: the scopes a key can have here. */
export function checkKeyForm(
  form: KeyForm,
  offered: readonly KeyScope[],
): { readonly wanted: KeyWanted } | { readonly faults: readonly KeyFault[] } {
  const faults: KeyFault[] = [];
  const name = cleanName(form.name, NAME_MAXIMUM + 1);
  if (name === '') faults.push({ field: 'name', message: 'Give the key a name: where it will be used.' });
  if ([...name].length > NAME_MAXIMUM) {
    faults.push({ field: 'name', message: `Take a name of at most ${NAME_MAXIMUM} characters.` });
  }
  const scopes = form.scopes.filter((scope) => offered.includes(scope));
  if (scopes.length === 0)
    faults.push({ field: 'scopes', message: 'Choose at least one thing the key opens.' });
  if (!Object.hasOwn(LIFETIMES, form.lifetime)) {
    faults.push({ field: 'lifetime', message: 'Choose how long the key lives.' });
  }
  const checked = checkRanges(form.allowedIps);
  if ('message' in checked) faults.push({ field: 'allowed_ips', message: checked.message });
  if (faults.length > 0 || 'message' in checked) return { faults };
  return {
    wanted: {
      nonce: form.nonce,
      name,
      scopes,
      lifetimeSeconds: form.lifetime === 'never' ? undefined : Number(form.lifetime) * DAY_SECONDS,
      allowedIps: checked.ranges,
    },
  };
}

/** The overlap a roll asks for, in seconds; undefined for one that is not offered. */
export function overlapOf(text: string | undefined): number | undefined {
  return text !== undefined && Object.hasOwn(OVERLAPS, text) ? Number(text) : undefined;
}
