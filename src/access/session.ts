/**
 * A customer's session at `/my/access`: a log-in that waits for its one-time code, then an open one. Times are epoch
 * seconds; a bound is over at its very second. Source: RTS Article 4(3).
 */
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** From one request to the next. Source: RTS Article 4(3)(d). */
export const IDLE_SECONDS = 5 * MINUTE_SECONDS;
/** From the one-time code to the end, whatever the customer does. */
export const SESSION_SECONDS = 30 * MINUTE_SECONDS;
/** Sessions that are over are kept so long: who comes back with one is told so, and led to where they log in. */
export const SESSIONS_KEPT_SECONDS = DAY_SECONDS;

/** What a browser's cookie says: which session, and the digest of what only its own browser knows. */
export interface SessionKey {
  readonly sessionId: string;
  readonly digest: string;
}

export interface SessionCustomer {
  readonly tenantId: string;
  readonly customerId: string;
  readonly displayName: string;
}

/** Where a customer logs in: the sandbox has a bank for each organisation, production one. */
export interface Place {
  /** Undefined in production. */
  readonly organisationId: string | undefined;
  /** The handle by which links name it; undefined where they need none. */
  readonly handle: string | undefined;
}

/** Logged in by password and one-time code. */
export interface Session extends SessionCustomer {
  readonly sessionId: string;
  readonly organisationId: string | undefined;
}

/** Logged in by password; the one-time code is to come. */
export interface SignIn extends SessionCustomer {
  readonly sessionId: string;
  readonly organisationId: string | undefined;
  /** The count of failed log-ins is kept by it. */
  readonly nameDigest: string;
  /** Where the code went, masked. */
  readonly sentTo: string | undefined;
  readonly codeExpiresAt: number;
}

/** What a browser has: `over` where its session ended by time, by the bank or with its bank. */
export type Visit =
  | { readonly stage: 'none' }
  | { readonly stage: 'over'; readonly organisationId: string | undefined }
  | { readonly stage: 'code'; readonly signIn: SignIn }
  | { readonly stage: 'open'; readonly session: Session };
