/**
 * What one line of an import says, and what a batch of them adds to what the bank has. A line whose id is there already is
 * left: an import adds, it changes nothing. Amounts are minor units, times epoch seconds.
 */
import type { Account } from '#bank/account.ts';
import type { Customer } from '#bank/customer.ts';
import type { TenantContent } from '#bank/tenant-content.ts';
import type { LedgerRow } from '#bank/transaction.ts';
import { balancedEntries, openingAccount } from '#bank/transfer.ts';
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
  /** Lines that say what is there already. */
  readonly already: number;
}

/** The journal that an account's opening balance is posted by. */
export function openingJournalId(accountId: string): string {
  return `jrn_opening_${accountId}`;
}

/** The account's own side of its opening balance and the bank's. `newId` gives 16 hex digits. */
function openingRows(
  { accountId, currency, bookedMinor }: ImportedAccount,
  now: number,
  newId: () => string,
): readonly LedgerRow[] {
  const type = 'opening_balance';
  const entries = balancedEntries([
    { accountId, amountMinor: bookedMinor, currency, type, description: 'Balance brought forward' },
    {
      accountId: openingAccount(currency),
      amountMinor: -bookedMinor,
      currency,
      type,
      description: 'Imported',
    },
  ]);
  return entries.map(({ accountId: id, amountMinor, description }) => {
    const isOwn = id === accountId;
    return {
      accountId: id,
      transactionId: `txn_000000${newId()}`,
      createdAt: now,
      status: 'booked',
      amountMinor,
      currency,
      bookedAt: now,
      valueDate: new Date(now * 1000).toISOString().slice(0, 10),
      type,
      description,
      reference: null,
      counterpartyName: null,
      counterpartyAccount: isOwn ? null : accountId,
      merchantName: null,
      merchantCategoryCode: null,
      balanceAfterMinor: isOwn ? bookedMinor : null,
      journalId: openingJournalId(accountId),
    };
  });
}

/** What a line says of a customer or an account that cannot be otherwise, by member. */
interface Facts {
  /** The same whenever the id is met again. */
  readonly fixed: Readonly<Record<string, string | number>>;
  /** Nobody else's. */
  readonly own: Readonly<Record<string, string>>;
}

function factsOfCustomer({ username }: Pick<Customer, 'username'>): Facts {
  return { fixed: { username }, own: { username } };
}

function factsOfAccount(account: KnownAccount, openingMinor: number): Facts {
  const { sortCode, accountNumber, iban, currency, accountType } = account;
  return {
    fixed: {
      sort_code: sortCode,
      account_number: accountNumber,
      iban,
      currency,
      account_type: accountType,
      opening_balance: openingMinor,
    },
    own: { iban, sort_code: `${sortCode}-${accountNumber}` },
  };
}

/** What the lines add, or every line that cannot be. Of lines with one id the first counts, and the others must say the same. */
export function planImport(
  lines: readonly NumberedLine[],
  context: ImportContext,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): ImportPlan | { readonly faults: readonly FieldError[] } {
  const faults: FieldError[] = [];
  let already = 0;
  /** What is fixed of each customer and account, and whose what is. */
  const known = new Map<string, Facts['fixed']>();
  const owners = new Map<string, string>();
  const keep = (id: string, { fixed, own }: Facts) => {
    known.set(id, fixed);
    for (const [member, value] of Object.entries(own)) owners.set(`${member} ${value}`, id);
  };
  const openings = new Map(context.openings.map(({ accountId, amountMinor }) => [accountId, amountMinor]));
  for (const customer of context.customers) keep(customer.customerId, factsOfCustomer(customer));
  for (const account of context.accounts) {
    keep(account.accountId, factsOfAccount(account, openings.get(account.accountId) ?? 0));
  }
  const held = new Set(context.holders.map(({ customerId, accountId }) => `${customerId} ${accountId}`));

  const customers: Omit<Customer, 'tenantId'>[] = [];
  const accounts: ImportedAccount[] = [];
  const holders: { customerId: string; accountId: string }[] = [];
  for (const { number, line } of lines) {
    const fault = (member: string, message: string) =>
      faults.push({ field: `lines.${number}.${member}`, code: 'conflict', message });
    /** Whether a customer or account is new, with what is wrong of it. */
    const isNew = (id: string, facts: Facts): boolean => {
      const before = known.get(id);
      if (before !== undefined) {
        for (const [member, value] of Object.entries(facts.fixed)) {
          if (before[member] !== value) fault(member, `${id} has another one already`);
        }
        already += 1;
        return false;
      }
      for (const [member, value] of Object.entries(facts.own)) {
        const owner = owners.get(`${member} ${value}`);
        if (owner !== undefined) fault(member, `is that of ${owner}`);
      }
      keep(id, facts);
      return true;
    };
    if (line.type === 'customer') {
      const { customer } = line;
      if (isNew(customer.customerId, factsOfCustomer(customer))) customers.push(customer);
    } else if (line.type === 'account') {
      const { account } = line;
      if (isNew(account.accountId, factsOfAccount(account, account.bookedMinor))) accounts.push(account);
    } else {
      const { customerId, accountId } = line;
      if (!known.has(customerId)) fault('customer_id', 'names no customer of the bank or of a line above');
      if (!known.has(accountId)) fault('account_id', 'names no account of the bank or of a line above');
      const name = `${customerId} ${accountId}`;
      if (held.has(name)) already += 1;
      else {
        held.add(name);
        holders.push({ customerId, accountId });
      }
    }
  }
  if (faults.length > 0) return { faults };
  const funded = accounts.filter(({ bookedMinor }) => bookedMinor !== 0);
  return {
    content: {
      customers,
      accounts: Array.from(accounts, (account) => ({ ...account, heldMinor: 0, joint: false })),
      holders,
      journals: funded.map(({ accountId }) => ({
        journalId: openingJournalId(accountId),
        kind: 'history',
        createdAt: now,
      })),
      transactions: funded.flatMap((account) => openingRows(account, now, newId)),
    },
    already,
  };
}
