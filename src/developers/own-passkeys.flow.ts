/** An account's passkeys: listed, and taken away. D1: one read; one conditional write, and one read where it did nothing. Objects: none. */
import { deliverLater } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Account } from '#developers/member.ts';
import { PASSKEY_REMOVED_MESSAGE } from '#developers/messages.ts';
import { deletePasskey, readPasskeys } from '#developers/passkey.store.ts';
import type { Passkey } from '#developers/passkey.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

/** The account's passkeys, the oldest first. */
export function listPasskeys(scope: Scope, developerId: string): Promise<readonly Passkey[]> {
  return retryRead(scope, () => readPasskeys(scope.database, developerId));
}

/** `kept`: it is the account's last way in. `gone`: it is none of the account's, or the form was sent twice. */
export type PasskeyRemoval = 'removed' | 'kept' | 'gone';

export async function removePasskey(
  scope: Scope,
  mailer: Result<Mailer>,
  { developer, session }: Account,
  credentialId: string,
): Promise<PasskeyRemoval> {
  if (await deletePasskey(scope.database, session, credentialId)) {
    deliverLater(scope, mailer, developer.email, PASSKEY_REMOVED_MESSAGE);
    return 'removed';
  }
  const left = await listPasskeys(scope, session.developerId);
  return left.some((passkey) => passkey.credentialId === credentialId) ? 'kept' : 'gone';
}
