/** A developer at work: account, session, and the organisation and role they act in. Times are epoch seconds. */
import type { Organisation } from '#clients/organisation.ts';
import type { MemberRole } from '#developers/role.ts';

export interface Developer {
  /** `dev_...` */
  readonly developerId: string;
  readonly email: string;
  readonly name: string;
}

export interface DeveloperSession {
  /** `ses_...`: names the session, opens nothing. */
  readonly sessionId: string;
  readonly developerId: string;
  readonly organisationId: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Of the last password or passkey. */
  readonly confirmedAt: number;
}

/** An account at work, whatever organisations it belongs to. */
export interface Account {
  readonly developer: Developer;
  readonly session: DeveloperSession;
}

export interface Membership {
  readonly organisation: Organisation;
  readonly role: MemberRole;
}

/** In the organisation that the session chose, or another where the developer belongs to that no more. */
export interface Member extends Account, Membership {
  /** All that the developer has, the oldest first. */
  readonly memberships: readonly Membership[];
}

/** Who a session cookie is. */
export interface SignedIn extends Account {
  /** Undefined for who belongs to no organisation. */
  readonly member: Member | undefined;
}
