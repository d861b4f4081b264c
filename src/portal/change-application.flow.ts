/**
 * Changes an application by the flows of RFC 7592: replaces its registration, rotates its registration token, ends it. D1: one read of the
 * audit's end and one batch (the change and its audit row). Objects: one.
 */
import type { WriteRecorded } from '#clients/client.statements.ts';
import { findRegistration } from '#clients/find-registration.flow.ts';
import type { Registration } from '#clients/statement.ts';
import { verifyStatement } from '#clients/verify-statement.flow.ts';
import type { AuditAction } from '#developers/audit.ts';
import type { Member } from '#developers/member.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import {
  type ApplicationChange,
  describeChange,
  type NewStatement,
  replacementBody,
} from '#portal/application-change.ts';
import { openForm, sealForm } from '#portal/one-time-form.flow.ts';
import type { MintStatement } from '#portal/statement-mint.ts';
import { endRegistration } from '#registration/end-registration.flow.ts';
import { readRegistrationRequest } from '#registration/read-request.flow.ts';
import { replaceRegistration } from '#registration/replace-registration.flow.ts';
import { rotateRegistrationToken } from '#registration/rotate-token.flow.ts';

/** What to say where another change came first. */
export const CHANGED_MEANWHILE = {
  message: 'The application was changed meanwhile. Look at it as it is now, then try again.',
} as const;

function recordAs(
  scope: Scope,
  member: Member,
  action: AuditAction,
  { client }: Registration,
  detail: Readonly<Record<string, unknown>> = {},
): WriteRecorded {
  const deed = { action, subject: client.clientId, detail: { name: client.softwareName, ...detail } };
  return (change) => recordDeed(scope, doerOf(member), deed, { ...change, allowed: 'applications.change' });
}

/** The statement that comes with a change: minted, else the one that was pasted, verified. Undefined: the one in force stays. */
async function readNextStatement(
  scope: Scope,
  member: Member,
  registration: Registration,
  change: ApplicationChange,
  mint: MintStatement | undefined,
): Promise<Result<NewStatement | undefined>> {
  if (mint !== undefined) {
    const minted = await mint(scope, member.organisation, describeChange(registration, change));
    return minted.ok ? ok({ text: minted.value, roles: change.software.roles }) : minted;
  }
  const { statement: text } = change;
  if (text === undefined || text === registration.client.metadata['software_statement']) return ok(undefined);
  const verified = await verifyStatement(scope, text);
  return verified.ok ? ok({ text, roles: verified.value.roles }) : verified;
}

/**
 * Puts the change in the place of what was registered. `mint` only where the sandbox directory certifies the software as the
 * organisation's (`isCertifiedHere`). Refuses as `PUT /register/{client_id}` does; `conflict` where another change came first.
 */
export async function changeApplication(
  scope: Scope,
  member: Member,
  registration: Registration,
  change: ApplicationChange,
  mint: MintStatement | undefined,
): Promise<Result<Registration>> {
  const next = await readNextStatement(scope, member, registration, change, mint);
  if (!next.ok) return next;
  const text = replacementBody(registration, change, next.value);
  const { client, statement } = registration;
  const inForce = { statement, text: String(client.metadata['software_statement']) };
  const request = await readRegistrationRequest(scope, { text, isSigned: false, audiences: [] }, inForce);
  if (!request.ok) return request;
  const { redirectUris, scopes } = request.value.registered;
  const write = recordAs(scope, member, 'application.change', registration, {
    redirect_uris: redirectUris,
    scope: scopes.join(' '),
    keys: change.keys === undefined ? 'kept' : 'replaced',
  });
  const replaced = await replaceRegistration(scope, registration, request.value, write);
  return replaced.ok || replaced.refusal.code !== 'conflict'
    ? replaced
    : refuse('conflict', replaced.refusal.reason, CHANGED_MEANWHILE);
}

/** The hidden field of the form that rotates the token once. */
export function sealRotation(scope: Scope, { client }: Registration): Promise<string> {
  const { clientId, version } = client;
  return sealForm(scope, 'application.rotate_token', { clientId, version });
}

/**
 * Gives the application another registration access token: from the return on the old one is refused. The same form posted twice rotates
 * once and gives the same token. Refuses with `conflict`.
 */
export async function rotateToken(
  scope: Scope,
  member: Member,
  registration: Registration,
  sealed: string,
): Promise<Result<string>> {
  const { client } = registration;
  const form = await openForm(scope, 'application.rotate_token', sealed);
  if (form === undefined || form.about['clientId'] !== client.clientId) {
    return refuse('conflict', 'form too old or of another client', {
      message: 'This page was too old: nothing was changed. Try again.',
    });
  }
  const { registrationToken, registrationTokenDigest } = form;
  if (client.registrationTokenDigest === registrationTokenDigest) return ok(registrationToken);
  const isRotated =
    client.version === form.about['version'] &&
    (await rotateRegistrationToken(
      scope,
      registration,
      registrationTokenDigest,
      recordAs(scope, member, 'application.rotate_token', registration),
    ));
  if (isRotated) return ok(registrationToken);
  // A twin of this form may have come first.
  const latest = await findRegistration(scope, client.clientId);
  return latest?.client.registrationTokenDigest === registrationTokenDigest
    ? ok(registrationToken)
    : refuse('conflict', 'changed meanwhile', CHANGED_MEANWHILE);
}

/** Ends the application: from the return on everything of it is refused. Refuses with `conflict`. */
export async function deleteApplication(
  scope: Scope,
  member: Member,
  registration: Registration,
): Promise<Result<void>> {
  const write = recordAs(scope, member, 'application.delete', registration);
  return (await endRegistration(scope, registration, write))
    ? ok(undefined)
    : refuse('conflict', 'changed or ended meanwhile', CHANGED_MEANWHILE);
}
