/** A calendar month of an account's history in the making: entries of a day and time, all by UTC. Amounts are minor units. */
import type { TransactionType } from '#bank/transaction.ts';
import { type Chance, chanceOf } from '#sandbox/seed-random.ts';

export interface Merchant {
  readonly name: string;
  /** ISO 18245. */
  readonly code: string;
}

/** What moved, before it has an id and a balance. */
export interface Entry {
  /** Epoch seconds. */
  readonly at: number;
  readonly amountMinor: number;
  readonly type: TransactionType;
  readonly description: string;
  readonly reference?: string;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  readonly merchant?: Merchant;
}

export type EntryDetails = Omit<Entry, 'at' | 'amountMinor'>;

export interface Month {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly days: number;
  /** `2026-11`. */
  readonly name: string;
  /** The chance of an account in this month. */
  chance(accountId: string): Chance;
  /** Epoch seconds of a day's time: `at(25, 5, 10)`. */
  at(day: number, hour: number, minute?: number, second?: number): number;
  /** 0 is Sunday. */
  weekday(day: number): number;
  /** That day, or the Friday before a weekend: when banks work. */
  workingDay(day: number): number;
  daysOn(weekday: number): readonly number[];
}

export function monthOf(year: number, month: number): Month {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const name = `${year}-${String(month).padStart(2, '0')}`;
  const weekday = (day: number) => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return {
    year,
    month,
    days,
    name,
    chance: (accountId) => chanceOf(`${accountId} ${name}`),
    at: (day, hour, minute = 0, second = 0) => Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
    weekday,
    workingDay(day) {
      const back = { 0: 2, 6: 1 }[weekday(day)] ?? 0;
      return Math.max(1, day - back);
    },
    daysOn: (wanted) =>
      Array.from({ length: days }, (_, index) => index + 1).filter((day) => weekday(day) === wanted),
  };
}

export function entry(at: number, amountMinor: number, details: EntryDetails): Entry {
  return { at, amountMinor, ...details };
}

/** A card purchase on a random day, at an hour when shops are open. */
export function purchase(
  month: Month,
  chance: Chance,
  merchants: readonly [Merchant, ...Merchant[]],
  [low, high]: readonly [number, number],
): Entry {
  const merchant = chance.pick(merchants);
  const at = month.at(
    chance.between(1, month.days),
    chance.between(7, 20),
    chance.between(0, 59),
    chance.between(0, 59),
  );
  return entry(at, -chance.between(low, high), cardPayment(merchant));
}

export function cardPayment(merchant: Merchant): EntryDetails {
  return { type: 'card_payment', description: merchant.name, merchant };
}

export function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** How many times, at random. */
export function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
