/** What a developer began before an owner took the role away: the guard let it through, the write does not. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { findRegistration } from '#clients/find-registration.flow.ts';
import { ownersOf } from '#clients/organisation-clients.flow.ts';
import type { Member } from '#developers/member.ts';
import { doerOf } from '#developers/record-deed.flow.ts';
import { newSecret } from '#kernel/ids.ts';
import { createApiKey, revokeApiKey, rollApiKey } from '#portal/api-keys.flow.ts';
import { deleteApplication, rotateToken, sealRotation } from '#portal/change-application.flow.ts';
import { joinApplication, leaveOrganisation } from '#portal/join-application.flow.ts';
import { registerApplication } from '#portal/register-application.flow.ts';
import { testApp } from '../support/app.ts';
import { browse, hidden, makeApplication, walkToReview } from '../support/applications.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';
import { newTpp } from '../support/tpp.ts';

function asSeen({ developer, organisation, role, sessionId }: TestMember, now: number): Member {
  const { developerId } = developer;
  const { organisationId } = organisation;
  const session = {
    sessionId,
    developerId,
    organisationId,
    createdAt: now,
    lastUsedAt: now,
    confirmedAt: now,
  };
  return { developer, organisation, role, session, memberships: [] };
}

it.each([
  ['removed', 'DELETE FROM memberships WHERE developer_id = ?'],
  ['made a viewer', "UPDATE memberships SET role = 'viewer' WHERE developer_id = ?"],
])('changes nothing once they are %s', async (_, end) => {
  const app = testApp();
  const scope = testScope({ nowMs: app.nowMs() });
  const signedUp = await signUpMember({ role: 'developer', now: scope.now });
  const { organisationId } = signedUp.organisation;
  const member = asSeen(signedUp, scope.now);
  const doer = doerOf(member);
  const wanted = { name: 'CI', scopes: ['usage'], lifetimeSeconds: undefined, allowedIps: [] } as const;
  const made = await createApiKey(scope, doer, { ...wanted, nonce: newSecret() });
  if (!made.ok) throw new Error('no key');
  const { clientId, registrationToken } = await makeApplication(browse(app, signedUp));
  const joined = await newTpp(app);
  expect((await joinApplication(scope, member, joined.clientId, joined.registrationToken)).ok).toBe(true);
  const other = await newTpp(app);
  const form = hidden((await walkToReview(browse(app, signedUp))).html, 'form');
  const [own, guest] = await Promise.all(
    [clientId, joined.clientId].map((id) => findRegistration(scope, id)),
  );
  if (own === undefined || guest === undefined) throw new Error('no registration');
  const rotation = await sealRotation(scope, own);
  const before = await deedsOf(organisationId);

  await env.DB.prepare(end).bind(signedUp.developer.developerId).run();
  const late = [
    createApiKey(scope, doer, { ...wanted, nonce: newSecret() }),
    rollApiKey(scope, doer, { keyId: made.value.apiKey.keyId, overlapSeconds: 0 }),
    revokeApiKey(scope, doer, made.value.apiKey.keyId, 'api_keys.change'),
    rotateToken(scope, member, own, rotation),
    deleteApplication(scope, member, own),
    joinApplication(scope, member, other.clientId, other.registrationToken),
    leaveOrganisation(scope, member, guest),
    registerApplication(scope, member, form),
  ];
  for (const outcome of late) expect((await outcome).ok).toBe(false);
  expect(await deedsOf(organisationId)).toEqual(before);
  const headers = { authorization: `Bearer ${registrationToken}` };
  expect((await app.request(`/register/${clientId}`, { headers })).status).toBe(200);
  const owners = await ownersOf(scope, [joined.clientId, other.clientId]);
  expect(owners.get(joined.clientId)).toBe(organisationId);
  expect(owners.get(other.clientId)).toBe(other.organisation.organisationId);
  const count = (table: string) =>
    env.DB.prepare(`SELECT count(*) AS live FROM ${table} WHERE organisation_id = ?`)
      .bind(organisationId)
      .first('live');
  expect([await count('api_keys'), await count('clients')]).toEqual([1, 1]);
});
