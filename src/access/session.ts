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

/** The cookie of a session, apart from those of interactions and of developers. */
export const SESSION_COOKIE = 'access';

/** What a browser's cookie says: which session, and the digest of what only its own browser knows. */
export interface SessionKey {
  readonly sessionId: string;
  readonly digest: string;
}

/** Where a customer logs in: the sandbox has a bank for each organisation, production one. */
export interface Place {
  /** Null in production. */
  readonly organisationId: string | null;
  /** The handle by which links name it; undefined where they need none. */
  readonly handle: string | undefined;
}

/** Of a customer logged in by password, whose one-time code is to come, and then by both. */
export interface Session {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly customerId: string;
  readonly displayName: string;
  /** Whose sandbox the tenant is; null in production. */
  readonly organisationId: string | null;
  /** The count of failed log-ins is kept by it. */
  readonly nameDigest: string;
  /** Where the code went, masked, where that is told. */
  readonly sentTo: string | null;
  readonly codeExpiresAt: number;
}

/** Whose session it is. */
export type SessionCustomer = Pick<Session, 'tenantId' | 'customerId'>;

/**
 * What a browser has: a session whose code is to come (`code`), an open one, or one that ended by time, by the bank or with
 * its bank (`over`).
 */
export type Visit =
  | { readonly stage: 'none'; readonly session?: undefined }
  | { readonly stage: 'code' | 'open' | 'over'; readonly session: Session };
