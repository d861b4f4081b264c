/** Which part of the request log, or which usage, is asked for: the same for the API and the dashboard. Bounds are included. */
import { isUuid } from '#kernel/ids.ts';
import { ok, type Refused, type Result, refuseOpenly } from '#kernel/result.ts';
import { DAY_SECONDS, parseDay, parseInstant } from '#kernel/time.ts';
import { parseWholeNumber } from '#kernel/whole-number.ts';
import { USAGE_PERIODS, type UsagePeriod } from '#traffic/usage.ts';

export const DEFAULT_LIMIT = 25;
export const MAXIMUM_LIMIT = 100;
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;

/** What calls have to be to be shown; absent: whatever they are. */
export interface RequestFilter {
  readonly clientId?: string;
  /** From and to, both included: `4xx` is 400 to 499. */
  readonly status?: readonly [number, number];
  readonly code?: string;
  readonly method?: string;
  /** The path's pattern. */
  readonly route?: string;
  readonly requestId?: string;
  /** Epoch milliseconds, both included. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface RequestQuery {
  readonly filter: RequestFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** The filters as typed: a cursor is of the list that has them, whichever version of the Worker made it. */
  readonly binding: string;
}

/** What was typed, by name; an empty text is no filter, as forms send it for what was left out. */
export type Asked = ReadonlyMap<string, string>;

function parseStatus(text: string): readonly [number, number] | undefined {
  if (/^[1-5]xx$/i.test(text)) {
    const first = Number(text[0]) * 100;
    return [first, first + 99];
  }
  return /^[1-5]\d\d$/.test(text) ? [Number(text), Number(text)] : undefined;
}

/**
 * A date is its whole UTC day, an instant without a fraction its whole second: the first millisecond of it, or the last. One
 * with a fraction, as the log itself tells instants, is that millisecond.
 */
function parseBound(text: string, edge: 'first' | 'last'): number | undefined {
  const day = parseDay(text);
  const seconds = day === undefined || edge === 'first' ? day : day + DAY_SECONDS - 1;
  const at = seconds ?? parseInstant(text);
  if (at === undefined) return undefined;
  const fraction = /\.(\d{1,3})/.exec(text)?.[1]?.padEnd(3, '0');
  return at * 1000 + Number(fraction ?? (edge === 'last' ? 999 : 0));
}

function matching(text: string, pattern: RegExp): string | undefined {
  return pattern.test(text) ? text : undefined;
}

type Filter = readonly [
  member: keyof RequestFilter,
  parse: (text: string) => RequestFilter[keyof RequestFilter],
  /** What its form is, told where a text has it not. */
  form: string,
];

const INSTANT_FORM = 'must be a date or an RFC 3339 date-time with offset (write + as %2B)';

/** The filters by the names of their parameters; `cursor` and `limit` are beside them. */
const FILTERS = {
  client_id: ['clientId', (text) => (isUuid(text) ? text.toLowerCase() : undefined), 'must be a client_id'],
  status: ['status', parseStatus, 'must be a status, or a class of them: 404, 4xx'],
  code: ['code', (text) => matching(text, /^[a-z_]{1,60}$/), 'must be an error code'],
  method: [
    'method',
    (text) => METHODS.find((method) => method === text.toUpperCase()),
    `must be one of ${METHODS.join(', ')}`,
  ],
  route: [
    'route',
    (text) => matching(text, /^\/[\w{}./-]{0,150}$/),
    'must be a path as the documents write it: /open-banking/v1/accounts/{account_id}',
  ],
  request_id: ['requestId', (text) => (isUuid(text) ? text : undefined), 'must be a UUID'],
  from: ['fromMs', (text) => parseBound(text, 'first'), INSTANT_FORM],
  to: ['toMs', (text) => parseBound(text, 'last'), INSTANT_FORM],
} as const satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS;
export const FILTER_NAMES = Object.keys(FILTERS) as FilterName[];

/** Parameters by what is wrong with each. */
type Faults = Readonly<Record<string, string>>;

function refuseParameters(faults: Faults): Refused {
  const errors = Object.entries(faults).map(([field, message]) => ({ field, code: 'invalid', message }));
  const message = `Check these parameters: ${Object.keys(faults).join(', ')}.`;
  return refuseOpenly('invalid_request', message, { errors });
}

/** Refuses with `invalid_request`, naming each wrong parameter; others are ignored. */
export function parseRequestQuery(asked: Asked): Result<RequestQuery> {
  const faults: Record<string, string> = {};
  const members: Record<string, unknown> = {};
  const typed: string[] = [];
  for (const name of FILTER_NAMES) {
    const text = asked.get(name)?.trim();
    if (!text) continue;
    const [member, parse, form] = FILTERS[name];
    members[member] = parse(text);
    typed.push(`${name}=${text}`);
    if (members[member] === undefined) faults[name] = form;
  }
  const filter: RequestFilter = members;
  if ((filter.fromMs ?? -Infinity) > (filter.toMs ?? Infinity)) faults['from'] = 'must not be after to';
  const limit = parseWholeNumber(asked.get('limit') || String(DEFAULT_LIMIT), 1, MAXIMUM_LIMIT);
  if (limit === undefined) faults['limit'] = `must be a whole number from 1 to ${MAXIMUM_LIMIT}`;
  return limit === undefined || Object.keys(faults).length > 0
    ? refuseParameters(faults)
    : ok({ filter, limit, cursor: asked.get('cursor') || undefined, binding: typed.join('\n') });
}

export interface UsageQuery {
  readonly period: UsagePeriod;
  readonly clientId: string | undefined;
}

/** `period` (default 24h) and `client_id`; refuses with `invalid_request`, naming what is wrong. */
export function parseUsageQuery(asked: Asked): Result<UsageQuery> {
  const faults: Record<string, string> = {};
  const period = USAGE_PERIODS.find((each) => each === (asked.get('period') || '24h'));
  if (period === undefined) faults['period'] = `must be one of ${USAGE_PERIODS.join(', ')}`;
  const text = asked.get('client_id');
  const [, parse, form] = FILTERS.client_id;
  const clientId = text ? parse(text) : undefined;
  if (text && clientId === undefined) faults['client_id'] = form;
  return period === undefined || Object.keys(faults).length > 0
    ? refuseParameters(faults)
    : ok({ period, clientId });
}
