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
      WHERE tenant_id = ?1 AND consent_id = ?2 AND created_at = ?3 AND funds_confirmation_id = ?4) AS fundsAvailable,
    (${fullSinceSql(MINUTE_LIMIT)}) AS minuteFullSince,
    (${fullSinceSql(DAY_LIMIT)}) AS dayFullSince,
    (SELECT currency FROM accounts WHERE tenant_id = ?1 AND account_id = ?5) AS accountCurrency`;

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
  const facts = result?.results[0] as CheckFacts | undefined;
  if (facts === undefined) throw new Error('a select without FROM answered no row');
  return facts;
}
