/** What part of a list of transactions is asked for. Instants are epoch seconds, bounds are included. */
import type { CursorPosition } from '#kernel/cursor.ts';
import { parseCursor } from '#kernel/cursor.ts';
import type { FieldError, Result } from '#kernel/result.ts';
import { ok, refuse } from '#kernel/result.ts';
import { DAY_SECONDS, parseDay, parseInstant } from '#kernel/time.ts';
import { parseWholeNumber } from '#kernel/whole-number.ts';

/** Transactions a page has unless `limit` says otherwise, and the most it may say. */
export const DEFAULT_LIMIT = 25;
export const MAXIMUM_LIMIT = 100;
/** The last second of the year 9999: later than every transaction. */
const END_OF_TIME = 253_402_300_799;

/** The query as sent, before it is read: each parameter at most once. */
export type QueryParameters = ReadonlyMap<string, string>;

export interface TransactionQuery {
  readonly limit: number;
  readonly from: number;
  readonly to: number;
  readonly position: CursorPosition | undefined;
  /** Names what a cursor of this list belongs to. */
  readonly binding: string;
}

function wrong(field: string, message: string): FieldError {
  return { field, code: 'invalid', message };
}

/** RFC 3339 with offset, or a date, which is its whole UTC day: its first second, or its last. */
function parseBound(text: string, edge: 'first' | 'last'): number | undefined {
  const day = parseDay(text);
  if (day === undefined) return parseInstant(text);
  return edge === 'first' ? day : day + DAY_SECONDS - 1;
}

function parseLimit(text: string | undefined): number | undefined {
  return text === undefined ? DEFAULT_LIMIT : parseWholeNumber(text, 1, MAXIMUM_LIMIT);
}

/**
 * Reads `limit`, `from`, `to` and `cursor`; other parameters are ignored. `list` names consent and path: a cursor opens
 * the list it came from and no other. Refuses with `invalid_request`, naming each wrong parameter.
 */
export async function parseTransactionQuery(
  parameters: QueryParameters,
  list: { readonly consentId: string; readonly path: string },
): Promise<Result<TransactionQuery>> {
  const errors: FieldError[] = [];
  const limit = parseLimit(parameters.get('limit'));
  if (limit === undefined) errors.push(wrong('limit', `must be a whole number from 1 to ${MAXIMUM_LIMIT}`));
  const fromText = parameters.get('from');
  const toText = parameters.get('to');
  const from = fromText === undefined ? 0 : parseBound(fromText, 'first');
  const to = toText === undefined ? END_OF_TIME : parseBound(toText, 'last');
  const form = 'must be a date or an RFC 3339 date-time with offset (write + as %2B)';
  if (from === undefined) errors.push(wrong('from', form));
  if (to === undefined) errors.push(wrong('to', form));
  if (from !== undefined && to !== undefined && from > to) errors.push(wrong('from', 'must not be after to'));
  const binding = `${list.consentId}\n${list.path}\n${from ?? ''}\n${to ?? ''}`;
  const cursor = parameters.get('cursor');
  // A cursor is read once the filters it is bound to are known to be good.
  const position = cursor === undefined || errors.length > 0 ? undefined : await parseCursor(cursor, binding);
  if (cursor !== undefined && errors.length === 0 && position === undefined) {
    errors.push(wrong('cursor', 'is not a cursor of this list with these filters'));
  }
  if (errors.length > 0 || limit === undefined || from === undefined || to === undefined) {
    const names = [...new Set(errors.map((error) => error.field))].join(', ');
    return refuse('invalid_request', 'query', { message: `Check these parameters: ${names}.`, errors });
  }
  return ok({ limit, from, to, position, binding });
}
