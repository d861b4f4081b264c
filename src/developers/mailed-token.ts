/** What mailed links open, for how long, and how many mails an address gets. Times are seconds. */
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** `note`: the mail has no link that opens anything, but counts. `passkey`: no mail, a challenge that was used. */
export type TokenPurpose = 'confirm' | 'reset' | 'invite' | 'note' | 'passkey';

export const CONFIRM_SECONDS = DAY_SECONDS;
export const RESET_SECONDS = 30 * MINUTE_SECONDS;
/** A sign-up or reset that goes on asking gets no further mail, and the same answer. */
export const MAILS_AN_HOUR = 3;
export const MAILS_A_DAY = 8;
export const MAIL_WINDOWS = { hour: HOUR_SECONDS, day: DAY_SECONDS } as const;
/** What ended is forgotten after this. */
export const ENDED_KEPT_SECONDS = 7 * DAY_SECONDS;

/** What a sign-up waits with until its address is confirmed. */
export interface AwaitedAccount {
  readonly name: string;
  readonly organisationName: string;
  readonly passwordDigest: string;
}
