/** A tenant with accounts of a test's own making, written straight into D1; returns a consent that opens them. */
import { env } from 'cloudflare:workers';
import type { Consent } from '#consents/consent.ts';

export interface TestTransaction {
  readonly accountId: string;
  readonly createdAt: number;
  readonly transactionId: string;
  readonly amountMinor?: number;
}

export function newTenantId(): string {
  return `tnt_${crypto.randomUUID()}`;
}

export async function insertTestAccount(
  tenantId: string,
  accountId: string,
  status = 'enabled',
  { bookedMinor = 10_000, overdraftLimitMinor = 0 } = {},
): Promise<void> {
  // What is posted for a tenant needs the tenant's row, which guards it.
  await env.DB.prepare('INSERT OR IGNORE INTO tenants VALUES (?1, ?1, 0, 0)').bind(tenantId).run();
  const number = accountId.replace(/\D/g, '').slice(-8).padStart(8, '0');
  await env.DB.prepare('INSERT INTO accounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, 0, 0)')
    .bind(
      tenantId,
      accountId,
      status,
      'GBP',
      'current',
      `Account ${accountId}`,
      '608371',
      number,
      `IBAN${number}`,
      bookedMinor,
      overdraftLimitMinor,
    )
    .run();
}

export async function insertTestTransactions(
  tenantId: string,
  rows: readonly TestTransaction[],
): Promise<void> {
  const values = rows.map((row) => [
    row.accountId,
    row.createdAt,
    row.transactionId,
    row.amountMinor ?? -100,
  ]);
  for (let start = 0; start < values.length; start += 10_000) {
    await env.DB.prepare(
      `INSERT INTO transactions SELECT ?1, value->>0, value->>1, value->>2, 'booked', value->>3, 'GBP', value->>1,
        date(value->>1, 'unixepoch'), 'transfer', 'Test', NULL, NULL, NULL, NULL, NULL, 0, NULL FROM json_each(?2)`,
    )
      .bind(tenantId, JSON.stringify(values.slice(start, start + 10_000)))
      .run();
  }
}

/** An authorized account-access consent, as the guard hands it on. */
export function testConsent(
  tenantId: string,
  accountIds: readonly string[],
  window: { transactionFrom?: number; transactionTo?: number } = {},
): Consent {
  return {
    consentId: `consent_ais_${'0'.repeat(64)}`,
    type: 'account-access',
    clientId: 'client',
    organisationId: 'organisation',
    request: {
      type: 'account-access',
      permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
      expiresAt: 4_000_000_000,
      ...window,
    },
    status: 'authorized',
    createdAt: 0,
    statusUpdatedAt: 0,
    tenantId,
    customerId: 'cus_hazel',
    accountIds,
    version: 1,
  };
}
