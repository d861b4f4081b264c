/** The mailer of a local sandbox: keeps each message for a day, to be shown at `/dev/mail`. D1: one batch; one read. Objects: none. */
import type { Mailer } from '#developers/mailer.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, refuse } from '#kernel/result.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { insertMessage, type LocalMessage, readMessages } from '#sandbox/mailbox.store.ts';

/** Refuses outside a local sandbox: links in these messages open accounts. */
export const localMailer: Mailer = {
  async send(scope, { to, subject, text }) {
    const { database, now, isLocal } = scope;
    if (!isLocal) return refuse('service_unavailable', 'local mailbox outside a local sandbox');
    const message = { messageId: newUuid(), recipient: to, subject, body: text, sentAt: now };
    await insertMessage(database, message, now - DAY_SECONDS);
    return ok(undefined);
  },
};

export function listMessages(scope: Scope): Promise<readonly LocalMessage[]> {
  return retryRead(scope, () => readMessages(scope.database));
}
