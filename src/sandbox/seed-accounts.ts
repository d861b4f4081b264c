/** The customers and accounts every sandbox tenant begins with. Amounts are minor units. */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';
import type { Currency } from '#kernel/money.ts';

/** Digest of the published sandbox password `hamster-wheel`: made once ahead, for hashing it takes 200 ms. */
const SANDBOX_PASSWORD_DIGEST =
  'scrypt$16384$8$5$c2FuZGJveC10ZW5hbnRzIQ$3odUOwonMoaUC_Jtm0gm4tfxT_GsFyCns2bUDSgxTLw';

type SeedCustomer = Omit<Customer, 'tenantId'>;

function customer(username: string, displayName: string, locked = false): SeedCustomer {
  const customerId = `cus_${username}`;
  return { customerId, username, displayName, passwordDigest: SANDBOX_PASSWORD_DIGEST, locked };
}

export const SEED_CUSTOMERS: readonly SeedCustomer[] = [
  customer('hazel', 'Hazel Wren'),
  customer('basil', 'Basil Reed'),
  customer('clover', 'Clover Field'),
  customer('sorrel', 'Sorrel Marsh', true),
  customer('teasel', 'Teasel Heath'),
];

/** Account ids rise in the order in which the accounts are shown. */
export const MAIN = 'acc_1234567890';
export const JOINT = 'acc_2345678901';
export const OVERDRAWN = 'acc_3456789012';
export const ZERO = 'acc_4567890123';
export const SAVER = 'acc_5678901234';
export const ISA = 'acc_6789012345';
export const EURO = 'acc_7890123456';
export const DOLLAR = 'acc_8901234567';

export const SORT_CODE = '608371';

/** A seeded account; what is held follows from its pending transactions. */
export interface SeedAccount extends Omit<Account, 'tenantId' | 'heldMinor' | 'joint'> {
  readonly holders: readonly string[];
}

const ENABLED = { status: 'enabled', sortCode: SORT_CODE } as const;
const CURRENT = { ...ENABLED, accountType: 'current', withdrawalsRestricted: false } as const;
const SAVINGS = { ...ENABLED, accountType: 'savings', withdrawalsRestricted: false } as const;

function balance(currency: Currency, bookedMinor: number, overdraftLimitMinor = 0) {
  return { currency, bookedMinor, overdraftLimitMinor };
}

export const SEED_ACCOUNTS: readonly SeedAccount[] = [
  {
    ...CURRENT,
    ...balance('GBP', 543_210),
    accountId: MAIN,
    nickname: 'Main Account',
    accountNumber: '12345678',
    iban: 'GB12HMBK60837112345678',
    holders: ['cus_hazel'],
  },
  {
    ...CURRENT,
    ...balance('GBP', 1_250_000),
    accountId: JOINT,
    nickname: 'Joint Account',
    accountNumber: '87654321',
    iban: 'GB51HMBK60837187654321',
    holders: ['cus_hazel', 'cus_basil'],
  },
  {
    ...CURRENT,
    ...balance('GBP', -25_000, 50_000),
    accountId: OVERDRAWN,
    nickname: 'Overdrawn',
    accountNumber: '11111111',
    iban: 'GB47HMBK60837111111111',
    holders: ['cus_basil'],
  },
  {
    ...CURRENT,
    ...balance('GBP', 0),
    accountId: ZERO,
    nickname: 'Zero Balance',
    accountNumber: '00000000',
    iban: 'GB93HMBK60837100000000',
    holders: ['cus_clover'],
  },
  {
    ...SAVINGS,
    ...balance('GBP', 1_000_000),
    accountId: SAVER,
    nickname: 'Easy Saver',
    accountNumber: '22222222',
    iban: 'GB98HMBK60837122222222',
    holders: ['cus_hazel'],
  },
  {
    ...SAVINGS,
    ...balance('GBP', 2_000_000),
    accountId: ISA,
    nickname: 'Fixed Term ISA',
    accountNumber: '33333333',
    iban: 'GB52HMBK60837133333333',
    holders: ['cus_hazel'],
    withdrawalsRestricted: true,
  },
  {
    ...CURRENT,
    ...balance('EUR', 250_000),
    accountId: EURO,
    nickname: 'Euro Account',
    accountNumber: '44444444',
    iban: 'GB06HMBK60837144444444',
    holders: ['cus_clover'],
  },
  {
    ...CURRENT,
    ...balance('USD', 800_000),
    accountId: DOLLAR,
    nickname: 'USD Account',
    accountNumber: '55555555',
    iban: 'GB57HMBK60837155555555',
    holders: ['cus_clover'],
  },
];
