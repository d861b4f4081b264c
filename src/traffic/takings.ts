/** What messages of the queue come to in rows: the calls, and their sums by message, so that each message counts once. */
import { DAY_SECONDS } from '#kernel/time.ts';
import { bucketOf } from '#traffic/latency.ts';
import { type RequestEntry, type RequestMessage, splitRoute } from '#traffic/request-entry.ts';

const HOUR_MS = (DAY_SECONDS / 24) * 1000;
const MINUTE_MS = 60_000;

/** Rows as arrays in the order of their columns, each after its message's id. */
export interface Takings {
  readonly messageIds: readonly string[];
  /** organisation, time, entry, method, path, status, code, duration, request, client, credential. */
  readonly rows: readonly (readonly unknown[])[];
  /** organisation, rows, oldest. */
  readonly sizes: readonly (readonly unknown[])[];
  /** organisation, client, minute, requests. */
  readonly minutes: readonly (readonly unknown[])[];
  /** organisation, hour, client, route, status, code, requests, then answered calls by latency bucket. */
  readonly hours: readonly (readonly unknown[])[];
}

/** Whose a call is: its key's organisation, else its client's owner; undefined where nobody is known. */
function ownerOf(entry: RequestEntry, owners: ReadonlyMap<string, string>): string | undefined {
  return entry.organisationId ?? owners.get(entry.clientId ?? '');
}

type Sums<T> = Map<string, { key: readonly unknown[]; sum: T }>;

/** One row a sum: what names it, then what it came to. */
function rowsOf<T>(sums: Sums<T>, render: (sum: T) => readonly unknown[]): (readonly unknown[])[] {
  return Array.from(sums.values(), ({ key, sum }) => key.concat(render(sum)));
}

interface HourSum {
  requests: number;
  /** Answered calls by latency bucket. */
  readonly buckets: Record<number, number>;
}

/** A sum under the columns that name it; what is summed is made at the first. */
function sumOf<T>(sums: Sums<T>, key: readonly unknown[], make: () => T): T {
  const name = JSON.stringify(key);
  const found = sums.get(name) ?? { key, sum: make() };
  sums.set(name, found);
  return found.sum;
}

/** The rows and sums of messages; calls whose client nobody owns are left out. */
export function takingsOf(messages: readonly RequestMessage[], owners: ReadonlyMap<string, string>): Takings {
  const rows: (readonly unknown[])[] = [];
  const sizes: Sums<{ held: number; oldestMs: number }> = new Map();
  const minutes: Sums<{ requests: number }> = new Map();
  const hours: Sums<HourSum> = new Map();
  for (const { id, entries } of messages) {
    for (const [index, entry] of entries.entries()) {
      const owner = ownerOf(entry, owners);
      if (owner === undefined) continue;
      const { atMs, status, code, ms, requestId, clientId, credential } = entry;
      const { method, path } = splitRoute(entry.route);
      const client = clientId ?? '';
      const place: unknown[] = [id, owner, atMs, `${id}.${index}`];
      rows.push(place.concat(method, path, status, code, ms, requestId, clientId, credential));
      const size = sumOf(sizes, [id, owner], () => ({ held: 0, oldestMs: atMs }));
      size.held += 1;
      size.oldestMs = Math.min(size.oldestMs, atMs);
      const minute = [id, owner, client, Math.floor(atMs / MINUTE_MS)];
      sumOf(minutes, minute, () => ({ requests: 0 })).requests += 1;
      const outcome = [
        id,
        owner,
        Math.floor(atMs / HOUR_MS),
        client,
        `${method} ${path}`,
        status,
        code ?? '',
      ];
      const hour = sumOf<HourSum>(hours, outcome, () => ({ requests: 0, buckets: {} }));
      hour.requests += 1;
      // A refusal is quick: it would flatter the times.
      if (status >= 400) continue;
      const bucket = bucketOf(ms);
      hour.buckets[bucket] = (hour.buckets[bucket] ?? 0) + 1;
    }
  }
  return {
    messageIds: messages.map(({ id }) => id),
    rows,
    sizes: rowsOf(sizes, ({ held, oldestMs }) => [held, oldestMs]),
    minutes: rowsOf(minutes, ({ requests }) => [requests]),
    hours: rowsOf(hours, ({ requests, buckets }) => [requests, buckets]),
  };
}
