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

export interface MemberOrganisation {
  readonly organisationId: string;
  readonly name: string;
  readonly role: MemberRole;
}

export interface Member extends Account {
  /** The one the session chose, or another where the developer belongs to that no more. */
  readonly organisation: Organisation;
  readonly role: MemberRole;
  /** All that the developer belongs to, the oldest membership first. */
  readonly organisations: readonly MemberOrganisation[];
}

/** Who a session cookie is. */
export interface SignedIn extends Account {
  /** Undefined for who belongs to no organisation. */
  readonly member: Member | undefined;
}
