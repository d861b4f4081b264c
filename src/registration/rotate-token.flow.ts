/** Gives a client another registration access token; the old one opens nothing from then on. D1: one batch. Objects: one. */
import {
  changeClientStatement,
  isLiveVersion,
  type RecordedChange,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { writeChange } from '#registration/write-change.flow.ts';

/** False, and the old one stays, where another change of the client came first or it has ended. */
export async function rotateRegistrationToken(
  scope: Scope,
  { client }: Registration,
  registrationTokenDigest: string,
  write: WriteRecorded,
): Promise<boolean> {
  const { database } = scope;
  const change: RecordedChange = {
    condition: isLiveVersion(client),
    // A new version, so that a change read with the old token cannot put the old digest back.
    changes: (isRecorded) => [
      changeClientStatement(database, client, { registrationTokenDigest }, isRecorded),
    ],
  };
  const changed = { ...client, version: client.version + 1 };
  return (await writeChange(scope, changed, change, write)) === 'written';
}
