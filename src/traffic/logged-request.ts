/** A call as the request log shows it, and calls that went wrong alike. Instants are epoch milliseconds. */

export interface LoggedRequest {
  readonly entryId: string;
  readonly atMs: number;
  readonly method: string;
  /** The path's pattern: `/open-banking/v1/accounts/{account_id}`. */
  readonly route: string;
  readonly status: number;
  readonly code: string | null;
  readonly durationMs: number;
  readonly requestId: string;
  /** Null for a call by API key. */
  readonly clientId: string | null;
  readonly credential: string;
}

/** A call, and whose it is. */
export interface OwnedRequest extends LoggedRequest {
  readonly organisationId: string;
}

/** Calls of one client to one route that ended in the same error. */
export interface ErrorGroup {
  readonly status: number;
  readonly code: string | null;
  readonly method: string;
  readonly route: string;
  readonly clientId: string | null;
  readonly requests: number;
  readonly lastMs: number;
  /** Of the last one. */
  readonly requestId: string;
}
