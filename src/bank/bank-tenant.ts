/** Production's one tenant: the bank's own customers and accounts, whichever organisation asks. */
import type { Tenants } from '#bank/customer.ts';

/** The `tenant_id` of everything the bank keeps in production. */
export const BANK_TENANT_ID = 'bank';

/** The same tenant for every organisation; it is there from the first import on, and is never seeded. */
export const bankTenants: Tenants = {
  ready: () => Promise.resolve(BANK_TENANT_ID),
  peek: () => Promise.resolve(BANK_TENANT_ID),
};
