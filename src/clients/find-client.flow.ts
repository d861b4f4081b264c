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
/** How long an answer is not asked for again because of bad signatures or unknown ids, milliseconds. */
const RECHECK_MS = 2_000;

interface Copy {
  /** Undefined where D1 had no such client. */
  readonly client: Client | undefined;
  readonly readAtMs: number;
}

const copies = defineIsolateSlot(() => boundedCache<Copy>(CLIENTS_MAXIMUM));

function suffices(copy: Copy, { newerThan, fresh, recheck }: FindClientNeeds, nowMs: number): boolean {
  const isYoung = nowMs - copy.readAtMs < RECHECK_MS;
  if (fresh === true) return false;
  if (copy.client === undefined) return isYoung && newerThan === undefined;
  if (newerThan !== undefined && copy.client.version <= newerThan) return false;
  return recheck !== true || isYoung;
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
  const memory = copies.of(scope.isolate);
  const copy = memory.get(clientId);
  if (copy !== undefined && suffices(copy, needs, scope.nowMs)) return copy.client;
  const client = (await retryRead(scope, () => readRegistration(scope.database, clientId)))?.client;
  // A row older than what the client object knows is never kept.
  if (needs.newerThan !== undefined && (client === undefined || client.version <= needs.newerThan)) {
    return undefined;
  }
  memory.set(clientId, { client, readAtMs: scope.nowMs });
  return client;
}

/** The remembered client, however old, without asking D1: who has proven nothing yet is checked with it first. */
export function peekClient(scope: Scope, clientId: string): Client | undefined {
  return copies.of(scope.isolate).get(clientId)?.client;
}
