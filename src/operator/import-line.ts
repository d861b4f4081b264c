/**
 * What one line of an import says, and what a batch of them adds to what the bank has. A line whose id is there already is
 * left: an import adds, it changes nothing. Amounts are minor units, times epoch seconds.
 */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import type { LedgerRow } from '#bank/transaction.ts';
import { balancedEntries, type JournalRow, openingAccount } from '#bank/transfer.ts';
import type { FieldError } from '#kernel/result.ts';

/** An account as it is imported: `bookedMinor` is what it begins with. */
export type ImportedAccount = Omit<Account, 'tenantId' | 'heldMinor' | 'joint'>;

export type ImportLine =
  | { readonly type: 'customer'; readonly customer: Omit<Customer, 'tenantId'> }
  | { readonly type: 'account'; readonly account: ImportedAccount }
  | { readonly type: 'holder'; readonly customerId: string; readonly accountId: string };

/** A line with its number in the batch, from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly line: ImportLine;
}

/** What of an account an import may not say otherwise. */
export interface KnownAccount {
  readonly accountId: string;
  readonly currency: string;
  readonly accountType: string;
  readonly sortCode: string;
  readonly accountNumber: string;
  readonly iban: string;
}

/** What the bank has already of what the lines name. */
export interface ImportContext {
  readonly customers: readonly { readonly customerId: string; readonly username: string }[];
  readonly accounts: readonly KnownAccount[];
  readonly holders: readonly { readonly customerId: string; readonly accountId: string }[];
  /** What accounts began with, of those that were imported. */
  readonly openings: readonly { readonly accountId: string; readonly amountMinor: number }[];
}

export interface ImportPlan {
  readonly content: TenantContent;
  /** Accounts that may have become joint by the plan's holders. */
  readonly heldAccountIds: readonly string[];
  /** Lines that say what is there already. */
  readonly already: number;
}

/** The journal that an account's opening balance is posted by. */
export function openingJournalId(accountId: string): string {
  return `jrn_opening_${accountId}`;
}

function faultOf(number: number, member: string, message: string): FieldError {
  return { field: `lines.${number}.${member}`, code: 'conflict', message };
}

/** The account's own side of its opening balance and the bank's. `newId` gives 16 hex digits. */
function openingRows(
  { accountId, currency, bookedMinor }: ImportedAccount,
  now: number,
  newId: () => string,
): readonly LedgerRow[] {
  const row = {
    createdAt: now,
    status: 'booked',
    currency,
    bookedAt: now,
    valueDate: new Date(now * 1000).toISOString().slice(0, 10),
    type: 'opening_balance',
    reference: null,
    counterpartyName: null,
    merchantName: null,
    merchantCategoryCode: null,
    journalId: openingJournalId(accountId),
  } as const;
  const rows: readonly LedgerRow[] = [
    {
      ...row,
      accountId,
      transactionId: `txn_000000${newId()}`,
      amountMinor: bookedMinor,
      description: 'Balance brought forward',
      counterpartyAccount: null,
      balanceAfterMinor: bookedMinor,
    },
    {
      ...row,
      accountId: openingAccount(currency),
      transactionId: `txn_000000${newId()}`,
      amountMinor: -bookedMinor,
      description: 'Imported',
      counterpartyAccount: accountId,
      balanceAfterMinor: null,
    },
  ];
  balancedEntries(
    rows.map(({ accountId: id, amountMinor, type, description }) => ({
      accountId: id,
      amountMinor,
      currency,
      type,
      description,
    })),
  );
  return rows;
}

const NUMBERS = ['sortCode', 'accountNumber', 'iban', 'currency', 'accountType'] as const;
const WIRE_NAMES = {
  sortCode: 'sort_code',
  accountNumber: 'account_number',
  iban: 'iban',
  currency: 'currency',
  accountType: 'account_type',
} as const;

/** What the lines add, or every line that cannot be. Of lines with one id the first counts, and the others must say the same. */
export function planImport(
  lines: readonly NumberedLine[],
  context: ImportContext,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): { readonly plan: ImportPlan } | { readonly faults: readonly FieldError[] } {
  const faults: FieldError[] = [];
  let already = 0;
  const usernames = new Map(context.customers.map(({ customerId, username }) => [username, customerId]));
  const customers = new Map(context.customers.map((customer) => [customer.customerId, customer]));
  const accounts = new Map<string, KnownAccount>(
    context.accounts.map((account) => [account.accountId, account]),
  );
  const openings = new Map(context.openings.map((opening) => [opening.accountId, opening.amountMinor]));
  const numberOf = (account: Pick<Account, 'sortCode' | 'accountNumber'>) =>
    `${account.sortCode}-${account.accountNumber}`;
  const owners = new Map(
    context.accounts.flatMap((account) => [
      [account.iban, account.accountId] as const,
      [numberOf(account), account.accountId] as const,
    ]),
  );
  const holders = new Set(context.holders.map(({ customerId, accountId }) => `${customerId} ${accountId}`));
  const added = {
    customers: [] as Omit<Customer, 'tenantId'>[],
    accounts: [] as ImportedAccount[],
    holders: [] as { customerId: string; accountId: string }[],
  };

  const takeCustomer = (number: number, customer: Omit<Customer, 'tenantId'>) => {
    const { customerId, username } = customer;
    const known = customers.get(customerId);
    const owner = usernames.get(username);
    if (known !== undefined) {
      if (known.username === username) already += 1;
      else faults.push(faultOf(number, 'username', `${customerId} has another username already`));
    } else if (owner !== undefined) {
      faults.push(faultOf(number, 'username', `is the username of ${owner}`));
    } else {
      customers.set(customerId, customer);
      usernames.set(username, customerId);
      added.customers.push(customer);
    }
  };
  const takeAccount = (number: number, account: ImportedAccount) => {
    const { accountId } = account;
    const known = accounts.get(accountId);
    if (known !== undefined) {
      const differing = NUMBERS.filter((name) => known[name] !== account[name]);
      for (const name of differing) {
        faults.push(faultOf(number, WIRE_NAMES[name], `${accountId} has another one already`));
      }
      if ((openings.get(accountId) ?? 0) !== account.bookedMinor) {
        faults.push(faultOf(number, 'opening_balance', `${accountId} began with another one`));
      } else if (differing.length === 0) already += 1;
      return;
    }
    const taken = (['iban', 'sortCode'] as const).flatMap((name) => {
      const owner = owners.get(name === 'iban' ? account.iban : numberOf(account));
      return owner === undefined ? [] : [faultOf(number, WIRE_NAMES[name], `is that of ${owner}`)];
    });
    faults.push(...taken);
    if (taken.length > 0) return;
    accounts.set(accountId, account);
    openings.set(accountId, account.bookedMinor);
    owners.set(account.iban, accountId).set(numberOf(account), accountId);
    added.accounts.push(account);
  };
  const takeHolder = (number: number, customerId: string, accountId: string) => {
    if (!customers.has(customerId)) {
      faults.push(faultOf(number, 'customer_id', 'names no customer of the bank or of a line above'));
    }
    if (!accounts.has(accountId)) {
      faults.push(faultOf(number, 'account_id', 'names no account of the bank or of a line above'));
    }
    const name = `${customerId} ${accountId}`;
    if (holders.has(name)) already += 1;
    else {
      holders.add(name);
      added.holders.push({ customerId, accountId });
    }
  };

  for (const { number, line } of lines) {
    if (line.type === 'customer') takeCustomer(number, line.customer);
    else if (line.type === 'account') takeAccount(number, line.account);
    else takeHolder(number, line.customerId, line.accountId);
  }
  if (faults.length > 0) return { faults };
  const funded = added.accounts.filter(({ bookedMinor }) => bookedMinor !== 0);
  return {
    plan: {
      content: {
        customers: added.customers,
        accounts: added.accounts.map((account) => ({ ...account, heldMinor: 0, joint: false })),
        holders: added.holders,
        journals: funded.map(
          ({ accountId }): JournalRow => ({
            journalId: openingJournalId(accountId),
            kind: 'history',
            createdAt: now,
          }),
        ),
        transactions: funded.flatMap((account) => openingRows(account, now, newId)),
      },
      heldAccountIds: [...new Set(added.holders.map(({ accountId }) => accountId))],
      already,
    },
  };
}
