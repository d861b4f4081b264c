/** Gives a client another registration access token; the old one opens nothing from then on. D1: one batch. Objects: one. */
import {
  changeRegistrationTokenStatement,
  isLiveVersion,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';

/** False, and the old one stays, where another change of the client came first or it has ended. */
export async function rotateRegistrationToken(
  scope: Scope,
  { client }: Registration,
  registrationTokenDigest: string,
  write: WriteRecorded,
): Promise<boolean> {
  const { database, now } = scope;
  const { clientId, version, status, scopes } = client;
  const written = await write({
    condition: isLiveVersion(client),
    changes: (isRecorded) => [
      changeRegistrationTokenStatement(database, client, registrationTokenDigest, isRecorded),
      outboxStatement(database, { topic: 'client.changed', subject: clientId, payload: {}, now }),
    ],
  });
  if (!written) return false;
  await tellClientObject(scope, { clientId, version: version + 1, status, scopes });
  return true;
}
