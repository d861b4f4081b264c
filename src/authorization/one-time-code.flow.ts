/** The digest of a one-time code, bound to its interaction and to what the customer is asked. D1, objects: none. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import type { LoggedInCustomer } from '#authorization/interaction.ts';
import type { Client } from '#clients/client.ts';
import { oneTimeCodeDigest } from '#edge/secrets.ts';
import type { KeySet } from '#edge/signing-keys.ts';

export interface CodeBound {
  readonly interactionId: string;
  readonly request: AuthorizationRequest;
  /** Who asks, by the names shown: were they changed meanwhile, the code would confirm something else. */
  readonly client: Client;
  readonly customer: Pick<LoggedInCustomer, 'tenantId' | 'customerId'>;
}

/** Source: RTS Article 5 (a code is specific to what it confirms, and a change of it invalidates the code). */
export async function digestOfCode(keys: KeySet, code: string, bound: CodeBound): Promise<string> {
  const { interactionId, request, client, customer } = bound;
  return oneTimeCodeDigest(keys, [
    'one-time-code',
    code,
    interactionId,
    request.clientId,
    client.softwareName,
    client.organisationName,
    // A consent's request never changes, so that its id stands for all the customer will read of it.
    request.consentId ?? '',
    request.scopes.join(' '),
    customer.tenantId,
    customer.customerId,
  ]);
}
