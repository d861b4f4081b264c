/**
 * Ends a client: from the answer on everything of it is refused. Its consents are ended from the outbox. D1: one batch.
 * Objects: one (its own is told). Source: RFC 7592 section 2.3.
 */
import {
  endClientStatement,
  isLiveVersion,
  type RecordedChange,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { writeChange } from '#registration/write-change.flow.ts';

/** False, and nothing has changed, if another change of it came first. `write` records who ends it. */
export async function endRegistration(
  scope: Scope,
  { client }: Registration,
  write?: WriteRecorded,
): Promise<boolean> {
  const { database, now } = scope;
  const ended = { ...client, version: client.version + 1, status: 'ended', scopes: [] } as const;
  const change: RecordedChange = {
    condition: isLiveVersion(client),
    changes: (isRecorded) => [endClientStatement(database, client.clientId, now, isRecorded)],
  };
  return (await writeChange(scope, ended, change, write)) === 'written';
}
