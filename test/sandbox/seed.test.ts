/** The content of a sandbox tenant: the published accounts, and histories that any calendar leaves plausible. */

import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transaction } from '#bank/transaction.ts';
import { TRANSACTION_TYPES } from '#bank/transaction.ts';
import { digestOf } from '#kernel/encoding.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { historyWindow, makeSeed } from '#sandbox/seed.ts';

const NOW = Date.UTC(2026, 10, 22, 15, 55) / 1000;
const seed = makeSeed(NOW);

function historyOf(accountId: string, of = seed): Transaction[] {
  return of.transactions.filter((row) => row.accountId === accountId);
}

/** ISO 13616: the rearranged number leaves 1 modulo 97. */
function isIban(iban: string): boolean {
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

it('has the published accounts and customers', () => {
  const table = seed.accounts.map((account) => [
    account.accountId,
    account.nickname,
    account.accountNumber,
    account.iban,
    account.currency,
    account.bookedMinor,
    account.overdraftLimitMinor,
    seed.holders
      .filter((holder) => holder.accountId === account.accountId)
      .map((holder) => holder.customerId),
  ]);
  expect(table).toEqual([
    ['acc_1234567890', 'Main Account', '12345678', 'GB12HMBK60837112345678', 'GBP', 543210, 0, ['cus_hazel']],
    [
      'acc_2345678901',
      'Joint Account',
      '87654321',
      'GB51HMBK60837187654321',
      'GBP',
      1250000,
      0,
      ['cus_hazel', 'cus_basil'],
    ],
    [
      'acc_3456789012',
      'Overdrawn',
      '11111111',
      'GB47HMBK60837111111111',
      'GBP',
      -25000,
      50000,
      ['cus_basil'],
    ],
    ['acc_4567890123', 'Zero Balance', '00000000', 'GB93HMBK60837100000000', 'GBP', 0, 0, ['cus_clover']],
    ['acc_5678901234', 'Easy Saver', '22222222', 'GB98HMBK60837122222222', 'GBP', 1000000, 0, ['cus_hazel']],
    [
      'acc_6789012345',
      'Fixed Term ISA',
      '33333333',
      'GB52HMBK60837133333333',
      'GBP',
      2000000,
      0,
      ['cus_hazel'],
    ],
    [
      'acc_7890123456',
      'Euro Account',
      '44444444',
      'GB06HMBK60837144444444',
      'EUR',
      250000,
      0,
      ['cus_clover'],
    ],
    ['acc_8901234567', 'USD Account', '55555555', 'GB57HMBK60837155555555', 'USD', 800000, 0, ['cus_clover']],
  ]);
  expect(seed.customers.map(({ username, locked }) => [username, locked])).toEqual([
    ['hazel', false],
    ['basil', false],
    ['clover', false],
    ['sorrel', true],
    ['teasel', false],
  ]);
  expect(seed.accounts.filter((account) => account.joint).map((account) => account.nickname)).toEqual([
    'Joint Account',
  ]);
  expect(seed.accounts.filter((account) => account.withdrawalsRestricted)).toHaveLength(1);
});

it('has valid IBANs', () => {
  for (const { iban } of seed.accounts) expect(isIban(iban), iban).toBe(true);
  expect(isIban('GB33HMBK60837112345678')).toBe(false);
});

describe.each([
  ['an ordinary day', NOW],
  ['29 February', Date.UTC(2028, 1, 29) / 1000],
  ['the first of January', Date.UTC(2027, 0, 1) / 1000],
  ['the last second of a year', Date.UTC(2026, 11, 31, 23, 59, 59) / 1000],
])('on %s', (_name, now) => {
  const of = makeSeed(now);
  const { from, until } = historyWindow(now);

  it('has 100 to 400 transactions an account, within the 24 months before', () => {
    for (const { accountId, nickname } of of.accounts) {
      const rows = historyOf(accountId, of);
      expect(rows.length, nickname).toBeGreaterThanOrEqual(100);
      expect(rows.length, nickname).toBeLessThanOrEqual(400);
      expect(rows.every((row) => row.createdAt >= from && row.createdAt < until)).toBe(true);
    }
    expect(until).toBe(Math.floor(now / DAY_SECONDS) * DAY_SECONDS);
    expect(new Date(until * 1000).getUTCFullYear() - new Date(from * 1000).getUTCFullYear()).toBe(2);
  });

  it('has ids that meet nowhere', () => {
    expect(new Set(of.transactions.map((row) => row.transactionId)).size).toBe(of.transactions.length);
  });
});

/** What is wrong with an account's rows: order, balances that are not the sum so far, limits passed, ends that are not exact. */
function faultsOf(account: (typeof seed.accounts)[number], rows: readonly Transaction[]): string[] {
  const faults: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) faults.push(`${account.nickname}: ${what}`);
  };
  let [balance, held, last] = [0, 0, ''];
  check(rows.length >= 100 && rows.length <= 400, `${rows.length} rows`);
  for (const row of rows) {
    const position = `${String(row.createdAt).padStart(12, '0')} ${row.transactionId}`;
    check(position > last, `${position} after ${last}`);
    last = position;
    check(Number.isSafeInteger(row.amountMinor) && row.amountMinor !== 0, `amount ${row.amountMinor}`);
    if (row.status === 'pending') {
      check(row.bookedAt === null && row.balanceAfterMinor === null, 'pending but booked');
      held += Math.max(0, -row.amountMinor);
    } else {
      balance += row.amountMinor;
      check(row.balanceAfterMinor === balance, `balance after ${position}`);
      check(balance >= -account.overdraftLimitMinor, `${balance} at ${position}`);
    }
  }
  check(balance === account.bookedMinor, `booked ${balance}`);
  check(held === account.heldMinor, `held ${held}`);
  return faults;
}

/** What the booked rows of each journal come to, in each currency. */
function sumsOf({ transactions }: typeof seed): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { journalId, status, amountMinor, currency } of transactions) {
    expect(journalId === null).toBe(status === 'pending');
    const name = `${journalId} ${currency}`;
    if (journalId !== null) sums.set(name, (sums.get(name) ?? 0) + amountMinor);
  }
  return sums;
}

function checkBalances(now: number): void {
  const of = makeSeed(now);
  expect([...sumsOf(of)].filter(([, sum]) => sum !== 0)).toEqual([]);
  expect(of.accounts.flatMap((account) => faultsOf(account, historyOf(account.accountId, of)))).toEqual([]);
}

it('keeps every balance within its limit, whichever day it is made', { timeout: 300_000 }, () => {
  const day = fc.integer({ min: Date.UTC(2025, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 });
  fc.assert(fc.property(day, checkBalances), { numRuns: env.TEST_LENGTH === 'long' ? 2_000 : 40 });
  checkBalances(NOW);
});

it('keeps the overdrawn account overdrawn on every day of its history', () => {
  const balances = historyOf('acc_3456789012').map((row) => row.balanceAfterMinor ?? 0);
  expect(Math.max(...balances)).toBeLessThan(0);
});

it('has something of each kind to show', () => {
  const types = new Set(seed.transactions.map((row) => row.type));
  expect([...types].sort()).toEqual([...TRANSACTION_TYPES].sort());
  expect(seed.transactions.filter((row) => row.status === 'pending')).toHaveLength(3);
  expect(seed.transactions.some((row) => row.merchantCategoryCode === '5411')).toBe(true);
});

it('has the same bytes all day, and the same months another day', async () => {
  const text = (now: number) => JSON.stringify(makeSeed(now));
  expect(await digestOf(text(NOW))).toBe(await digestOf(text(NOW + 3_600)));
  // Written down once, so that another isolate, machine or release makes them too.
  expect(await digestOf(text(NOW))).toBe('vVz1hIeFSyYameMUxdtv-ou7hTE0jIqkzXpI2-l21Gw');
  const later = makeSeed(NOW + 10 * DAY_SECONDS);
  const inMarch = (of: typeof seed) =>
    of.transactions
      .filter((row) => row.valueDate.startsWith('2026-03'))
      .map((row) => Object.assign({}, row, { balanceAfterMinor: 0 }));
  expect(inMarch(later)).toEqual(inMarch(seed));
});

it('is double entry: every journal comes to zero, every booked row is part of one', () => {
  const sums = sumsOf(seed);
  expect([...sums].filter(([, sum]) => sum !== 0)).toEqual([]);
  expect(new Set(seed.journals.map(({ journalId }) => journalId)).size).toBe(seed.journals.length);
  expect(sums.size).toBe(seed.journals.length);
});

it('sees both sides of a transfer between own accounts', () => {
  const moved = (accountId: string, counterparty: string) =>
    historyOf(accountId)
      .filter((row) => row.counterpartyAccount === `608371-${counterparty}`)
      .map((row) => [row.createdAt, Math.abs(row.amountMinor)]);
  expect(moved('acc_1234567890', '22222222')).toEqual(moved('acc_5678901234', '12345678'));
  expect(moved('acc_1234567890', '87654321')).toEqual(moved('acc_2345678901', '12345678'));
  expect(moved('acc_5678901234', '33333333')).toEqual(moved('acc_6789012345', '22222222'));
});
