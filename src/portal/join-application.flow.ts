/**
 * Lets a client that was registered outside the dashboard join the member's organisation, and leave it again. D1: one read of the client,
 * one of the audit's end, one batch. Objects: none.
 */
import {
  hasJoined,
  joinClientStatement,
  leaveClientStatement,
  mayJoin,
} from '#clients/organisation-client.statements.ts';
import { ownersOf } from '#clients/organisation-clients.flow.ts';
import type { Registration } from '#clients/statement.ts';
import type { Member } from '#developers/member.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { findByRegistrationToken } from '#registration/own-registration.flow.ts';

/**
 * Who holds a client's registration access token may let it join. Refuses with `invalid_token`, the same for a wrong token and a client that
 * never was; `conflict` where it is here already or has joined another organisation; `rate_limit_exceeded` for a source that keeps trying.
 */
export async function joinApplication(
  scope: Scope,
  member: Member,
  clientId: string,
  registrationToken: string,
): Promise<Result<Registration>> {
  const within = await limitSource(scope);
  if (!within.ok) return within;
  const found = await findByRegistrationToken(scope, clientId, registrationToken);
  if (!found.ok) {
    return refuse('invalid_token', found.refusal.reason, {
      message: 'No active application has this client id and token.',
    });
  }
  const { registration } = found.value;
  const { organisationId } = member.organisation;
  const owner = (await ownersOf(scope, [clientId])).get(clientId);
  if (owner === organisationId) {
    return refuse('conflict', 'joined already', {
      message: 'This application belongs to your organisation already.',
    });
  }
  const { registrationTokenDigest, softwareName } = registration.client;
  const joined = { clientId, organisationId, joinedAt: scope.now, joinedBy: member.developer.developerId };
  const isJoined = await recordDeed(
    scope,
    doerOf(member),
    { action: 'application.join', subject: clientId, detail: { name: softwareName } },
    {
      condition: mayJoin(clientId, registrationTokenDigest),
      allowed: 'applications.change',
      changes: (isRecorded) => [
        joinClientStatement(scope.database, joined, registrationTokenDigest, isRecorded),
      ],
    },
  );
  return isJoined
    ? ok(registration)
    : refuse('conflict', 'joined another organisation', {
        message: 'This application has joined another organisation, which it has to leave first.',
      });
}

/** Lets a client leave: it is its software statement's organisation's again. Refuses with `conflict` where it had not joined. */
export async function leaveOrganisation(
  scope: Scope,
  member: Member,
  { client }: Registration,
): Promise<Result<void>> {
  const { clientId, softwareName } = client;
  const joined = { clientId, organisationId: member.organisation.organisationId };
  const hasLeft = await recordDeed(
    scope,
    doerOf(member),
    { action: 'application.leave', subject: clientId, detail: { name: softwareName } },
    {
      condition: hasJoined(joined),
      allowed: 'applications.change',
      changes: (isRecorded) => [leaveClientStatement(scope.database, joined, isRecorded)],
    },
  );
  return hasLeft
    ? ok(undefined)
    : refuse('conflict', 'had not joined', { message: 'This application has left already.' });
}
