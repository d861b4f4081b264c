/** The customers and accounts every sandbox tenant begins with. Amounts are minor units. */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';

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

/** A seeded account; what is held follows from its pending transactions. */
export interface SeedAccount extends Omit<Account, 'tenantId' | 'heldMinor' | 'joint'> {
  readonly holders: readonly string[];
}

/** What most of the accounts are. */
const PLAIN = {
  status: 'enabled',
  currency: 'GBP',
  accountType: 'current',
  sortCode: '608371',
  overdraftLimitMinor: 0,
  withdrawalsRestricted: false,
} as const;

export const MAIN: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_1234567890',
  nickname: 'Main Account',
  accountNumber: '12345678',
  iban: 'GB12HMBK60837112345678',
  bookedMinor: 543_210,
  holders: ['cus_hazel'],
};

export const JOINT: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_2345678901',
  nickname: 'Joint Account',
  accountNumber: '87654321',
  iban: 'GB51HMBK60837187654321',
  bookedMinor: 1_250_000,
  holders: ['cus_hazel', 'cus_basil'],
};

export const OVERDRAWN: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_3456789012',
  nickname: 'Overdrawn',
  accountNumber: '11111111',
  iban: 'GB47HMBK60837111111111',
  bookedMinor: -25_000,
  overdraftLimitMinor: 50_000,
  holders: ['cus_basil'],
};

export const ZERO: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_4567890123',
  nickname: 'Zero Balance',
  accountNumber: '00000000',
  iban: 'GB93HMBK60837100000000',
  bookedMinor: 0,
  holders: ['cus_clover'],
};

export const SAVER: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_5678901234',
  accountType: 'savings',
  nickname: 'Easy Saver',
  accountNumber: '22222222',
  iban: 'GB98HMBK60837122222222',
  bookedMinor: 1_000_000,
  holders: ['cus_hazel'],
};

export const ISA: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_6789012345',
  accountType: 'savings',
  nickname: 'Fixed Term ISA',
  accountNumber: '33333333',
  iban: 'GB52HMBK60837133333333',
  bookedMinor: 2_000_000,
  withdrawalsRestricted: true,
  holders: ['cus_hazel'],
};

export const EURO: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_7890123456',
  currency: 'EUR',
  nickname: 'Euro Account',
  accountNumber: '44444444',
  iban: 'GB06HMBK60837144444444',
  bookedMinor: 250_000,
  holders: ['cus_clover'],
};

export const DOLLAR: SeedAccount = {
  ...PLAIN,
  accountId: 'acc_8901234567',
  currency: 'USD',
  nickname: 'USD Account',
  accountNumber: '55555555',
  iban: 'GB57HMBK60837155555555',
  bookedMinor: 800_000,
  holders: ['cus_clover'],
};

/** In the order of their ids, which is the one they are shown in. */
export const SEED_ACCOUNTS: readonly SeedAccount[] = [MAIN, JOINT, OVERDRAWN, ZERO, SAVER, ISA, EURO, DOLLAR];
