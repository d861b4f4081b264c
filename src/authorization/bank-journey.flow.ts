/**
 * The journey of the bank's own customers in production: random one-time codes, sent by a Worker of the bank's that is
 * bound as CODE_SENDER. D1, objects: none; one call to that Worker for each code.
 */
import type { CodeMessage, JourneyPorts } from '#authorization/second-factor.ts';
import { bankTenants } from '#bank/bank-tenant.ts';
import { describeError } from '#edge/log.ts';
import { withDeadline } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/**
 * What the bank's Worker offers, by RPC: sends the code to the customer's phone and says where to, masked. It throws
 * when it cannot. Contract: docs/deploy.md.
 */
export interface CodeSenderWorker {
  sendCode(message: CodeMessage & { readonly requestId: string }): Promise<{ readonly sentTo?: string }>;
}

/** How long a customer waits for the bank's Worker before the page says to try again, milliseconds. */
const SEND_DEADLINE_MS = 5_000;
const CODE_COUNT = 1_000_000;
const CODE_DIGITS = 6;

/** Six digits, each code as likely as another: draws that would favour the low ones are drawn again. */
function newCode(): string {
  const word = new Uint32Array(1);
  const fair = Math.floor(2 ** 32 / CODE_COUNT) * CODE_COUNT;
  do crypto.getRandomValues(word);
  while ((word[0] ?? 0) >= fair);
  return String((word[0] ?? 0) % CODE_COUNT).padStart(CODE_DIGITS, '0');
}

async function sendCode(
  scope: Scope,
  sender: CodeSenderWorker,
  message: CodeMessage,
): Promise<Result<{ readonly sentTo?: string }>> {
  try {
    const sent = sender.sendCode({ ...message, requestId: scope.requestId });
    const { sentTo } = await withDeadline(sent, SEND_DEADLINE_MS, 'CODE_SENDER');
    return ok(typeof sentTo === 'string' ? { sentTo } : {});
  } catch (error) {
    return refuse('service_unavailable', `CODE_SENDER: ${describeError(error)}`, { retryAfterSeconds: 30 });
  }
}

/** The ports, where the settings found CODE_SENDER bound; refuses with `service_unavailable` where it is not. */
export function bankJourney({ bindings }: Scope): Result<JourneyPorts> {
  const sender = bindings.CODE_SENDER as CodeSenderWorker | undefined;
  if (sender === undefined) {
    return refuse('service_unavailable', 'setting CODE_SENDER: is not bound', { retryAfterSeconds: 60 });
  }
  return ok({
    tenants: bankTenants,
    secondFactor: { newCode },
    codeSender: { send: (scope, message) => sendCode(scope, sender, message) },
  });
}
