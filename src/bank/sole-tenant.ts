/** The tenant of production: the bank has one. */
import type { Tenants } from '#bank/customer.ts';

const TENANT_ID = 'hamster-bank';

export const soleTenant: Tenants = {
  ready: () => Promise.resolve(TENANT_ID),
  peek: () => Promise.resolve(TENANT_ID),
};
