/** Port of settlement: the network that carries international payments to other banks, and says what became of them. */

import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';
import type { FailureReason, Payment } from '#payments/payment.ts';

/** A payment on its way, as the network is told of it. */
export type SettlementOrder = Pick<
  Payment,
  'tenantId' | 'paymentId' | 'instruction' | 'quote' | 'createdAt'
> & {
  /** The network's own name for it: the same order sent twice is one order. */
  readonly uetr: string;
};

/** What became of an order. `askAgain` false: nothing will ever become of it by asking. */
export type SettlementOutcome =
  | { readonly status: 'pending'; readonly askAgain: boolean }
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly reason: FailureReason };

/** Each call may come again for the same order. One that throws is made again later. */
export interface Settlement {
  /** Hands an order over. */
  send(scope: Scope, order: SettlementOrder): Promise<void>;
  /** Asks after an order that was handed over. */
  outcomeOf(scope: Scope, order: SettlementOrder): Promise<SettlementOutcome>;
}

/** The settlement of an environment; refuses with `service_unavailable` where none is configured. */
export type SettlementOf = (scope: Scope) => Result<Settlement>;
