/** Messages of the request log's queue, and their delivery to the consumer. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createQueue } from '#app.ts';
import { messageIdOf, type RequestEntry, type RequestMessage } from '#traffic/request-entry.ts';
import { listLog, TEST_NOW_MS } from './scope.ts';

let count = 0;

/** A call as an isolate notes it. */
export function entryOf(parts: Partial<RequestEntry> = {}): RequestEntry {
  return {
    atMs: TEST_NOW_MS,
    route: 'GET /open-banking/v1/accounts/:account_id',
    status: 200,
    ms: 12,
    requestId: crypto.randomUUID(),
    clientId: null,
    organisationId: null,
    credential: 'token 1a2b3c4d',
    code: null,
    ...parts,
  };
}

/** A message of its own. */
export function messageOf(entries: readonly RequestEntry[], atMs = TEST_NOW_MS): RequestMessage {
  count += 1;
  return { id: messageIdOf(atMs, count.toString(16).padStart(12, '0')), entries };
}

/** One delivery of messages; what the consumer asked of the queue, and what it logged. */
export async function deliver(
  messages: readonly unknown[],
  { nowMs = TEST_NOW_MS, bindings = {} }: { nowMs?: number; bindings?: Record<string, unknown> } = {},
) {
  const { log, lines } = listLog();
  const queue = createQueue({ clock: { nowMs: () => nowMs }, log });
  const batch = createMessageBatch(
    'hamster-bank-requests',
    messages.map((body, index) => ({
      id: `delivery-${index}`,
      timestamp: new Date(nowMs),
      attempts: 1,
      body,
    })),
  );
  const context = createExecutionContext();
  await queue(batch, { ...env, ...bindings }, context);
  return { result: await getQueueResult(batch, context), lines };
}

/** Rows of a table, as they lie. */
export async function rowsOf(table: string, organisationId?: string): Promise<Record<string, unknown>[]> {
  const text = `SELECT * FROM ${table} ${organisationId === undefined ? '' : 'WHERE organisation_id = ?1'}`;
  const statement = env.DB.prepare(text);
  const { results } = await (organisationId === undefined ? statement : statement.bind(organisationId)).all();
  return results;
}
