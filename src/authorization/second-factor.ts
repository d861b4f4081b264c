/** Ports of the journey: what proves a customer beside the password, who sends its codes, and whose customers they are. */
import type { PaymentShown, TestCustomers } from '#authorization/journey-props.ts';
import type { Tenants } from '#bank/customer.ts';
import type { Purpose } from '#consents/permissions.ts';
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

/** Makes the code of one log-in. It is kept as a digest only. */
export interface SecondFactor {
  /** Six digits. */
  newCode(): string;
}

/** What a customer is sent: the code, and what it is for (RTS Article 5: linked to what it confirms). */
export interface CodeMessage {
  readonly tenantId: string;
  readonly customerId: string;
  readonly code: string;
  /** Who asks; for the purpose `access` the bank itself. */
  readonly softwareName: string;
  readonly organisationName: string;
  /** `access`: the customer logs in to see and end what they gave access to. */
  readonly purpose: Purpose | 'access';
  /** With the purpose `payment`: to stand in the message beside the code. */
  readonly payment?: PaymentShown | undefined;
}

/** Sends codes. Refuses with `service_unavailable`; `sentTo` is where, masked, for the page to show. */
export interface CodeSender {
  send(scope: Scope, message: CodeMessage): Promise<Result<{ readonly sentTo?: string | undefined }>>;
}

export interface JourneyPorts {
  readonly tenants: Tenants;
  readonly secondFactor: SecondFactor;
  readonly codeSender: CodeSender;
  /** Only in the sandbox: shown on its pages. */
  readonly testCustomers?: TestCustomers | undefined;
}

/** The ports of an environment; refuses with `service_unavailable` where one of them is not configured. */
export type JourneyPortsOf = (scope: Scope) => Result<JourneyPorts>;
