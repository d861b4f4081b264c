/** The payments of a crash run, drawn from a seed, and what each does to the balances. Amounts are minor units. */
import { SEED_ACCOUNTS } from '#sandbox/seed-accounts.ts';

const [MAIN, JOINT, OVERDRAWN, , SAVER] = SEED_ACCOUNTS.map(({ accountId }) => accountId);

/** Whom each account is debited by; the overdrawn one has room for some of its payments alone. */
const CUSTOMERS = {
  [MAIN]: 'cus_hazel',
  [JOINT]: 'cus_basil',
  [SAVER]: 'cus_hazel',
  [OVERDRAWN]: 'cus_basil',
};
export const ACCOUNTS = Object.keys(CUSTOMERS);

const CHARGE_ABROAD = 500;
/** The sandbox's amount that the payee's bank rejects: all of it comes back. */
const REJECTED = 40_401;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function identifierOf(accountId) {
  const { sortCode, accountNumber } = SEED_ACCOUNTS.find((account) => account.accountId === accountId);
  return `${sortCode}-${accountNumber}`;
}

function domestic(amountMinor, name, id) {
  return {
    type: 'domestic',
    instructed_amount: { amount: (amountMinor / 100).toFixed(2), currency: 'GBP' },
    creditor: { name, account: { scheme: 'SortCodeAccountNumber', id } },
    end_to_end_id: 'CRASH',
  };
}

function international(amountMinor) {
  return {
    type: 'international',
    instructed_amount: { amount: (amountMinor / 100).toFixed(2), currency: 'GBP' },
    creditor: {
      name: 'Bäckerei Eichhorn',
      account: { scheme: 'IBAN', id: 'DE89370400440532013000' },
      agent_bic: 'COBADEFFXXX',
    },
    end_to_end_id: 'CRASH',
    charge_bearer: 'shared',
    currency_of_transfer: 'EUR',
  };
}

/** One payment: `changes` is what it does to each customer's account once all is settled. */
export function drawPayment(random) {
  const pick = (among) => among[Math.floor(random() * among.length)];
  const accountId = random() < 0.1 ? OVERDRAWN : pick([MAIN, JOINT, SAVER]);
  const customerId = CUSTOMERS[accountId];
  const amountMinor =
    accountId === OVERDRAWN ? 100 + Math.floor(random() * 900) : 1 + Math.floor(random() * 99);
  const way = random();
  const from = { accountId, customerId };
  if (accountId !== OVERDRAWN && way < 0.1) {
    const isRejected = way < 0.01;
    const sent = isRejected ? REJECTED : amountMinor;
    const changes = isRejected ? [] : [[accountId, -amountMinor - CHARGE_ABROAD]];
    return { ...from, payment: international(sent), ends: isRejected ? 'failed' : 'completed', changes };
  }
  if (way < 0.5) {
    const payment = domestic(amountMinor, 'Acorn Stores Ltd', '200000-55779911');
    return { ...from, payment, ends: 'completed', changes: [[accountId, -amountMinor]] };
  }
  const payee = pick(ACCOUNTS.filter((each) => each !== accountId));
  const changes = [
    [accountId, -amountMinor],
    [payee, amountMinor],
  ];
  return {
    ...from,
    payment: domestic(amountMinor, 'Inside', identifierOf(payee)),
    ends: 'completed',
    changes,
  };
}
