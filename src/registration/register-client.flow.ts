/**
 * Registers a client. D1: one read, one batch. Objects: one (the new client's is told), two where it replaces another.
 * Source: RFC 7591 section 3.
 */
import {
  endClientStatement,
  hasRoom,
  insertClientStatement,
  type RecordedChange,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Client, LiveClientCap } from '#clients/client.ts';
import { makeRoom, refuseOneMore } from '#clients/make-room.flow.ts';
import { organisationStatement } from '#clients/organisation.statements.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import type { Registration } from '#clients/statement.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret, newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { RegistrationRequest } from '#registration/read-request.flow.ts';
import { writeChange } from '#registration/write-change.flow.ts';

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

/** The first registration of an organisation makes it. What a replaced client leaves is ended before its place is taken. */
function insertion(
  scope: Scope,
  registration: Registration,
  replacedClientId: string | undefined,
): RecordedChange {
  const { database, now } = scope;
  const { client, statement } = registration;
  const { directoryIssuer, orgId } = statement.software;
  return {
    condition: hasRoom(client, capOf(scope), replacedClientId),
    changes: (isRecorded) => [
      organisationStatement(database, {
        organisationId: client.organisationId,
        directoryIssuer,
        orgId,
        name: statement.organisationName,
        tenantId: undefined,
        createdAt: now,
      }),
      ...(replacedClientId === undefined ? [] : [endClientStatement(database, replacedClientId, now)]),
      insertClientStatement(database, registration, isRecorded),
    ],
  };
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
    const change = insertion(scope, registration, room.value);
    const outcome = await writeChange(scope, client, change, appointed?.write);
    if (outcome === 'unmet') return refuseOneMore();
    // Taken: another registration with the statement came first.
    if (outcome === 'written') return ok({ registration, registrationToken });
  }
  return refuseOpenly(
    'invalid_software_statement',
    'The software statement is being used by other registrations at the same time.',
  );
}
