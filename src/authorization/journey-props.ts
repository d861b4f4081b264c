/** What the pages of a customer's journey are made of: the props of each view, which flows fill and views show. */
import type { AccountType } from '#bank/account.ts';
import type { CannotPay } from '#bank/can-pay.ts';
import type { Quote } from '#bank/exchange.ts';
import type { Permission } from '#consents/consent.ts';
import type { PaymentInstruction } from '#consents/payment-instruction.ts';
import type { Purpose } from '#consents/permissions.ts';
import type { Environment } from '#edge/settings.ts';
import type { Money } from '#kernel/money.ts';

/** Where each page's form posts to. The forms are `form#login`, `form#otp` and `form#consent`, all method post. */
export const JOURNEY_ACTIONS = {
  login: '/oauth/authorize/login',
  otp: '/oauth/authorize/code',
  consent: '/oauth/authorize/consent',
} as const;

/**
 * Names of the forms' fields. `interaction` is hidden and in each form; `decision` is the name of the buttons: `cancel`
 * on each page (with `formnovalidate`, after the main button), `approve` and `deny` on the consent page. The main
 * button of log-in and one-time code has no name.
 */
export const JOURNEY_FIELDS = {
  interaction: 'interaction',
  username: 'username',
  password: 'password',
  otp: 'otp',
  account: 'account_id',
  decision: 'decision',
} as const;

/** What each page of a journey knows. */
export interface JourneyFrame {
  readonly environment: Environment;
  /** The host of the issuer, shown beside the bank's name: `api.hamsterbank.ai`. */
  readonly host: string;
  /** Who asks: from the software statement, cleaned. */
  readonly softwareName: string;
  readonly organisationName: string;
  /** The sealed interaction: the value of the hidden field. */
  readonly interaction: string;
  /** What was wrong with the last post, as a whole sentence to show above the form; absent at first. */
  readonly failure?: string | undefined;
}

/** One row of the panel that only the sandbox's log-in page has. */
export interface TestCustomer {
  readonly username: string;
  /** What is special about this customer: `Main, Joint, Easy Saver and ISA accounts`. */
  readonly note: string;
}

export interface TestCustomers {
  readonly customers: readonly TestCustomer[];
  readonly password: string;
  readonly oneTimeCode: string;
}

export interface LoginProps extends JourneyFrame {
  /** What the customer is asked for once logged in. */
  readonly purpose: Purpose;
  /** Only in the sandbox. */
  readonly testCustomers?: TestCustomers | undefined;
}

/** What a one-time code confirms of a payment: how much, and to whom. Source: RTS Article 5. */
export interface PaymentShown {
  readonly amount: Money;
  readonly payee: string;
}

export interface CodeProps extends JourneyFrame {
  readonly purpose: Purpose;
  /** With the purpose `payment`. */
  readonly payment?: PaymentShown | undefined;
  /** Where the code went, masked, as the sender of codes tells it; absent where it does not. */
  readonly sentTo?: string | undefined;
  /** Only in the sandbox: the fixed code, to show in its panel. */
  readonly sandboxCode?: string | undefined;
}

/**
 * One account the customer may choose, by a field `account_id`: a checkbox each to share, a radio button each to pay
 * from. None is checked at first unless `chosen`.
 */
export interface OfferedAccount {
  readonly accountId: string;
  readonly nickname: string;
  readonly accountType: AccountType;
  /** `ending 5678`. */
  readonly maskedNumber: string;
  /** The booked balance; of an account to pay from, what can be spent. */
  readonly balance: Money;
  /** Has more than one holder: the page says so. */
  readonly joint: boolean;
  /** Was checked in a post that is shown again. */
  readonly chosen: boolean;
  /** Shown, but not to be chosen. */
  readonly cannotPay?: CannotPay | undefined;
}

/** What is asked of the customer. Times are epoch seconds; pages show them as UK dates. */
export type Asked =
  | {
      readonly type: 'account-access';
      readonly permissions: readonly Permission[];
      readonly accounts: readonly OfferedAccount[];
      readonly expiresAt: number;
      /** Bounds of the transactions shown, where the TPP set them. */
      readonly transactionFrom?: number | undefined;
      readonly transactionTo?: number | undefined;
    }
  | {
      readonly type: 'payment';
      readonly payment: PaymentInstruction;
      readonly quote?: Quote | undefined;
      /** The one account the TPP named, or all of the customer's. */
      readonly accounts: readonly OfferedAccount[];
    }
  /** Whether enough is in the one account the TPP named. */
  | {
      readonly type: 'funds-confirmation';
      readonly accounts: readonly [OfferedAccount];
      readonly expiresAt: number;
    }
  /** Only who the customer is (scope openid without a consent): no accounts, nothing of the bank. */
  | { readonly type: 'identity'; readonly staysSignedIn: boolean };

/** Whether the TPP named the account, which leaves the customer nothing to choose. */
export function isNamedAlone(asked: Exclude<Asked, { type: 'account-access' | 'identity' }>): boolean {
  return asked.type === 'funds-confirmation' || asked.payment.debtorAccount !== undefined;
}

export interface ConsentProps extends JourneyFrame {
  /** The logged-in customer's name. */
  readonly customerName: string;
  readonly asked: Asked;
}
