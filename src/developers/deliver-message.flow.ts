/** Sends an e-mail after the answer, so that no answer tells by its time whether one was sent. D1, objects: the mailer's. */
import type { Mailer, Message } from '#developers/mailer.ts';
import { developerOrigin } from '#edge/developer-host.ts';
import type { Scope } from '#edge/scope.ts';

/** Within it an answer is on its way; a mail begun before would take its time from it, milliseconds. */
const AFTER_ANSWER_MS = 20;

async function deliver(scope: Scope, mailer: Mailer, message: Message): Promise<void> {
  await scheduler.wait(AFTER_ANSWER_MS);
  const sent = await mailer.send(scope, message);
  if (sent.ok) return;
  scope.log('error', { event: 'mail_failed', request_id: scope.requestId, reason: sent.refusal.reason });
}

export function deliverLater(scope: Scope, mailer: Mailer, message: Message): void {
  scope.defer(deliver(scope, mailer, message));
}

/** What each message says of its deployment. */
export function mailFacts({ settings }: Scope, to: string) {
  return { to, origin: developerOrigin(settings), environment: settings.environment };
}
