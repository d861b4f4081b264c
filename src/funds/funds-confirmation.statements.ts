/**
 * A check of funds as prepared statements: answered, counted and kept in one. The limits are judged over the very rows
 * that are kept, in the statement that adds one, so that no two checks can take the same place.
 */
import { AVAILABLE_MINOR_SQL } from '#bank/account.statements.ts';
import type { Database } from '#edge/database.ts';
import {
  type CheckFacts,
  type CheckLimit,
  DAY_LIMIT,
  type FundsQuestion,
  MINUTE_LIMIT,
} from '#funds/funds-confirmation.ts';
import type { Currency } from '#kernel/money.ts';

/** When the check was made that is the oldest of a full limit; no row while there is room for another. */
function fullSinceSql({ checks, seconds }: CheckLimit): string {
  return `SELECT created_at FROM funds_confirmations
    WHERE tenant_id = ?1 AND consent_id = ?2 AND created_at > ?3 - ${seconds}
    ORDER BY created_at DESC LIMIT 1 OFFSET ${checks - 1}`;
}

// Yes and no take the same way, whatever the reason: one row read, one row written.
const ADD_CHECK_SQL = `
  INSERT OR IGNORE INTO funds_confirmations
    (tenant_id, consent_id, created_at, funds_confirmation_id, reference, amount_minor, currency, funds_available)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7,
    status = 'enabled' AND withdrawals_restricted = 0 AND ${AVAILABLE_MINOR_SQL} >= ?6
  FROM accounts
  WHERE tenant_id = ?1 AND account_id = ?8 AND currency = ?7
    AND NOT EXISTS (${fullSinceSql(MINUTE_LIMIT)}) AND NOT EXISTS (${fullSinceSql(DAY_LIMIT)})`;

const CHECK_FACTS_SQL = `
  SELECT
    (SELECT funds_available FROM funds_confirmations
      WHERE tenant_id = ?1 AND consent_id = ?2 AND created_at = ?3 AND funds_confirmation_id = ?4) AS funds_available,
    (${fullSinceSql(MINUTE_LIMIT)}) AS minute_full_since,
    (${fullSinceSql(DAY_LIMIT)}) AS day_full_since,
    (SELECT currency FROM accounts WHERE tenant_id = ?1 AND account_id = ?5) AS account_currency`;

interface FactsRow {
  readonly funds_available: number | null;
  readonly minute_full_since: number | null;
  readonly day_full_since: number | null;
  readonly account_currency: Currency | null;
}

/** One check to be made. */
export interface Check extends FundsQuestion {
  readonly tenantId: string;
  readonly consentId: string;
  readonly accountId: string;
  /** Made anew for each request: the same id again is the same check, answered as it was. */
  readonly fundsConfirmationId: string;
  readonly now: number;
}

/**
 * Makes the check if both limits have room and the account is kept in its currency, then says what came of it. For one
 * batch; safe to run twice.
 */
export function checkStatements(
  { $client }: Database,
  { tenantId, consentId, accountId, fundsConfirmationId, now, reference, amount }: Check,
): [D1PreparedStatement, D1PreparedStatement] {
  const key = [tenantId, consentId, now, fundsConfirmationId] as const;
  return [
    $client.prepare(ADD_CHECK_SQL).bind(...key, reference, amount.amountMinor, amount.currency, accountId),
    $client.prepare(CHECK_FACTS_SQL).bind(...key, accountId),
  ];
}

/** What the second of `checkStatements` found. */
export function readCheckFacts(result: D1Result | undefined): CheckFacts {
  const row = result?.results[0] as FactsRow | undefined;
  if (row === undefined) throw new Error('a select without FROM answered no row');
  return {
    fundsAvailable: row.funds_available === null ? undefined : row.funds_available === 1,
    minuteFullSince: row.minute_full_since ?? undefined,
    dayFullSince: row.day_full_since ?? undefined,
    accountCurrency: row.account_currency ?? undefined,
  };
}
