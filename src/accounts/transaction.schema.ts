/** Transactions on the wire, and the links between their pages. */
import type { WireIdentifier, WirePageLinks, WireTransaction } from '#accounts/transaction-answer.schema.ts';
import type { TransactionPage } from '#accounts/transaction-page.ts';
import type { QueryParameters, TransactionQuery } from '#accounts/transaction-query.ts';
import type { Transaction } from '#bank/transaction.ts';
import { renderCursor } from '#kernel/cursor.ts';
import { renderAmount } from '#kernel/money.ts';
import { renderPageLinks } from '#kernel/page-links.ts';
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

/** Links of a page: itself, and its neighbours while there are any. */
export async function renderTransactionLinks(
  path: string,
  parameters: QueryParameters,
  { binding }: TransactionQuery,
  { next, prev }: TransactionPage,
): Promise<WirePageLinks> {
  return renderPageLinks(path, parameters, ['limit', 'from', 'to'], {
    next: next && (await renderCursor(next, binding)),
    prev: prev && (await renderCursor(prev, binding)),
  });
}
