/** What messages of the queue come to in rows: the calls, and their sums by message, so that each message counts once. */
import { bucketOf } from '#traffic/latency.ts';
import { type RequestEntry, type RequestMessage, splitRoute } from '#traffic/request-entry.ts';

const HOUR_MS = 3_600_000;
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

/** A call of a message, with whose it is: its key's organisation, else its client's owner. */
interface Call extends RequestEntry {
  readonly id: string;
  readonly owner: string;
  readonly index: number;
  readonly client: string;
  readonly method: string;
  readonly path: string;
}

/** Calls as their message tells them; those whose client nobody owns are left out. */
function callsOf({ id, entries }: RequestMessage, owners: ReadonlyMap<string, string>): readonly Call[] {
  return entries.flatMap((entry, index) => {
    const client = entry.clientId ?? '';
    const owner = entry.organisationId ?? owners.get(client);
    return owner === undefined ? [] : [{ ...entry, id, owner, index, client, ...splitRoute(entry.route) }];
  });
}

/** Answered calls by latency bucket. A refusal is quick: it would flatter the times. */
function bucketsOf(calls: readonly Call[]): Readonly<Record<string, number>> {
  const buckets: Record<string, number> = {};
  for (const { status, ms } of calls) {
    const name = `b${bucketOf(ms)}`;
    if (status < 400) buckets[name] = (buckets[name] ?? 0) + 1;
  }
  return buckets;
}

/** The rows and sums of messages. */
export function takingsOf(messages: readonly RequestMessage[], owners: ReadonlyMap<string, string>): Takings {
  const calls = messages.flatMap((message) => callsOf(message, owners));
  /** One row for the calls that have the same `columns`: those, then what the calls come to. */
  const sums = (
    columns: (call: Call) => readonly unknown[],
    sum: (calls: readonly Call[]) => readonly unknown[],
  ): Takings['sizes'] => {
    const alike = Map.groupBy(calls, (call) => JSON.stringify([call.id, call.owner, ...columns(call)]));
    return Array.from(alike, ([names, group]) => [...(JSON.parse(names) as unknown[]), ...sum(group)]);
  };
  return {
    messageIds: messages.map(({ id }) => id),
    rows: calls.map(({ id, owner, index, ...call }) => [
      id,
      owner,
      call.atMs,
      `${id}.${index}`,
      call.method,
      call.path,
      call.status,
      call.code,
      call.ms,
      call.requestId,
      call.clientId,
      call.credential,
    ]),
    sizes: sums(
      () => [],
      (group) => [group.length, Math.min(...group.map(({ atMs }) => atMs))],
    ),
    minutes: sums(
      ({ client, atMs }) => [client, Math.floor(atMs / MINUTE_MS)],
      (group) => [group.length],
    ),
    hours: sums(
      ({ atMs, client, method, path, status, code }) => [
        Math.floor(atMs / HOUR_MS),
        client,
        `${method} ${path}`,
        status,
        code ?? '',
      ],
      (group) => [group.length, bucketsOf(group)],
    ),
  };
}
