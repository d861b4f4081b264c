/**
 * E-mail through the platform's binding EMAIL, from the address EMAIL_FROM. D1, objects: none; one call to the platform for
 * each message. Source: developers.cloudflare.com/email-service.
 */
import type { Mailer, Message } from '#developers/mailer.ts';
import { withDeadline } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

type EmailBinding = NonNullable<Env['EMAIL']>;

/** Messages go out after the answer, so nobody waits for them; milliseconds. */
const SEND_DEADLINE_MS = 15_000;

/** The platform's word for what went wrong (`E_SENDER_NOT_VERIFIED`); its message may name the address. */
function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : 'not sent';
}

async function send(
  binding: EmailBinding,
  from: string,
  { to, subject, text }: Message,
): Promise<Result<void>> {
  try {
    const sent = binding.send({ from: { name: 'Hamster Bank', email: from }, to, subject, text });
    await withDeadline(sent, SEND_DEADLINE_MS, 'EMAIL');
    return ok(undefined);
  } catch (error) {
    return refuse('service_unavailable', `EMAIL: ${codeOf(error)}`);
  }
}

/** Refuses with `service_unavailable` where the deployment has no binding or no address to send from. */
export function platformMailer({ bindings, settings }: Scope): Result<Mailer> {
  const binding = bindings.EMAIL;
  const { emailFrom } = settings;
  if (binding === undefined || emailFrom === undefined) {
    const name = binding === undefined ? 'EMAIL' : 'EMAIL_FROM';
    return refuse('service_unavailable', `setting ${name} is missing`);
  }
  return ok({ send: (_scope, message) => send(binding, emailFrom, message) });
}
