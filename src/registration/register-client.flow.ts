/**
 * Registers a client. D1: one read, one batch. Objects: one (the new client's is told), two where it replaces another.
 * Source: RFC 7591 section 3.
 */
import {
  endClientStatement,
  hasRoom,
  insertClientStatement,
  isStatementTaken,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Client, LiveClientCap } from '#clients/client.ts';
import { makeRoom, refuseOneMore } from '#clients/make-room.flow.ts';
import { organisationStatement } from '#clients/organisation.statements.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret, newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import type { RegistrationRequest } from '#registration/read-request.flow.ts';

export interface NewRegistration {
  readonly registration: Registration;
  /** Shown once; kept as a digest. */
  readonly registrationToken: string;
}

/** What is settled of a registration before it is made, so that the same form posted twice registers once. */
export interface Appointed {
  readonly clientId: string;
  readonly registrationToken: string;
  /** Records who registers; its condition fails for the second of two. */
  readonly write: WriteRecorded;
}

/** Registrations with one statement that met another at the same moment try again so often. */
const ATTEMPTS = 3;

function capOf({ settings }: Scope): LiveClientCap {
  return settings.environment === 'production'
    ? { of: 'software', maximum: settings.liveClientsPerSoftware }
    : { of: 'organisation', maximum: settings.liveClientsPerOrganisation };
}

async function newClient(
  scope: Scope,
  { statement, registered }: RegistrationRequest,
  { clientId, registrationToken }: Omit<Appointed, 'write'>,
  registeredBySignedBody: boolean,
): Promise<Client> {
  const { software, organisationName, softwareName, roles, statementId } = statement;
  return {
    ...registered,
    clientId,
    organisationId: await organisationIdOf(software.directoryIssuer, software.orgId),
    software,
    organisationName,
    softwareName,
    roles,
    statementId,
    status: 'active',
    version: 1,
    issuedAt: scope.now,
    registrationTokenDigest: await digestOf(registrationToken),
    registeredBySignedBody,
  };
}

/** `full`: no room for one more live client. `met`: another registration with the statement came first. */
async function insertClient(
  scope: Scope,
  registration: Registration,
  replacedClientId: string | undefined,
  write: WriteRecorded | undefined,
): Promise<'inserted' | 'full' | 'met'> {
  const { database, now } = scope;
  const { client, statement } = registration;
  const { directoryIssuer, orgId } = statement.software;
  const cap = capOf(scope);
  const ending = replacedClientId === undefined ? [] : [endClientStatement(database, replacedClientId, now)];
  const before = organisationStatement(database, {
    organisationId: client.organisationId,
    directoryIssuer,
    orgId,
    name: statement.organisationName,
    tenantId: undefined,
    createdAt: now,
  });
  const news = outboxStatement(database, {
    topic: 'client.changed',
    subject: client.clientId,
    payload: {},
    now,
  });
  try {
    if (write !== undefined) {
      const written = await write({
        condition: hasRoom(client, cap, replacedClientId),
        changes: (isRecorded) => [
          before,
          ...ending,
          insertClientStatement(database, registration, cap, isRecorded),
          news,
        ],
      });
      return written ? 'inserted' : 'full';
    }
    const results = await database.batch([
      before,
      ...ending,
      insertClientStatement(database, registration, cap),
      news,
    ]);
    return results.at(-2)?.meta.changes === 0 ? 'full' : 'inserted';
  } catch (error) {
    if (isStatementTaken(error)) return 'met';
    throw error;
  }
}

/**
 * Registers a client by a request that was read and decided. A live client of the same statement is ended and replaced,
 * unless it has authenticated itself: `invalid_software_statement`. Too many live clients, or a twin of an appointed
 * registration that came first: `invalid_client_metadata`.
 */
export async function registerClient(
  scope: Scope,
  request: RegistrationRequest,
  isSigned: boolean,
  appointed?: Appointed,
): Promise<Result<NewRegistration>> {
  const { clientId, registrationToken } = appointed ?? {
    clientId: newUuid(),
    registrationToken: `reg_token_${newSecret()}`,
  };
  const client = await newClient(scope, request, { clientId, registrationToken }, isSigned);
  const registration = { client, statement: request.statement };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const room = await makeRoom(scope, client, capOf(scope));
    if (!room.ok) return room;
    const outcome = await insertClient(scope, registration, room.value, appointed?.write);
    if (outcome === 'full') return refuseOneMore();
    if (outcome === 'met') continue;
    const { version, status, scopes } = client;
    await tellClientObject(scope, { clientId, version, status, scopes });
    return ok({ registration, registrationToken });
  }
  return refuse('invalid_software_statement', 'other registrations with it at the same time', {
    message: 'The software statement is being used by other registrations at the same time.',
  });
}
