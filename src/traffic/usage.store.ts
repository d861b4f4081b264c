/** Usage read from its hours: summed where it lies, one batch. */
import type { Database } from '#edge/database.ts';
import { LATENCY_BUCKETS } from '#traffic/latency.ts';
import type { UsageSpan } from '#traffic/usage.ts';

/** Requests, errors, and answered calls by latency bucket. */
export interface UsageSum {
  readonly requests: number;
  readonly errors: number;
  readonly buckets: readonly number[];
}

export interface UsageSums {
  /** By stretch of the span, counted from its first. */
  readonly stretches: ReadonlyMap<number, UsageSum>;
  readonly clients: readonly { readonly clientId: string; readonly sum: UsageSum }[];
  readonly routes: readonly { readonly clientId: string; readonly route: string; readonly sum: UsageSum }[];
  readonly errors: readonly { readonly status: number; readonly code: string; readonly requests: number }[];
  /** The busiest minute of each client in each stretch. */
  readonly peaks: readonly {
    readonly stretch: number;
    readonly clientId: string;
    readonly requests: number;
  }[];
}

/** Errors shown at most; there are not many more codes. */
const ERRORS = 100;
/** Clients, and routes of clients, shown at most. */
const ROWS = 500;

type Row = Readonly<Record<string, number | string>>;

function sumOf(row: Row): UsageSum {
  return {
    requests: Number(row['requests']),
    errors: Number(row['errors']),
    buckets: Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => Number(row[`b${bucket}`])),
  };
}

/** Of the organisation, or of one of its clients (an empty one: calls by API key). */
export async function readUsageSums(
  { $client }: Database,
  organisationId: string,
  { fromHour, toHour, stretchHours }: UsageSpan,
  clientId: string | undefined,
): Promise<UsageSums> {
  const sums = `sum(requests) AS requests, sum(iif(status >= 400, requests, 0)) AS errors, ${Array.from(
    { length: LATENCY_BUCKETS },
    (_, bucket) => `sum(b${bucket}) AS b${bucket}`,
  ).join(', ')}`;
  const where = `WHERE organisation_id = ?1 AND hour >= ?2 AND hour < ?3 ${clientId === undefined ? '' : 'AND client_id = ?4'}`;
  const values = [organisationId, fromHour, toHour, ...(clientId === undefined ? [] : [clientId])];
  const stretch = `(hour - ${fromHour}) / ${stretchHours} AS stretch`;
  const ask = (text: string) => $client.prepare(text).bind(...values);
  const [stretches, clients, routes, errors, peaks] = await $client.batch<Row>([
    ask(`SELECT ${stretch}, ${sums} FROM usage_hours ${where} GROUP BY stretch`),
    // By themselves, as an organisation may have more routes of clients than are read.
    ask(
      `SELECT client_id, ${sums} FROM usage_hours ${where} GROUP BY client_id ORDER BY requests DESC LIMIT ${ROWS}`,
    ),
    ask(
      `SELECT client_id, route, ${sums} FROM usage_hours ${where} GROUP BY client_id, route ORDER BY requests DESC LIMIT ${ROWS}`,
    ),
    ask(
      `SELECT status, code, sum(requests) AS requests FROM usage_hours ${where} AND status >= 400
       GROUP BY status, code ORDER BY requests DESC LIMIT ${ERRORS}`,
    ),
    ask(
      `SELECT ${stretch}, client_id, max(requests) AS requests FROM usage_peaks ${where} GROUP BY stretch, client_id`,
    ),
  ]);
  return {
    stretches: new Map((stretches?.results ?? []).map((row) => [Number(row['stretch']), sumOf(row)])),
    clients: (clients?.results ?? []).map((row) => ({
      clientId: String(row['client_id']),
      sum: sumOf(row),
    })),
    routes: (routes?.results ?? []).map((row) => ({
      clientId: String(row['client_id']),
      route: String(row['route']),
      sum: sumOf(row),
    })),
    errors: (errors?.results ?? []).map((row) => ({
      status: Number(row['status']),
      code: String(row['code']),
      requests: Number(row['requests']),
    })),
    peaks: (peaks?.results ?? []).map((row) => ({
      stretch: Number(row['stretch']),
      clientId: String(row['client_id']),
      requests: Number(row['requests']),
    })),
  };
}
