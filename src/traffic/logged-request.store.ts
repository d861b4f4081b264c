/**
 * The request log read: pages, errors in groups. Every statement is of one organisation's rows alone, but the one
 * by which the bank's staff find a call.
 */
import type { Database } from '#edge/database.ts';
import type { CursorPosition } from '#kernel/cursor.ts';
import type { ErrorGroup, LoggedRequest, OwnedRequest } from '#traffic/logged-request.ts';
import type { RequestFilter } from '#traffic/request-query.ts';

const COLUMNS = `entry_id AS entryId, at_ms AS atMs, method, route, status, code, duration_ms AS durationMs,
  request_id AS requestId, client_id AS clientId, credential`;

type Value = string | number;

/** Conditions with the values they are bound to, in order. */
function conditionsOf(organisationId: string, filter: RequestFilter): { text: string; values: Value[] } {
  const [lowest, highest] = filter.status ?? [];
  const conditions = Object.entries({
    'organisation_id = ?': organisationId,
    'request_id = ?': filter.requestId,
    'at_ms >= ?': filter.fromMs,
    'at_ms <= ?': filter.toMs,
    'client_id = ?': filter.clientId,
    'status >= ?': lowest,
    'status <= ?': highest,
    'code = ?': filter.code,
    'method = ?': filter.method,
    'route = ?': filter.route,
  }).flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]));
  return {
    text: conditions.map(({ text }) => text).join(' AND '),
    values: conditions.map(({ value }) => value),
  };
}

/** At most `limit` rows beyond the cursor's, or the newest ones; nearest first. */
export async function readRequestPage(
  { $client }: Database,
  organisationId: string,
  filter: RequestFilter,
  cursor: CursorPosition | undefined,
  limit: number,
): Promise<LoggedRequest[]> {
  const { text, values } = conditionsOf(organisationId, filter);
  const [sign, order] = cursor?.direction === 'prev' ? ['>', 'ASC'] : ['<', 'DESC'];
  const further = cursor === undefined ? '' : `AND (at_ms, entry_id) ${sign} (?, ?)`;
  const position = cursor === undefined ? [] : [cursor.createdAt, cursor.id];
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

/** Calls of that request id, whosever they are, newest first: one look into the index for each organisation with calls. */
export async function readCallsOfRequest(
  { $client }: Database,
  requestId: string,
  limit: number,
): Promise<readonly OwnedRequest[]> {
  const { results } = await $client
    .prepare(
      `SELECT organisation_id AS organisationId, ${COLUMNS} FROM request_log_sizes
       CROSS JOIN request_log INDEXED BY request_log_by_request USING (organisation_id)
       WHERE request_id = ?1 ORDER BY at_ms DESC LIMIT ?2`,
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
