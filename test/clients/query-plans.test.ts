/** No statement on clients, organisations and API keys reads a whole table or sorts one. */
import { expect, it } from 'vitest';
import {
  endRolledStatement,
  insertKeyStatement,
  isLiveKey,
  mayMakeKey,
  mayRollKey,
  revokeKeyStatement,
} from '#clients/api-key.statements.ts';
import { readApiKey, readApiKeys, readKeyOfOrganisation, touchApiKey } from '#clients/api-key.store.ts';
import type { ApiKey } from '#clients/api-key.ts';
import {
  endClientStatement,
  hasRoom,
  insertClientStatement,
  isLiveVersion,
  replaceClientStatement,
} from '#clients/client.statements.ts';
import { readLiveClients, readRegistration } from '#clients/client.store.ts';
import { organisationStatement } from '#clients/organisation.statements.ts';
import type { Statement } from '#clients/statement.ts';
import { openDatabase } from '#edge/database.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { makeClient } from '../support/test-client.ts';

const KEY: ApiKey = {
  keyId: crypto.randomUUID(),
  organisationId: 'o',
  environment: 'sandbox',
  name: 'n',
  prefix: 'sk_sandbox_',
  lastFour: 'abcd',
  scopes: ['usage'],
  allowedIps: [],
  createdAt: 0,
  createdBy: null,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  rolledAt: null,
  rolledFrom: null,
};

it('finds every row by an index', async () => {
  const { client } = await makeClient();
  const statement: Statement = {
    statementId: client.statementId,
    software: client.software,
    organisationName: 'O',
    softwareName: 'S',
    roles: [],
    redirectUris: [],
    keys: undefined,
    metadata: {},
  };
  const registration = {
    client: { ...client, clientId: crypto.randomUUID(), statementId: crypto.randomUUID() },
    statement,
  };
  const plans = await plansOf(async (binding) => {
    const database = openDatabase(binding);
    await readRegistration(database, client.clientId);
    await readLiveClients(database, client, 'software');
    await readLiveClients(database, client, 'organisation');
    await readApiKey(database, 'digest');
    await readApiKeys(database, 'organisation', 50);
    await readKeyOfOrganisation(database, { organisationId: 'o', keyId: 'k' });
    await touchApiKey(database, { keyId: 'k', now: 1, before: 0 });
    await insertKeyStatement(database, KEY, 'digest', mayMakeKey(KEY, 1, 20));
    await endRolledStatement(database, { keyId: 'k', now: 1, endsAt: 2 }, mayRollKey(KEY, 1, 20));
    await revokeKeyStatement(database, KEY, 1, isLiveKey(KEY, 1));
    await organisationStatement(database, {
      organisationId: 'o',
      directoryIssuer: 'd',
      orgId: 'o',
      name: 'n',
      tenantId: undefined,
      createdAt: 0,
    });
    await insertClientStatement(
      database,
      registration,
      hasRoom(registration.client, { of: 'software', maximum: 1 }),
    );
    const other = { ...registration.client, clientId: crypto.randomUUID(), statementId: 's' };
    await insertClientStatement(
      database,
      { client: other, statement },
      hasRoom(other, { of: 'organisation', maximum: 9 }),
    );
    await replaceClientStatement(database, registration, isLiveVersion(client));
    await endClientStatement(database, client.clientId, 0);
  });
  expect(plans).toHaveLength(18);
  for (const plan of plans) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
    if (plan.text.startsWith('insert into "clients"')) {
      expect(plan.details.join()).toMatch(/USING (COVERING )?INDEX clients_live_by_/);
    }
  }
});
