/** Whose a client is: the organisation's it joined, else its software statement's. */
import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import {
  hasJoined,
  joinClientStatement,
  leaveClientStatement,
  mayJoin,
} from '#clients/organisation-client.statements.ts';
import {
  readClientsOfOrganisation,
  readOwnedRegistration,
  readOwners,
} from '#clients/organisation-client.store.ts';
import {
  clientsOfOrganisation,
  findClientOfOrganisation,
  ownersOf,
} from '#clients/organisation-clients.flow.ts';
import { openDatabase } from '#edge/database.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

const database = openDatabase(env.DB);
const DIGEST = 'D'.repeat(43);

function join(clientId: string, organisationId: string, digest = DIGEST) {
  const joined = { clientId, organisationId, joinedAt: 5, joinedBy: 'dev_1' };
  return joinClientStatement(database, joined, digest);
}

async function idsOf(organisationId: string): Promise<readonly string[]> {
  return (await clientsOfOrganisation(testScope(), organisationId)).map(({ clientId }) => clientId);
}

it('gives a client to its statement’s organisation until it joins another, and back when it leaves', async () => {
  const { clientId, client } = await makeClient({ registrationTokenDigest: DIGEST });
  const own = client.organisationId;
  const other = crypto.randomUUID();
  expect(await idsOf(own)).toEqual([clientId]);
  expect(await ownersOf(testScope(), [clientId, crypto.randomUUID()])).toEqual(new Map([[clientId, own]]));

  await join(clientId, other);
  expect(await ownersOf(testScope(), [clientId])).toEqual(new Map([[clientId, other]]));
  expect(await idsOf(own)).toEqual([]);
  expect(await clientsOfOrganisation(testScope(), other)).toEqual([
    {
      clientId,
      name: 'Nutkin',
      directoryIssuer: client.software.directoryIssuer,
      status: 'active',
      issuedAt: client.issuedAt,
      endedAt: null,
      joinedAt: 5,
    },
  ]);
  expect(await findClientOfOrganisation(testScope(), own, clientId)).toBeUndefined();
  const found = await findClientOfOrganisation(testScope(), other, clientId);
  expect(found).toMatchObject({ organisationId: other, joinedAt: 5, registration: { client: { clientId } } });

  // Who does not have it cannot let it leave.
  await leaveClientStatement(database, { clientId, organisationId: own });
  expect(await idsOf(other)).toEqual([clientId]);
  await leaveClientStatement(database, { clientId, organisationId: other });
  expect([await idsOf(other), await idsOf(own)]).toEqual([[], [clientId]]);
});

it('lets join only a live client, by its token, that has joined none', async () => {
  const organisationId = crypto.randomUUID();
  const { clientId } = await makeClient({ registrationTokenDigest: DIGEST });
  await join(clientId, organisationId, 'E'.repeat(43));
  expect(await idsOf(organisationId)).toEqual([]);
  await join(clientId, organisationId);
  await join(clientId, crypto.randomUUID());
  expect(await ownersOf(testScope(), [clientId])).toEqual(new Map([[clientId, organisationId]]));
  const ended = await makeClient({ registrationTokenDigest: DIGEST, status: 'ended' });
  await join(ended.clientId, organisationId);
  expect(await idsOf(organisationId)).toEqual([clientId]);
  const [row] = await database.all<{ may: number; has: number }>(
    sql`SELECT (${mayJoin(clientId, DIGEST)}) AS may, ${hasJoined({ clientId, organisationId })} AS has`,
  );
  expect(row).toEqual({ may: 0, has: 1 });
});

it('lists live clients first, the newest first', async () => {
  const organisationId = crypto.randomUUID();
  const make = async (issuedAt: number, status: 'active' | 'ended') =>
    (await makeClient({ organisationId, issuedAt, status })).clientId;
  const old = await make(10, 'active');
  const ended = await make(20, 'ended');
  const latest = await make(30, 'active');
  expect(await idsOf(organisationId)).toEqual([latest, old, ended]);
});

it('finds each row by an index', async () => {
  const plans = await plansOf(async (binding) => {
    const opened = openDatabase(binding);
    await readClientsOfOrganisation(opened, 'o');
    await readOwners(opened, ['c']);
    await readOwnedRegistration(opened, 'c');
    const joined = { clientId: 'c', organisationId: 'o', joinedAt: 0, joinedBy: 'd' };
    await joinClientStatement(opened, joined, 'digest');
    await leaveClientStatement(opened, joined);
  });
  expect(plans).toHaveLength(7);
  for (const plan of plans) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
  }
});
