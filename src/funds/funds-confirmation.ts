/** Confirmations of funds: whether an account holds enough, yes or no, and how often a consent may ask. Times are epoch seconds. */
import type { Currency, Money } from '#kernel/money.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** What a TPP asks. */
export interface FundsQuestion {
  /** The TPP's own name for the transaction it asks about. */
  readonly reference: string;
  readonly amount: Money;
}

/** One check as the bank keeps it. */
export interface FundsConfirmation extends FundsQuestion {
  readonly fundsConfirmationId: string;
  readonly consentId: string;
  readonly createdAt: number;
  readonly fundsAvailable: boolean;
}

/** So many checks a consent allows in any `seconds`: enough for payments at a till, too few to search for a balance. */
export interface CheckLimit {
  readonly checks: number;
  readonly seconds: number;
}
export const MINUTE_LIMIT: CheckLimit = { checks: 10, seconds: MINUTE_SECONDS };
export const DAY_LIMIT: CheckLimit = { checks: 200, seconds: DAY_SECONDS };

/** What the database says once a check was tried. */
export interface CheckFacts {
  /** The answer, 1 for yes, where the check was kept. */
  readonly fundsAvailable: number | null;
  /** When the oldest check was made that fills a limit; null while there is room. */
  readonly minuteFullSince: number | null;
  readonly dayFullSince: number | null;
  /** Null where the account is there no more. */
  readonly accountCurrency: Currency | null;
}

/** Seconds until a check fits again into both limits; undefined while one does. */
export function secondsUntilRoom(
  { minuteFullSince, dayFullSince }: CheckFacts,
  now: number,
): number | undefined {
  const ends = [
    ...(minuteFullSince === null ? [] : [minuteFullSince + MINUTE_LIMIT.seconds]),
    ...(dayFullSince === null ? [] : [dayFullSince + DAY_LIMIT.seconds]),
  ];
  return ends.length === 0 ? undefined : Math.max(1, Math.max(...ends) - now);
}
