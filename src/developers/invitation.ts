/** Invitations to an organisation: how long they hold, and how many there may be. Times are seconds. */
import type { MemberRole } from '#developers/role.ts';
import { DAY_SECONDS } from '#kernel/time.ts';

export const INVITATION_SECONDS = 7 * DAY_SECONDS;
/** Open at once for one organisation. */
export const OPEN_INVITATIONS_MAXIMUM = 20;
/** Mails in 24 hours, on an organisation's behalf and to one address: an invitation is no way to fill a mailbox. */
export const INVITATIONS_A_DAY = 30;
export const INVITATIONS_TO_ADDRESS_A_DAY = 5;

/** One that still holds. */
export interface Invitation {
  /** The digest of its token: names it, opens nothing. */
  readonly invitationId: string;
  readonly organisationId: string;
  /** As `normaliseEmail` makes it. */
  readonly email: string;
  readonly role: MemberRole;
  readonly createdAt: number;
  readonly expiresAt: number;
}
