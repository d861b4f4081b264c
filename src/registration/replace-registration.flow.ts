/** Replaces a client's registration. D1: one batch. Objects: one (its own is told). Source: RFC 7592 section 2.2. */
import {
  isLiveVersion,
  type RecordedChange,
  replaceClientStatement,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Client } from '#clients/client.ts';
import type { Registration } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';
import type { RegistrationRequest } from '#registration/read-request.flow.ts';
import { writeChange } from '#registration/write-change.flow.ts';

/**
 * Puts the whole of a request in the place of what was registered. Refuses with `invalid_client_metadata` (another
 * client_id), `invalid_software_statement` (another live client has it), `conflict` (another change came first).
 * `write`, where given, records who makes the change.
 */
export async function replaceRegistration(
  scope: Scope,
  { client }: Registration,
  { statement, registered, namedClientId }: RegistrationRequest,
  write?: WriteRecorded,
): Promise<Result<Registration>> {
  if (namedClientId !== undefined && namedClientId !== client.clientId) {
    return refuseOpenly('invalid_client_metadata', 'client_id is not that of the client.');
  }
  const changed: Client = {
    ...client,
    ...registered,
    organisationName: statement.organisationName,
    softwareName: statement.softwareName,
    roles: statement.roles,
    statementId: statement.statementId,
    version: client.version + 1,
  };
  const registration = { client: changed, statement };
  const change: RecordedChange = {
    condition: isLiveVersion(client),
    changes: (isRecorded) => [replaceClientStatement(scope.database, registration, isRecorded)],
  };
  const outcome = await writeChange(scope, changed, change, write);
  if (outcome === 'taken') {
    return refuseOpenly(
      'invalid_software_statement',
      'Another client is registered with this software statement.',
    );
  }
  return outcome === 'written' ? ok(registration) : refuse('conflict', 'changed or ended meanwhile');
}
