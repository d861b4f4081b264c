/** The bank's customers and the tenants they live in. A tenant is one closed set of customers and accounts. */
import type { Scope } from '#edge/scope.ts';

export interface Customer {
  readonly tenantId: string;
  readonly customerId: string;
  readonly username: string;
  readonly displayName: string;
  /** scrypt digest with its salt and cost; never leaves the log-in flow. */
  readonly passwordDigest: string;
  readonly locked: boolean;
}

/**
 * Port: the tenant an organisation's customers live in, made and seeded at need. The sandbox's adapter seeds lazily; in
 * production it is the bank's one tenant. `peek` never makes one: undefined where none is seeded yet.
 */
export interface Tenants {
  ready(scope: Scope, organisationId: string): Promise<string>;
  peek(scope: Scope, organisationId: string): Promise<string | undefined>;
}
