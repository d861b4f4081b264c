/**
 * One API call as the request log keeps it: who called what and how it ended; no bodies, queries, ids in paths or secrets.
 * Instants are epoch milliseconds.
 */
import { isUuid } from '#kernel/ids.ts';

/** A call as its isolate notes it. */
export interface RequestEntry {
  /** When it arrived. */
  readonly atMs: number;
  /** Method and pattern of the route: `GET /open-banking/v1/accounts/:account_id`. */
  readonly route: string;
  readonly status: number;
  /** From its arrival to its answer, milliseconds. */
  readonly ms: number;
  readonly requestId: string;
  /** The client that proved itself; null where an API key did. */
  readonly clientId: string | null;
  /** The API key's organisation; null where the client's owner is to be found. */
  readonly organisationId: string | null;
  /** What proved the caller, in words and the first or last letters of it. */
  readonly credential: string;
  /** The error's code; null where there was none. */
  readonly code: string | null;
}

/** What travels in the queue: the calls that one isolate gathered. */
export interface RequestMessage {
  /** Begins with the time it was sent, so that ids lie in the order of time. */
  readonly id: string;
  readonly entries: readonly RequestEntry[];
}

/** Calls in one message at most: about 50 kB, below the platform's 128 kB and within one billed operation of 64 kB. */
export const MESSAGE_ENTRIES = 200;

/** Letters that a time in base 36 has until the year 2059. */
const TIME_LETTERS = 8;

/** The beginning of every message id of an instant. */
export function messageIdFrom(atMs: number): string {
  return atMs.toString(36).padStart(TIME_LETTERS, '0');
}

/** The id of a message sent at an instant; `random` makes it the only one. */
export function messageIdOf(atMs: number, random: string): string {
  return `${messageIdFrom(atMs)}-${random}`;
}

const MESSAGE_ID = /^[0-9a-z]{8}-[0-9a-f]{12}$/;

/** Calls whose answer is this log itself would push what a developer looks for out of it. */
const READS_THE_LOG = /^GET \/developer\/v1\/(requests|usage)/;

/** Whether a call goes into the log: every one but a look into the log that was answered. */
export function isLogged(route: string, status: number): boolean {
  return status >= 400 || !READS_THE_LOG.test(route);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200;
}

function isEntry(value: unknown): value is RequestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, route, status, ms, requestId, clientId, organisationId, credential, code } = value as Partial<
    Record<keyof RequestEntry, unknown>
  >;
  return (
    [atMs, status, ms].every((each) => Number.isSafeInteger(each)) &&
    [route, requestId, credential].every(isText) &&
    [clientId, organisationId, code].every((each) => each === null || isText(each)) &&
    (organisationId !== null || (typeof clientId === 'string' && isUuid(clientId)))
  );
}

/** A message as it came out of the queue, or undefined where it is none of ours. */
export function parseMessage(body: unknown): RequestMessage | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { id, entries } = body as Partial<Record<keyof RequestMessage, unknown>>;
  if (typeof id !== 'string' || !MESSAGE_ID.test(id) || !Array.isArray(entries)) return undefined;
  return entries.length <= MESSAGE_ENTRIES && entries.every(isEntry) ? { id, entries } : undefined;
}

/** A route's method and its path as documents write it: `/open-banking/v1/accounts/{account_id}`. */
export function splitRoute(route: string): { readonly method: string; readonly path: string } {
  const gap = route.indexOf(' ');
  return { method: route.slice(0, gap), path: route.slice(gap + 1).replace(/:(\w+)/g, '{$1}') };
}
