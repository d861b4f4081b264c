/**
 * Stands in for customers where a run needs thousands of authorized payments: makes consents and has them approved by the
 * flows that the routes call, many in one request. The sandbox's own stand-in takes 100 requests a minute.
 */
import type { Client } from '#clients/client.ts';
import { findClient } from '#clients/find-client.flow.ts';
import { createConsent } from '#consents/create-consent.flow.ts';
import { approveConsent } from '#consents/decide-consent.flow.ts';
import { parsePayment } from '#consents/payment-instruction.schema.ts';
import { newPaymentRequest } from '#consents/payment-request.ts';
import { makeScope } from '#edge/request-frame.ts';
import type { Scope } from '#edge/scope.ts';
import { parseSettings } from '#edge/settings.ts';
import type { Result } from '#kernel/result.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { mintAccessToken } from '#tokens/mint-token.flow.ts';

/** A payment to be authorized, and which customer pays it from where. */
interface Wanted {
  readonly payment: object;
  readonly customerId: string;
  readonly accountId: string;
}

interface Order {
  readonly clientId: string;
  readonly wanted: readonly Wanted[];
}

const SCOPES = ['openid', 'payments'];
const isolate = { startedAtMs: 0 };

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.value;
}

async function authorize(scope: Scope, client: Client, tenantId: string, wanted: Wanted) {
  const { payment, customerId, accountId } = wanted;
  const { clientId } = client;
  const request = taken(newPaymentRequest(taken(parsePayment({ payment })), scope.now));
  const { consentId } = taken(await createConsent(scope, client, request));
  const subject = 'subject';
  const binding = {
    clientId,
    redirectUri: client.redirectUris[0] ?? '',
    scopes: SCOPES,
    authTime: scope.now,
    subject,
  };
  taken(await approveConsent(scope, { consentId, tenantId, customerId, accountIds: [accountId], binding }));
  const { token } = await mintAccessToken(scope, { clientId, subject, scopes: SCOPES, consentId });
  return { consentId, token };
}

/** The path of `answerStandIn`. */
export const STAND_IN_PATH = '/stand-in/authorized';

/** Answers an order for authorized payments with a consent and a token for each. */
export async function answerStandIn(
  request: Request,
  env: Env,
  context: ExecutionContext,
): Promise<Response> {
  const { clientId, wanted }: Order = await request.json();
  const settings = taken(parseSettings(env as unknown as Record<string, unknown>));
  const parts = { clock: { nowMs: Date.now }, log: () => undefined, isolate };
  const scope = makeScope(parts, env, settings, (work) => context.waitUntil(work), request);
  const client = await findClient(scope, clientId);
  if (client === undefined) throw new Error('no such client');
  const tenantId = await sandboxTenants.ready(scope, client.organisationId);
  const authorized = await Promise.all(wanted.map((one) => authorize(scope, client, tenantId, one)));
  return Response.json({ tenantId, authorized });
}
