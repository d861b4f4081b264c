/** Usage read from its hours: summed where it lies, one batch. */
import type { Database } from '#edge/database.ts';
import { BUCKETS } from '#traffic/latency.ts';
import type { ErrorUsage, UsageSpan } from '#traffic/usage.ts';

/** Requests, errors, and answered calls by latency bucket. */
export type UsageSum = Readonly<Record<'requests' | 'errors' | `b${number}`, number>>;

/** Whose a sum is; null: calls by API key. */
interface OfClient {
  readonly clientId: string | null;
}

/** Of which stretch of the span, counted from its first. */
interface OfStretch {
  readonly stretch: number;
}

export interface UsageSums {
  readonly stretches: readonly (UsageSum & OfStretch)[];
  readonly clients: readonly (UsageSum & OfClient)[];
  readonly routes: readonly (UsageSum & OfClient & { readonly route: string })[];
  readonly errors: readonly ErrorUsage[];
  /** The busiest minute of each client in each stretch. */
  readonly peaks: readonly (OfStretch & OfClient & { readonly requests: number })[];
}

/** Errors shown at most; there are not many more codes. */
const ERRORS = 100;
/** Clients, and routes of clients, shown at most. */
const ROWS = 500;

const SUMS = `sum(requests) AS requests, sum(iif(status >= 400, requests, 0)) AS errors, ${BUCKETS.map(
  (bucket) => `sum(${bucket}) AS ${bucket}`,
).join(', ')}`;
const CLIENT = "nullif(client_id, '') AS clientId";

/** Of the organisation, or of one of its clients. */
export async function readUsageSums(
  { $client }: Database,
  organisationId: string,
  { fromHour, toHour, stretchHours }: UsageSpan,
  clientId: string | undefined,
): Promise<UsageSums> {
  const where = `WHERE organisation_id = ?1 AND hour >= ?2 AND hour < ?3 ${clientId === undefined ? '' : 'AND client_id = ?4'}`;
  const values = [organisationId, fromHour, toHour, ...(clientId === undefined ? [] : [clientId])];
  const stretch = `(hour - ${fromHour}) / ${stretchHours} AS stretch`;
  const ask = (text: string) => $client.prepare(text).bind(...values);
  const results = await $client.batch([
    ask(`SELECT ${stretch}, ${SUMS} FROM usage_hours ${where} GROUP BY stretch`),
    // By themselves, as an organisation may have more routes of clients than are read.
    ask(
      `SELECT ${CLIENT}, ${SUMS} FROM usage_hours ${where} GROUP BY client_id ORDER BY requests DESC LIMIT ${ROWS}`,
    ),
    ask(
      `SELECT ${CLIENT}, route, ${SUMS} FROM usage_hours ${where} GROUP BY client_id, route ORDER BY requests DESC LIMIT ${ROWS}`,
    ),
    ask(
      `SELECT status, nullif(code, '') AS code, sum(requests) AS requests FROM usage_hours ${where} AND status >= 400
       GROUP BY status, code ORDER BY requests DESC LIMIT ${ERRORS}`,
    ),
    ask(
      `SELECT ${stretch}, ${CLIENT}, max(requests) AS requests FROM usage_peaks ${where} GROUP BY stretch, client_id`,
    ),
  ]);
  const [stretches, clients, routes, errors, peaks] = results.map((each) => each.results);
  return { stretches, clients, routes, errors, peaks } as unknown as UsageSums;
}
