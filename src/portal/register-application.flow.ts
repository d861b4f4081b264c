/**
 * Registers what was put together, by the flows of `POST /register`. D1: three reads, one batch (client, audit row, end of the draft);
 * a form posted twice: two reads. Objects: one.
 */
import type { Client } from '#clients/client.ts';
import { findRegistration } from '#clients/find-registration.flow.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import { joinClientStatement } from '#clients/organisation-client.statements.ts';
import type { Statement } from '#clients/statement.ts';
import { verifyStatement } from '#clients/verify-statement.flow.ts';
import type { Member } from '#developers/member.ts';
import { doerOf, recordDeed } from '#developers/record-deed.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { findDraft } from '#portal/application-draft.flow.ts';
import { closeDraftStatement, isOpenDraft } from '#portal/application-draft.statements.ts';
import { type ApplicationDraft, registrationBody } from '#portal/application-draft.ts';
import { openForm, type PostedForm, sealForm } from '#portal/one-time-form.flow.ts';
import { readRegistrationRequest } from '#registration/read-request.flow.ts';
import { type Appointed, registerClient } from '#registration/register-client.flow.ts';

/** The registration request of a draft, as it will be posted. */
export interface Review {
  readonly body: string;
  /** The hidden field of the form that registers exactly this. */
  readonly form: string;
  /** What its statement says, verified again: its directory may have been distrusted since. */
  readonly statement: Result<Statement>;
}

/** What came of a form. */
export interface RegisterOutcome {
  readonly clientId: string;
  /** Undefined where another form registered it, or too long ago for its token to be told again. */
  readonly handout?: { readonly client: Client; readonly registrationToken: string };
}

/** What there is to look at before registering, once no step is open. */
export async function reviewDraft(scope: Scope, draft: ApplicationDraft): Promise<Review> {
  const body = registrationBody(draft.content);
  const about = { draftId: draft.draftId, clientId: newUuid(), body: await digestOf(body) };
  const [form, statement] = await Promise.all([
    sealForm(scope, 'application.register', about),
    verifyStatement(scope, draft.content.statement),
  ]);
  return { body, form, statement };
}

/** The registration this very form made, with its token; else only whose turn it was. */
async function repeat(
  scope: Scope,
  clientId: string,
  { registrationToken, registrationTokenDigest }: PostedForm,
): Promise<RegisterOutcome> {
  const client = (await findRegistration(scope, clientId))?.client;
  return client?.status === 'active' && client.registrationTokenDigest === registrationTokenDigest
    ? { clientId, handout: { client, registrationToken } }
    : { clientId };
}

/** Who registers is written down in the batch that does; a client of another organisation's statement joins the member's. */
async function appoint(
  scope: Scope,
  member: Member,
  draft: ApplicationDraft,
  { about, registrationToken, registrationTokenDigest }: PostedForm,
  { software, softwareName, roles }: Statement,
): Promise<Appointed> {
  const { database, now: joinedAt } = scope;
  const clientId = String(about['clientId']);
  const { organisationId } = member.organisation;
  const isOwn = (await organisationIdOf(software.directoryIssuer, software.orgId)) === organisationId;
  const joined = { clientId, organisationId, joinedAt, joinedBy: member.developer.developerId };
  return {
    clientId,
    registrationToken,
    write: ({ condition, changes }) =>
      recordDeed(
        scope,
        doerOf(member),
        {
          action: 'application.register',
          subject: clientId,
          detail: { name: softwareName, roles, software_id: software.softwareId },
        },
        {
          condition: isOpenDraft(draft, condition),
          allowed: 'applications.change',
          changes: (isRecorded) => [
            ...changes(isRecorded),
            ...(isOwn ? [] : [joinClientStatement(database, joined, registrationTokenDigest, isRecorded)]),
            closeDraftStatement(database, draft, clientId, isRecorded),
          ],
        },
      ),
  };
}

/**
 * Registers by a posted form. The same form posted twice registers once and answers alike. Refuses with `conflict` (the form is old, or
 * the application was changed or begun anew in another tab) and as `readRegistrationRequest` and `registerClient` do.
 */
export async function registerApplication(
  scope: Scope,
  member: Member,
  sealed: string,
): Promise<Result<RegisterOutcome>> {
  const form = await openForm(scope, 'application.register', sealed);
  const draft = form && (await findDraft(scope, member));
  if (form === undefined || draft === undefined || draft.draftId !== form.about['draftId']) {
    return refuse('conflict', 'form of no draft', {
      message: 'This page was too old. Look at the request again, then register.',
    });
  }
  if (draft.clientId !== null) return ok(await repeat(scope, draft.clientId, form));
  const body = registrationBody(draft.content);
  if ((await digestOf(body)) !== form.about['body']) {
    return refuse('conflict', 'draft changed since', {
      message: 'The application was changed in another tab. Look at the request again, then register.',
    });
  }
  const request = await readRegistrationRequest(scope, { text: body, isSigned: false, audiences: [] });
  if (!request.ok) return request;
  const appointed = await appoint(scope, member, draft, form, request.value.statement);
  const registered = await registerClient(scope, request.value, false, appointed);
  if (registered.ok) {
    const { registration, registrationToken } = registered.value;
    return ok({ clientId: appointed.clientId, handout: { client: registration.client, registrationToken } });
  }
  // A twin of this form may have come first.
  const { clientId = null } = (await findDraft(scope, member)) ?? {};
  return clientId === null ? registered : ok(await repeat(scope, clientId, form));
}
