/** Transactions on the wire, and the links between their pages. */
import type { WireIdentifier, WirePageLinks, WireTransaction } from '#accounts/transaction-answer.schema.ts';
import type { TransactionPage } from '#accounts/transaction-page.ts';
import type { QueryParameters, TransactionQuery } from '#accounts/transaction-query.ts';
import type { Transaction } from '#bank/transaction.ts';
import { type CursorPosition, renderCursor } from '#kernel/cursor.ts';
import { renderAmount } from '#kernel/money.ts';
import { renderInstant } from '#kernel/time.ts';

/** The scheme of an account number follows from its form. */
function renderIdentifier(id: string): WireIdentifier {
  if (/^\d{6}-\d{8}$/.test(id)) return { scheme: 'SortCodeAccountNumber', id };
  return { scheme: /^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(id) ? 'IBAN' : 'AccountNumber', id };
}

function renderCounterparty(name: string, account: string | null): WireTransaction['counterparty'] {
  return account === null ? { name } : { name, account: renderIdentifier(account) };
}

/** What is undefined is left out on the wire. */
export function renderTransaction(row: Transaction, showBalance: boolean): WireTransaction {
  const { currency, counterpartyName, merchantName, balanceAfterMinor } = row;
  return {
    transaction_id: row.transactionId,
    account_id: row.accountId,
    status: row.status,
    amount: renderAmount({ amountMinor: row.amountMinor, currency }),
    created_at: renderInstant(row.createdAt),
    booked_at: row.bookedAt === null ? null : renderInstant(row.bookedAt),
    value_date: row.valueDate,
    type: row.type,
    description: row.description,
    reference: row.reference ?? undefined,
    counterparty:
      counterpartyName === null ? undefined : renderCounterparty(counterpartyName, row.counterpartyAccount),
    merchant:
      merchantName === null || row.merchantCategoryCode === null
        ? undefined
        : { name: merchantName, category_code: row.merchantCategoryCode },
    running_balance:
      showBalance && balanceAfterMinor !== null
        ? renderAmount({ amountMinor: balanceAfterMinor, currency })
        : undefined,
  };
}

/** The parameters of ours that a link repeats; others are never echoed. */
const REPEATED = ['limit', 'from', 'to'] as const;

function linkTo(path: string, parameters: QueryParameters, cursor: string | undefined): string {
  const search = new URLSearchParams();
  for (const name of REPEATED) {
    const value = parameters.get(name);
    if (value !== undefined) search.set(name, value);
  }
  if (cursor !== undefined) search.set('cursor', cursor);
  const query = search.toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Links of a page: itself, and its neighbours while there are any. */
export async function renderPageLinks(
  path: string,
  parameters: QueryParameters,
  query: TransactionQuery,
  page: TransactionPage,
): Promise<WirePageLinks> {
  const link = async (position: CursorPosition) =>
    linkTo(path, parameters, await renderCursor(position, query.binding));
  const { next, prev } = page;
  return {
    self: linkTo(path, parameters, parameters.get('cursor')),
    ...(next === undefined ? {} : { next: await link(next) }),
    ...(prev === undefined ? {} : { prev: await link(prev) }),
  };
}
