/** Finds a client by its id, from the isolate's memory where that is allowed. D1: one read at most. Objects: none. */

import { readRegistration } from '#clients/client.store.ts';
import type { Client } from '#clients/client.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { isUuid } from '#kernel/ids.ts';

export interface FindClientNeeds {
  /** Only a client of a later version than this will do. To ask for version n or later: `n - 1`. */
  readonly newerThan?: number;
  /** Reads D1 whatever is remembered: pages, which no client object stands behind. */
  readonly fresh?: boolean;
  /** Reads D1 unless the copy is younger than 2 s: after a signature that the remembered keys did not make. */
  readonly recheck?: boolean;
}

/** Clients an isolate remembers; a forgotten one costs a read. */
const CLIENTS_MAXIMUM = 2_000;
/** Ids without a client that it remembers, beside them: who invents ids must not push out the clients there are. */
const UNKNOWN_MAXIMUM = 500;
/** How long an answer is not asked for again because of bad signatures or unknown ids, milliseconds. */
const RECHECK_MS = 2_000;

interface Copy {
  readonly client: Client;
  readonly readAtMs: number;
}

const memories = defineIsolateSlot(() => ({
  copies: boundedCache<Copy>(CLIENTS_MAXIMUM),
  /** When D1 last had no client of an id, epoch milliseconds. */
  unknownAtMs: boundedCache<number>(UNKNOWN_MAXIMUM),
}));

function isYoung(readAtMs: number | undefined, nowMs: number): boolean {
  return readAtMs !== undefined && nowMs - readAtMs < RECHECK_MS;
}

function suffices(copy: Copy, { newerThan, recheck }: FindClientNeeds, nowMs: number): boolean {
  if (newerThan !== undefined && copy.client.version <= newerThan) return false;
  return recheck !== true || isYoung(copy.readAtMs, nowMs);
}

/**
 * The client in whatever status, or undefined: unknown, or with `newerThan` none so new. A copy may be old: the client
 * object's answer says by its version whether it is, and whether the client still lives.
 */
export async function findClient(
  scope: Scope,
  clientId: string,
  needs: FindClientNeeds = {},
): Promise<Client | undefined> {
  // Also keeps invented names out of the memory.
  if (!isUuid(clientId)) return undefined;
  const { copies, unknownAtMs } = memories.of(scope.isolate);
  const copy = copies.get(clientId);
  if (needs.fresh !== true) {
    if (copy !== undefined && suffices(copy, needs, scope.nowMs)) return copy.client;
    const isKnownAbsent = copy === undefined && isYoung(unknownAtMs.get(clientId), scope.nowMs);
    if (isKnownAbsent && needs.newerThan === undefined) return undefined;
  }
  const client = (await retryRead(scope, () => readRegistration(scope.database, clientId)))?.client;
  // A row older than what the client object knows is never kept.
  if (needs.newerThan !== undefined && (client === undefined || client.version <= needs.newerThan)) {
    return undefined;
  }
  if (client === undefined) unknownAtMs.set(clientId, scope.nowMs);
  else copies.set(clientId, { client, readAtMs: scope.nowMs });
  return client;
}

/** The remembered client, however old, without asking D1: who has proven nothing yet is checked with it first. */
export function peekClient(scope: Scope, clientId: string): Client | undefined {
  return memories.of(scope.isolate).copies.get(clientId)?.client;
}
