/** Replaces a client's registration. D1: one batch. Objects: one (its own is told). Source: RFC 7592 section 2.2. */

import {
  isLiveVersion,
  isStatementTaken,
  replaceClientStatement,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Client } from '#clients/client.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import type { RegistrationRequest } from '#registration/read-request.flow.ts';

async function writeChanged(
  scope: Scope,
  registration: Registration,
  write: WriteRecorded | undefined,
): Promise<'written' | 'outdated' | 'taken'> {
  const { database, now } = scope;
  const { clientId, version } = registration.client;
  const news = outboxStatement(database, { topic: 'client.changed', subject: clientId, payload: {}, now });
  try {
    if (write !== undefined) {
      const before = { clientId, version: version - 1 };
      const written = await write({
        condition: isLiveVersion(before),
        changes: (isRecorded) => [replaceClientStatement(database, registration, isRecorded), news],
      });
      return written ? 'written' : 'outdated';
    }
    const [replaced] = await database.batch([replaceClientStatement(database, registration), news]);
    return replaced.meta.changes === 0 ? 'outdated' : 'written';
  } catch (error) {
    if (isStatementTaken(error)) return 'taken';
    throw error;
  }
}

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
    return refuse('invalid_client_metadata', 'client_id of another client', {
      message: 'client_id is not that of the client.',
    });
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
  const outcome = await writeChanged(scope, registration, write);
  if (outcome === 'taken') {
    return refuse('invalid_software_statement', 'another live client has the statement', {
      message: 'Another client is registered with this software statement.',
    });
  }
  if (outcome === 'outdated') return refuse('conflict', 'changed or ended meanwhile');
  const { clientId, version, status, scopes } = changed;
  await tellClientObject(scope, { clientId, version, status, scopes });
  return ok(registration);
}
