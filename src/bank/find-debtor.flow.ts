/** Finds the tenant's account that an identifier names, payer's or payee's. D1: one read. Objects: none. */
import { selectAccountByIban, selectAccountByNumber } from '#bank/account.store.ts';
import type { Account } from '#bank/account.ts';
import { type AccountIdentifier, splitSortCodeAccountNumber } from '#bank/iban.ts';
import type { Scope } from '#edge/scope.ts';

/**
 * The account of a canonical identifier, closed ones too. Undefined where the tenant has none: the money then goes
 * elsewhere. A bare account number is always another bank's.
 */
export async function findAccountByIdentifier(
  scope: Scope,
  tenantId: string,
  { scheme, id }: AccountIdentifier,
): Promise<Account | undefined> {
  if (scheme === 'IBAN') return selectAccountByIban(scope.database, tenantId, id);
  if (scheme === 'AccountNumber') return undefined;
  const parts = splitSortCodeAccountNumber(id);
  return parts && selectAccountByNumber(scope.database, tenantId, parts);
}
