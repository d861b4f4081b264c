/** What each consent and each permission opens, in the words that pages, documentation and e-mails share. */
import type { ChargeBearer, ChargeType } from '#bank/exchange.ts';
import type { Permission } from '#consents/consent.ts';
import type { ConsentType } from '#kernel/consent-id.ts';

export interface PermissionWords {
  /** Heading it stands under on the consent page. */
  readonly group: string;
  /** To the customer, a whole sentence's worth after "wants to see". */
  readonly sentence: string;
}

export const PERMISSION_WORDS: Readonly<Record<Permission, PermissionWords>> = {
  ReadAccounts: {
    group: 'Your account details',
    sentence: 'The name, type and currency of each account, its sort code, account number and IBAN.',
  },
  ReadBalances: {
    group: 'Your balances',
    sentence: 'How much is in each account, how much you can spend, and your overdraft limit.',
  },
  ReadTransactions: {
    group: 'Your transactions',
    sentence: 'What went in and out of each account: when, how much, to or from whom, and for what.',
  },
};

/** What is charged for an international payment, each followed by its amount. */
export const CHARGE_WORDS: Readonly<Record<ChargeType, string>> = {
  outgoing_payment: 'Our charge:',
  correspondent: 'Charges of other banks:',
};

/** Who pays the charges, as a sentence. */
export const BEARER_WORDS: Readonly<Record<ChargeBearer, string>> = {
  shared: 'Other banks may take theirs from what arrives.',
  debtor: 'You pay them all.',
  creditor: 'The payee pays them all: they are taken from what arrives.',
};

/** What a customer can be asked for: a consent of each type, or who they are. */
export type Purpose = ConsentType | 'identity';

export interface PurposeWords {
  /** After "Acorn Finance wants to", and wherever else it is said. */
  readonly wish: string;
  /** What follows from a yes, and what does not: after "Acorn Finance" or "It". */
  readonly limits: string;
}

export const PURPOSE_WORDS: Readonly<Record<Purpose, PurposeWords>> = {
  'account-access': {
    wish: 'see your accounts',
    limits: 'could look at the accounts you choose. It could not move money or change anything.',
  },
  payment: {
    wish: 'make a payment for you',
    limits: 'could make this payment, once. It could not change it, make another, or see your accounts.',
  },
  'funds-confirmation': {
    wish: 'ask whether you have enough money',
    limits:
      'could ask whether an amount is available, and would hear only yes or no. It would not learn your balance, and could not hold or move money.',
  },
  identity: {
    wish: 'know who you are',
    limits: 'would not learn your name, your accounts or anything in them.',
  },
};

export interface StopWords {
  /** What the button does that stops it. */
  readonly button: string;
  /** What follows: after "From then on Acorn Finance". */
  readonly consequence: string;
}

/** What an app learns that asks who the customer is; `again` where it may ask once more by itself. */
export const IDENTITY_WORDS = {
  group: 'That it is you',
  sentence: 'A number that we made for this company alone, the same each time you come.',
  again: 'It can ask us for it again without you, for 90 days, unless you stop it.',
} as const;

/** How a customer ends what they consented to. What it is that ends, the purpose's `wish` says. */
export const STOP_WORDS: Readonly<Record<Purpose, StopWords>> = {
  'account-access': {
    button: 'Stop sharing',
    consequence:
      'sees nothing more of your accounts. It may keep what it has seen: ask it, if you want that deleted.',
  },
  payment: {
    button: 'Stop this payment',
    consequence: 'cannot make this payment. To pay after all, begin again where you came from.',
  },
  'funds-confirmation': {
    button: 'Stop answering',
    consequence: 'gets no answers from us any more.',
  },
  identity: {
    button: 'Stop confirming',
    consequence: 'is not told any more that it is you. What you have with it stays as it is.',
  },
};
