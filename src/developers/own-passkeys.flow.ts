/** An account's passkeys: listed, and taken away. D1: one read; one conditional write, and one read where it did nothing. Objects: none. */
import { deliverLater, mailFacts } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import type { Developer, DeveloperSession } from '#developers/member.ts';
import { passkeyRemovedMessage } from '#developers/messages.ts';
import { deletePasskey, readPasskeys } from '#developers/passkey.store.ts';
import type { Passkey } from '#developers/passkey.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** The account's passkeys, the oldest first. */
export function listPasskeys(scope: Scope, developerId: string): Promise<readonly Passkey[]> {
  return retryRead(scope, () => readPasskeys(scope.database, developerId));
}

/** `kept`: it is the account's last way in. `gone`: it is none of the account's, or the form was sent twice. */
export type PasskeyRemoval = 'removed' | 'kept' | 'gone';

export async function removePasskey(
  scope: Scope,
  mailer: Mailer | undefined,
  { developer, session }: { readonly developer: Developer; readonly session: DeveloperSession },
  credentialId: string,
): Promise<PasskeyRemoval> {
  if (await deletePasskey(scope.database, session, credentialId)) {
    if (mailer !== undefined) {
      deliverLater(scope, mailer, passkeyRemovedMessage(mailFacts(scope, developer.email)));
    }
    return 'removed';
  }
  const left = await listPasskeys(scope, session.developerId);
  return left.some((passkey) => passkey.credentialId === credentialId) ? 'kept' : 'gone';
}
