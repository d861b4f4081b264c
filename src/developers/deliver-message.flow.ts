/** Sends an e-mail after the answer, so that no answer tells by its time whether one was sent. D1, objects: the mailer's. */
import type { Mailer } from '#developers/mailer.ts';
import { type Words, writeMessage } from '#developers/messages.ts';
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

/** Within it an answer is on its way; a mail begun before would take its time from it, milliseconds. */
const AFTER_ANSWER_MS = 20;

async function deliver(scope: Scope, mailer: Mailer, to: string, words: Words): Promise<void> {
  await scheduler.wait(AFTER_ANSWER_MS);
  const sent = await mailer.send(scope, writeMessage(scope.settings, to, words));
  if (sent.ok) return;
  scope.log('error', { event: 'mail_failed', request_id: scope.requestId, reason: sent.refusal.reason });
}

/** Where the deployment has no mailer nothing is sent. */
export function deliverLater(scope: Scope, mailer: Result<Mailer>, to: string, words: Words): void {
  if (mailer.ok) scope.defer(deliver(scope, mailer.value, to, words));
}
