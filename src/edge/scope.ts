/** The scope of one request: what a flow may reach, with the one reading of the clock that dates everything in it. */
import type { Database } from '#edge/database.ts';
import type { Isolate } from '#edge/isolate.ts';
import type { Log } from '#edge/log.ts';
import type { Settings } from '#edge/settings.ts';

/** What the request's log line will say beside its route and status; whoever learns it writes it down. */
export interface RequestTrace {
  /** Round trips to D1, and calls of Durable Objects with their repetitions, so far. */
  d1: number;
  objects: number;
  /** Once the client is proven; on the customer's pages, as named. */
  clientId?: string;
  /** Of an API key. */
  organisationId?: string;
  /** What proved the caller, for the request log: in words, with a few letters of it and never the whole. */
  credential?: string;
  /** The refusal's code and reason. */
  code?: string;
  reason?: string;
}

export interface Scope {
  readonly bindings: Env;
  readonly settings: Settings;
  readonly isolate: Isolate;
  readonly database: Database;
  /** Epoch milliseconds at which the request arrived. */
  readonly nowMs: number;
  /** The same in whole epoch seconds. */
  readonly now: number;
  /** Also the `x-fapi-interaction-id` of the answer. */
  readonly requestId: string;
  /** Whether the issuer and the request's own URL both have a loopback host. */
  readonly isLocal: boolean;
  /** The address the request came from, for limits on strangers. */
  readonly sourceAddress: string;
  readonly trace: RequestTrace;
  readonly log: Log;
  /** Goes on after the answer; outside the hop counts. */
  defer(work: Promise<unknown>): void;
}

/** What Hono carries with a request. */
export interface AppEnv {
  Bindings: Env;
  Variables: { scope: Scope };
}
