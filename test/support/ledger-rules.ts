/** What must hold of a tenant's ledger in D1 at any moment, as SQL: ?1 is the tenant. */

/** Each finds the rows that break one rule. */
export const LEDGER_RULES: Readonly<Record<string, string>> = {
  'a journal does not come to zero': `
    SELECT journal_id, currency, sum(amount_minor) AS amount FROM transactions
    WHERE tenant_id = ?1 AND status = 'booked' GROUP BY journal_id, currency HAVING sum(amount_minor) <> 0`,
  'a balance is not the sum of its entries': `
    SELECT account_id, booked_minor, (SELECT coalesce(sum(amount_minor), 0) FROM transactions AS t
      WHERE t.tenant_id = ?1 AND t.account_id = a.account_id AND status = 'booked') AS amount
    FROM accounts AS a WHERE tenant_id = ?1 AND booked_minor <> amount`,
  'what is held is not what is pending': `
    SELECT account_id, held_minor, (SELECT coalesce(-sum(amount_minor), 0) FROM transactions AS t
      WHERE t.tenant_id = ?1 AND t.account_id = a.account_id AND status = 'pending' AND amount_minor < 0) AS amount
    FROM accounts AS a WHERE tenant_id = ?1 AND held_minor <> amount`,
  'a running balance is not the sum so far': `
    SELECT * FROM (SELECT account_id, transaction_id, balance_after_minor, sum(amount_minor)
        OVER (PARTITION BY account_id ORDER BY created_at, transaction_id) AS amount
      FROM transactions WHERE tenant_id = ?1 AND status = 'booked' AND account_id NOT GLOB 'internal:*')
    WHERE balance_after_minor IS NOT amount`,
  'an account is beyond its limit': `
    SELECT account_id FROM accounts WHERE tenant_id = ?1 AND booked_minor - held_minor + overdraft_limit_minor < 0`,
  'an entry is part of no journal': `
    SELECT transaction_id FROM transactions AS t WHERE tenant_id = ?1 AND status = 'booked'
      AND NOT EXISTS (SELECT 1 FROM journals AS j WHERE j.tenant_id = ?1 AND j.journal_id = t.journal_id)`,
  'a journal has no entries': `
    SELECT journal_id FROM journals WHERE tenant_id = ?1 AND journal_id NOT IN
      (SELECT journal_id FROM transactions WHERE tenant_id = ?1 AND journal_id IS NOT NULL)`,
};
