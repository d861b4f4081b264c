/** What a client object decides in its one call a request: may this proven client go on, and what is left of its window. */
import type { ClientStatus } from '#clients/client.ts';

/** A use of something that works once (a client assertion's or signed body's `jti`), kept as a digest until it is past. */
export interface OneTimeUse {
  readonly digest: string;
  /** Epoch seconds after which the token it stands in would be refused anyway. */
  readonly expiresAt: number;
}

export interface AdmissionRequest {
  readonly nowMs: number;
  /** The same when a call whose answer was lost is made again: its own use is then no replay. */
  readonly attempt?: string;
  /** Requests a window allows, unless an operator has overridden it for this client. */
  readonly limit: number;
  readonly once?: OneTimeUse;
  /** Set by the token endpoint: the client has proven itself, so its software statement is used up. */
  readonly authenticated?: boolean;
}

/** What is left of the client's window: 60 s from its first counted request. */
export interface RateWindow {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window ends, rounded up, at least 1. */
  readonly resetSeconds: number;
  /** Epoch milliseconds at which it ends: from then on the next request opens a new one. */
  readonly endsAtMs: number;
}

/**
 * The answer. Every outcome but `ended`, `suspended` and `limited` counted one request. `version` and `scopes` are the
 * client's newest: an isolate whose copy is older loads anew before anything is granted.
 */
export type Admission =
  | {
      readonly outcome: 'admitted';
      readonly version: number;
      readonly scopes: readonly string[];
      readonly window: RateWindow;
    }
  | { readonly outcome: 'replayed'; readonly window: RateWindow }
  | { readonly outcome: 'limited'; readonly window: RateWindow }
  | { readonly outcome: Exclude<ClientStatus, 'active'> };

/** What a client object is told after each change of its client's record. */
export interface ClientNews {
  readonly version: number;
  readonly status: ClientStatus;
  readonly scopes: readonly string[];
}

/** The answer to a count that has a cap of its own (consents of the day, live request_uris). */
export type Counted =
  | { readonly outcome: 'counted' }
  | {
      readonly outcome: 'capped';
      /** Whole seconds until one more may be counted. */ readonly resetSeconds: number;
    };

/** How a client stands in its object, for operators and its developers. */
export interface ClientStanding {
  readonly status: ClientStatus;
  readonly version: number;
  /** Requests a window allows by an operator's word; null where the environment's limit holds. */
  readonly limitOverride: number | null;
  readonly requestsInWindow: number;
  /** Epoch milliseconds; of a window that no request has opened yet, now. */
  readonly windowStartedAtMs: number;
  readonly consentsToday: number;
  /** Null while it has never authenticated itself. */
  readonly firstAuthenticatedAtMs: number | null;
  readonly lastAuthenticatedAtMs: number | null;
}

/** Whether a client made room for a new registration with its software statement, or why it did not. */
export interface Replacement {
  readonly outcome: 'replaced' | 'authenticated' | 'suspended';
}
