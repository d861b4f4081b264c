/** An account's passkeys: listed, and taken away. D1: one read; one conditional write. Objects: none. */
import { deliverLater, mailFacts } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Developer } from '#developers/member.ts';
import { passkeyRemovedMessage } from '#developers/messages.ts';
import { deletePasskey, readPasskeys } from '#developers/passkey.store.ts';
import type { Passkey } from '#developers/passkey.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The account's passkeys, the oldest first. */
export function listPasskeys(scope: Scope, developerId: string): Promise<readonly Passkey[]> {
  return retryRead(scope, () => readPasskeys(scope.database, developerId));
}

/** False for the account's last way in, and for a passkey that is not there. */
export async function removePasskey(
  scope: Scope,
  mailer: Mailer | undefined,
  { developerId, email }: Developer,
  credentialId: string,
): Promise<boolean> {
  const removed = await deletePasskey(scope.database, developerId, credentialId);
  if (removed && mailer !== undefined) {
    deliverLater(scope, mailer, passkeyRemovedMessage(mailFacts(scope, email)));
  }
  return removed;
}
