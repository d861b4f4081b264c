/** Registrations at the same moment: one live client a statement, never one more than there is room for. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { findRegistration } from '#clients/find-registration.flow.ts';
import { endOwnRegistration } from '#registration/own-change.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testApp } from '../support/app.ts';
import { testScope } from '../support/scope.ts';
import { guideRequest, type Members, newStatement, newTpp } from '../support/tpp.ts';

const ROUNDS = env.TEST_LENGTH === 'long' ? 50 : 3;

it('leaves exactly one live client of 20 registrations with one statement', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const organisation = await insertOrganisationWithKey();
    const statement = await newStatement(testApp(), { organisation });
    // Each in an isolate of its own.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => testApp().sendJson('/register', guideRequest(statement))),
    );
    const bodies = await Promise.all(answers.map(async (answer) => answer.json<Members>()));
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    for (const [index, { status }] of answers.entries()) {
      if (status !== 201)
        expect([status, bodies[index]?.['error']]).toEqual([400, 'invalid_software_statement']);
    }
    const { results } = await env.DB.prepare(
      'SELECT client_id, ended_at FROM clients WHERE organisation_id = ?',
    )
      .bind(organisation.organisationId)
      .all<{ client_id: string; ended_at: number | null }>();
    expect(results).toHaveLength(answers.filter(({ status }) => status === 201).length);
    const live = results.filter(({ ended_at }) => ended_at === null);
    expect(live).toHaveLength(1);
    // What the row says, the object says.
    for (const { client_id, ended_at } of results) {
      const admission = await env.CLIENTS.get(env.CLIENTS.idFromName(client_id)).admit({
        nowMs: Date.now(),
        limit: 9,
        attempt: crypto.randomUUID(),
      });
      expect(admission.outcome).toBe(ended_at === null ? 'admitted' : 'ended');
    }
  }
});

it('gives the last places of an organisation to as many as there are', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const organisation = await insertOrganisationWithKey();
    const bindings = { LIVE_CLIENTS_PER_ORGANISATION: '3' };
    const statements = await Promise.all(
      Array.from({ length: 10 }, () => newStatement(testApp(), { organisation })),
    );
    const answers = await Promise.all(
      statements.map((statement) => testApp({ bindings }).sendJson('/register', guideRequest(statement))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
  }
});

it('ends a client at its first authentication or replaces it, never both', async () => {
  for (let round = 0; round < ROUNDS * 3; round += 1) {
    const tpp = await newTpp(testApp());
    const [token, again] = await Promise.all([
      testApp().sendForm('/oauth/token', { grant_type: 'client_credentials', ...(await tpp.credentials()) }),
      testApp().sendJson('/register', guideRequest(tpp.statement)),
    ]);
    expect([
      [200, 400],
      [401, 201],
    ]).toContainEqual([token.status, again.status]);
  }
});

it('has told the object of an end when a twin of the call wrote it', async () => {
  const { clientId, registrationToken } = await newTpp(testApp());
  const scope = testScope();
  const registration = await findRegistration(scope, clientId);
  if (registration === undefined) throw new Error('a client has a registration');
  await env.DB.prepare(
    "UPDATE clients SET status = 'ended', ended_at = 1, version = version + 1 WHERE client_id = ?",
  )
    .bind(clientId)
    .run();
  await endOwnRegistration(scope, { registration, registrationToken }, () => Promise.resolve(undefined));
  const admission = await env.CLIENTS.get(env.CLIENTS.idFromName(clientId)).admit({
    nowMs: Date.now(),
    limit: 9,
    attempt: crypto.randomUUID(),
  });
  expect(admission.outcome).toBe('ended');
});
