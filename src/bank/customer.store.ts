/** Reads of customers in D1. */
import { and, eq } from 'drizzle-orm';
import { customersTable } from '#bank/customer.table.ts';
import type { Customer } from '#bank/customer.ts';
import type { Database } from '#edge/database.ts';

type CustomerRow = typeof customersTable.$inferSelect;

function toCustomer(row: CustomerRow): Customer {
  return { ...row, locked: row.locked === 1 };
}

/** The customer of a log-in name in a tenant. */
export async function selectCustomerByUsername(
  database: Database,
  tenantId: string,
  username: string,
): Promise<Customer | undefined> {
  const rows = await database
    .select()
    .from(customersTable)
    .where(and(eq(customersTable.tenantId, tenantId), eq(customersTable.username, username)));
  return rows[0] === undefined ? undefined : toCustomer(rows[0]);
}

/** The customer of an id in a tenant. */
export async function selectCustomer(
  database: Database,
  tenantId: string,
  customerId: string,
): Promise<Customer | undefined> {
  const rows = await database
    .select()
    .from(customersTable)
    .where(and(eq(customersTable.tenantId, tenantId), eq(customersTable.customerId, customerId)));
  return rows[0] === undefined ? undefined : toCustomer(rows[0]);
}
