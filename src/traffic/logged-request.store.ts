/**
 * The request log read: pages, one call, errors in groups. Every statement is of one organisation's rows alone, but the one
 * by which the bank's staff find a call.
 */
import type { Database } from '#edge/database.ts';
import type { ErrorGroup, LoggedRequest, OwnedRequest } from '#traffic/logged-request.ts';
import type { RequestFilter } from '#traffic/request-query.ts';

const COLUMNS = `entry_id AS entryId, at_ms AS atMs, method, route, status, code, duration_ms AS durationMs,
  request_id AS requestId, client_id AS clientId, credential`;

type Value = string | number;

/** Conditions with the values they are bound to, in order. */
function conditionsOf(organisationId: string, filter: RequestFilter): { text: string; values: Value[] } {
  const { clientId, status, code, method, route, requestId, fromMs, toMs } = filter;
  const conditions: readonly (readonly [string, ...(Value | undefined)[]])[] = [
    ['organisation_id = ?', organisationId],
    ['request_id = ?', requestId],
    ['at_ms >= ?', fromMs],
    ['at_ms <= ?', toMs],
    ['client_id = ?', clientId],
    ['status BETWEEN ? AND ?', ...(status ?? [undefined])],
    ['code = ?', code],
    ['method = ?', method],
    ['route = ?', route],
  ];
  const present = conditions.flatMap(([text, ...values]) => {
    const bound = values.filter((value) => value !== undefined);
    return bound.length < values.length ? [] : [{ text, bound }];
  });
  return {
    text: present.map(({ text }) => text).join(' AND '),
    values: present.flatMap(({ bound }) => bound),
  };
}

export interface PagePosition {
  /** Rows beyond this one; absent: from the end that `toward` leads away from. */
  readonly beyond?: { readonly atMs: number; readonly entryId: string };
  readonly toward: 'older' | 'newer';
  readonly limit: number;
}

/** At most `limit` rows in the direction of `toward`, nearest first. */
export async function readRequestPage(
  { $client }: Database,
  organisationId: string,
  filter: RequestFilter,
  { beyond, toward, limit }: PagePosition,
): Promise<readonly LoggedRequest[]> {
  const { text, values } = conditionsOf(organisationId, filter);
  const [sign, order] = toward === 'older' ? ['<', 'DESC'] : ['>', 'ASC'];
  const further = beyond === undefined ? '' : `AND (at_ms, entry_id) ${sign} (?, ?)`;
  const position = beyond === undefined ? [] : [beyond.atMs, beyond.entryId];
  // Without the word the planner walks all of the organisation's rows, as those need no sorting.
  const by = filter.requestId === undefined ? '' : 'INDEXED BY request_log_by_request';
  const { results } = await $client
    .prepare(
      `SELECT ${COLUMNS} FROM request_log ${by} WHERE ${text} ${further}
       ORDER BY at_ms ${order}, entry_id ${order} LIMIT ?`,
    )
    .bind(...values, ...position, limit)
    .all<LoggedRequest>();
  return results;
}

/** The newest call with that id. */
export async function readRequest(
  { $client }: Database,
  organisationId: string,
  requestId: string,
): Promise<LoggedRequest | undefined> {
  const { results } = await $client
    .prepare(
      `SELECT ${COLUMNS} FROM request_log WHERE organisation_id = ?1 AND request_id = ?2 ORDER BY at_ms DESC LIMIT 1`,
    )
    .bind(organisationId, requestId)
    .all<LoggedRequest>();
  return results[0];
}

/** Calls of that request id, whosever they are, newest first: one look into the index for each organisation with calls. */
export async function readCallsOfRequest(
  { $client }: Database,
  requestId: string,
  limit: number,
): Promise<readonly OwnedRequest[]> {
  const { results } = await $client
    .prepare(
      `SELECT sizes.organisation_id AS organisationId, ${COLUMNS} FROM request_log_sizes AS sizes
       CROSS JOIN request_log AS log INDEXED BY request_log_by_request
         ON log.organisation_id = sizes.organisation_id AND log.request_id = ?1 ORDER BY at_ms DESC LIMIT ?2`,
    )
    .bind(requestId, limit)
    .all<OwnedRequest>();
  return results;
}

/** Errors alike, the most frequent first, at most `limit` groups. */
export async function readErrorGroups(
  { $client }: Database,
  organisationId: string,
  filter: RequestFilter,
  limit: number,
): Promise<readonly ErrorGroup[]> {
  const { text, values } = conditionsOf(organisationId, filter);
  // The bare request_id is that of the row with the greatest time (SQLite, "bare columns in an aggregate query").
  const { results } = await $client
    .prepare(
      `SELECT status, code, method, route, client_id AS clientId, count(*) AS requests, max(at_ms) AS lastMs,
         request_id AS requestId
       FROM request_log WHERE ${text} AND status >= 400
       GROUP BY code, status, route, method, client_id ORDER BY requests DESC, lastMs DESC LIMIT ?`,
    )
    .bind(...values, limit)
    .all<ErrorGroup>();
  return results;
}
