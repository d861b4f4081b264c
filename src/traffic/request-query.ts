/** Which part of the request log is asked for: the same for the API and the dashboard's form. Bounds are included. */
import { isUuid } from '#kernel/ids.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';
import { DAY_SECONDS, parseDay, parseInstant } from '#kernel/time.ts';
import { parseWholeNumber } from '#kernel/whole-number.ts';

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
  /** The filters as text: a cursor is of the list that has them. */
  readonly binding: string;
}

/** The parameters of a list, by name; `cursor` and `limit` beside the filters. */
export const FILTER_NAMES = [
  'client_id',
  'status',
  'code',
  'method',
  'route',
  'request_id',
  'from',
  'to',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** What the form of each filter is, where a text has it not. */
const FORMS: Readonly<Record<FilterName | 'limit', string>> = {
  client_id: 'must be a client_id',
  status: 'must be a status, or a class of them: 404, 4xx',
  code: 'must be an error code',
  method: `must be one of ${METHODS.join(', ')}`,
  route: 'must be a path as the documents write it: /open-banking/v1/accounts/{account_id}',
  request_id: 'must be a UUID',
  from: 'must be a date or an RFC 3339 date-time with offset (write + as %2B)',
  to: 'must be a date or an RFC 3339 date-time with offset (write + as %2B)',
  limit: `must be a whole number from 1 to ${MAXIMUM_LIMIT}`,
};

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

const MEMBERS = {
  client_id: ['clientId', (text) => (isUuid(text) ? text.toLowerCase() : undefined)],
  status: ['status', parseStatus],
  code: ['code', (text) => matching(text, /^[a-z_]{1,60}$/)],
  method: ['method', (text) => METHODS.find((method) => method === text.toUpperCase())],
  route: ['route', (text) => matching(text, /^\/[\w{}./-]{0,150}$/)],
  request_id: ['requestId', (text) => (isUuid(text) ? text : undefined)],
  from: ['fromMs', (text) => parseBound(text, 'first')],
  to: ['toMs', (text) => parseBound(text, 'last')],
} as const satisfies Record<
  FilterName,
  readonly [keyof RequestFilter, (text: string) => RequestFilter[keyof RequestFilter]]
>;

function parseLimit(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? DEFAULT_LIMIT : parseWholeNumber(text, 1, MAXIMUM_LIMIT);
}

/** Refuses with `invalid_request`, naming each wrong parameter; others are ignored. */
export function parseRequestQuery(asked: Asked): Result<RequestQuery> {
  const errors: FieldError[] = [];
  const wrong = (field: FilterName | 'limit', message: string = FORMS[field]) =>
    errors.push({ field, code: 'invalid', message });
  const filter: Partial<Record<keyof RequestFilter, unknown>> = {};
  const binding: string[] = [];
  for (const name of FILTER_NAMES) {
    const text = asked.get(name)?.trim() ?? '';
    if (text === '') continue;
    const [member, parse] = MEMBERS[name];
    const value = parse(text);
    if (value === undefined) wrong(name);
    else filter[member] = value;
    binding.push(`${name}=${text}`);
  }
  const found = filter as RequestFilter;
  if (found.fromMs !== undefined && found.toMs !== undefined && found.fromMs > found.toMs) {
    wrong('from', 'must not be after to');
  }
  const limit = parseLimit(asked.get('limit'));
  if (limit === undefined) wrong('limit');
  if (errors.length > 0 || limit === undefined) {
    const names = errors.map(({ field }) => field).join(', ');
    return refuse('invalid_request', 'query', { message: `Check these parameters: ${names}.`, errors });
  }
  const cursor = asked.get('cursor');
  return ok({
    filter: found,
    limit,
    cursor: cursor === '' ? undefined : cursor,
    binding: binding.join('\n'),
  });
}
