/** What the customer's pages are made of: addresses, fields, and the props of each view. */
import type { AccessEntry, AccessPart, IdentityEntry } from '#access/access-entry.ts';
import { ACCESS_PATH } from '#access/access-path.ts';
import type { TestCustomers } from '#authorization/journey-props.ts';
import type { HistoryEntry } from '#consents/consent.ts';
import type { Environment } from '#edge/settings.ts';
import type { FundsConfirmation } from '#funds/funds-confirmation.ts';
import { withQuery } from '#kernel/address.ts';

export const ACCESS_ACTIONS = {
  logIn: `${ACCESS_PATH}/log-in`,
  code: `${ACCESS_PATH}/code`,
  logOut: `${ACCESS_PATH}/log-out`,
} as const;

/** The hidden field that says whose customers log in; also the parameter of links. */
export const BANK_FIELD = 'bank';

interface PartWords {
  readonly path: string;
  /** As the way to it says it. */
  readonly name: string;
  readonly title: string;
  readonly introduction: string;
  /** Said where there is nothing at all. */
  readonly nothing: string;
}

/** The pages among which a customer moves, in order. */
export const PARTS = {
  live: {
    path: ACCESS_PATH,
    name: 'Access',
    title: 'Who has access',
    introduction: 'What you let apps of other companies do. You can stop each at any time.',
    nothing: 'No app has access. One that you let in stands here.',
  },
  payments: {
    path: `${ACCESS_PATH}/payments`,
    name: 'Payments',
    title: 'Payments',
    introduction: 'Payments that you confirmed in apps of other companies, newest first.',
    nothing: 'No app has asked you for a payment yet.',
  },
  past: {
    path: `${ACCESS_PATH}/past`,
    name: 'Past',
    title: 'Past access',
    introduction: 'What has ended, and what you refused. None of it opens anything.',
    nothing: 'Nothing has ended yet.',
  },
} as const satisfies Record<AccessPart, PartWords>;

export function detailPath(consentId: string): string {
  return `${ACCESS_PATH}/consents/${consentId}`;
}

export function stopPath(consentId: string): string {
  return `${detailPath(consentId)}/stop`;
}

/** Where it is asked whether an app shall no longer be told who the customer is. */
export function stopIdentityPath(clientId: string): string {
  return `${ACCESS_PATH}/identity/${clientId}/stop`;
}

/** The address to log in at, by the handle of the bank where it has one. */
export function logInPath(handle: string | undefined, left?: Left): string {
  return withQuery(ACCESS_PATH, { [BANK_FIELD]: handle, left });
}

/** Why somebody is at the log-in again. */
export const LEFT_WORDS = {
  out: 'You are logged out.',
  over: 'You were logged out: 5 minutes passed without a click, or 30 in all. Nothing was changed.',
  code: 'The one-time code is over. Log in again for a new one.',
  tries: 'Three codes were wrong. Log in again for a new one.',
} as const;
export type Left = keyof typeof LEFT_WORDS;

export function isLeft(text: string | undefined): text is Left {
  return text !== undefined && Object.hasOwn(LEFT_WORDS, text);
}

export interface AccessFrame {
  readonly environment: Environment;
  /** The host of the issuer. */
  readonly host: string;
}

export interface SignedInFrame extends AccessFrame {
  readonly customerName: string;
}

export interface LogInProps extends AccessFrame {
  readonly handle: string | undefined;
  readonly left?: Left;
  /** What was wrong with the last post. */
  readonly failure?: string;
  /** Only in the sandbox. */
  readonly testCustomers?: TestCustomers | undefined;
}

export interface AccessCodeProps extends AccessFrame {
  readonly handle: string | undefined;
  readonly sentTo: string | null;
  readonly failure: string | undefined;
  /** Only in the sandbox. */
  readonly sandboxCode: string | undefined;
}

export interface AccessListProps extends SignedInFrame {
  readonly part: AccessPart;
  readonly entries: readonly AccessEntry[];
  /** Apps that may ask who the customer is; on the first page of what opens something. */
  readonly identities: readonly IdentityEntry[];
  /** Whether an app was just kept from asking that. */
  readonly hasStopped: boolean;
  /** Address of the next page, while there is one. */
  readonly next: string | undefined;
  /** Whether this is the first page. */
  readonly isFirst: boolean;
}

export interface AccessDetailProps extends SignedInFrame {
  readonly entry: AccessEntry;
  readonly history: readonly HistoryEntry[];
  /** Questions about funds, newest first. */
  readonly funds: { readonly checks: readonly FundsConfirmation[]; readonly next?: string } | undefined;
}

export interface StopProps extends SignedInFrame {
  readonly entry: AccessEntry;
}

export interface StopIdentityProps extends SignedInFrame {
  readonly entry: IdentityEntry;
}
