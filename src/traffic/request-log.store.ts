/**
 * The request log's rows: written in bulk by message, each message once, with the sums of usage in the same transaction;
 * cut to size and age. Texts rather than Drizzle's builders, which would weigh more in the bundle than they say here.
 */
import type { Database } from '#edge/database.ts';
import { BUCKETS } from '#traffic/latency.ts';
import type { Takings } from '#traffic/takings.ts';

/** Where the rows of new messages come from: each row begins with its message, and `?2` is this attempt. */
const NEW_ROWS = 'FROM json_each(?1) JOIN request_messages ON message_id = value ->> 0 AND taken_by = ?2';

/** The first columns after the message. */
function columns(count: number): string {
  return Array.from({ length: count }, (_, index) => `value ->> ${index + 1}`).join(', ');
}

/**
 * Writes what is new: a message that was taken before changes nothing, whenever and however often it comes again. One
 * transaction. `attempt` must be another one at each call, as an earlier attempt may have happened after all. Returns the
 * organisations among them that have more than `cutAbove` rows.
 */
export async function writeTakings(
  { $client }: Database,
  takings: Takings,
  { attempt, cutAbove }: { readonly attempt: string; readonly cutAbove: number },
): Promise<readonly string[]> {
  const bulk = (text: string, rows: readonly unknown[]) =>
    $client.prepare(text).bind(JSON.stringify(rows), attempt);
  const results = await $client.batch<{ organisation_id: string }>([
    bulk(
      'INSERT OR IGNORE INTO request_messages (message_id, taken_by) SELECT value, ?2 FROM json_each(?1)',
      takings.messageIds,
    ),
    bulk(
      `INSERT OR IGNORE INTO request_log (organisation_id, at_ms, entry_id, method, route, status, code, duration_ms,
         request_id, client_id, credential) SELECT ${columns(11)} ${NEW_ROWS}`,
      takings.rows,
    ),
    bulk(
      `INSERT INTO request_log_sizes (organisation_id, held, oldest_ms) SELECT ${columns(3)} ${NEW_ROWS} WHERE true
       ON CONFLICT DO UPDATE SET held = held + excluded.held, oldest_ms = min(oldest_ms, excluded.oldest_ms)`,
      takings.sizes,
    ),
    bulk(
      `INSERT INTO usage_minutes (organisation_id, client_id, minute, requests)
       SELECT ${columns(4)} ${NEW_ROWS} WHERE true
       ON CONFLICT DO UPDATE SET requests = requests + excluded.requests`,
      takings.minutes,
    ),
    // Reads what the statement before left; the greatest of a message that came before is the greatest still.
    $client
      .prepare(
        `INSERT INTO usage_peaks (organisation_id, hour, client_id, requests)
         SELECT organisation_id, minute / 60, client_id, requests FROM json_each(?1) JOIN usage_minutes
           ON organisation_id = value ->> 1 AND client_id = value ->> 2 AND minute = value ->> 3 WHERE true
         ON CONFLICT DO UPDATE SET requests = max(requests, excluded.requests)`,
      )
      .bind(JSON.stringify(takings.minutes)),
    bulk(
      `INSERT INTO usage_hours (organisation_id, hour, client_id, route, status, code, requests,
         ${BUCKETS.join(', ')})
       SELECT ${columns(7)}, ${BUCKETS.map((bucket) => `coalesce(value -> 8 ->> '${bucket}', 0)`).join(', ')}
       ${NEW_ROWS} WHERE true
       ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
         ${BUCKETS.map((bucket) => `${bucket} = ${bucket} + excluded.${bucket}`).join(', ')}`,
      takings.hours,
    ),
    $client
      .prepare(
        `SELECT organisation_id FROM request_log_sizes
         WHERE organisation_id IN (SELECT value ->> 1 FROM json_each(?1)) AND held > ?2`,
      )
      .bind(JSON.stringify(takings.sizes), cutAbove),
  ]);
  return (results.at(-1)?.results ?? []).map((row) => row.organisation_id);
}

/** Removes an organisation's rows beyond its newest `keep` and those before `fromMs`, and counts the rest. One transaction. */
export async function cutLog(
  { $client }: Database,
  organisationId: string,
  { keep, fromMs }: { readonly keep: number; readonly fromMs: number },
): Promise<void> {
  await $client.batch([
    $client
      .prepare(
        `DELETE FROM request_log WHERE organisation_id = ?1 AND (at_ms < ?3 OR (at_ms, entry_id) <= (
           SELECT at_ms, entry_id FROM request_log WHERE organisation_id = ?1
           ORDER BY at_ms DESC, entry_id DESC LIMIT 1 OFFSET ?2))`,
      )
      .bind(organisationId, keep, fromMs),
    $client
      .prepare(
        `UPDATE request_log_sizes SET (held, oldest_ms) = (SELECT count(*), coalesce(min(at_ms), ?2)
           FROM request_log WHERE organisation_id = ?1) WHERE organisation_id = ?1`,
      )
      .bind(organisationId, Number.MAX_SAFE_INTEGER),
  ]);
}

/** Organisations with more than `keep` rows or one from before `fromMs`, at most `limit`. */
export async function findOverfull(
  { $client }: Database,
  { keep, fromMs, limit }: { readonly keep: number; readonly fromMs: number; readonly limit: number },
): Promise<readonly string[]> {
  const { results } = await $client
    .prepare('SELECT organisation_id FROM request_log_sizes WHERE held > ?1 OR oldest_ms < ?2 LIMIT ?3')
    .bind(keep, fromMs, limit)
    .all<{ organisation_id: string }>();
  return results.map((row) => row.organisation_id);
}

/** What is too old: hours and minutes before these, and messages whose id lies before `messageId`. */
export interface Ages {
  readonly hour: number;
  readonly minute: number;
  readonly messageId: string;
  /** Rows removed of each table at most. */
  readonly limit: number;
}

/** Removes sums and messages that are too old; returns whether there may be more. One transaction. */
export async function forgetSums(
  { $client }: Database,
  { hour, minute, messageId, limit }: Ages,
): Promise<boolean> {
  const remove = (table: string, condition: string, value: number | string) =>
    $client
      .prepare(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition} < ?1 LIMIT ?2)`,
      )
      .bind(value, limit);
  const results = await $client.batch([
    remove('usage_hours', 'hour', hour),
    remove('usage_peaks', 'hour', hour),
    remove('usage_minutes', 'minute', minute),
    remove('request_messages', 'message_id', messageId),
  ]);
  return results.some(({ meta }) => meta.changes >= limit);
}
