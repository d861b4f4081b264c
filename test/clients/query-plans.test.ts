/** No statement on clients, organisations and API keys reads a whole table or sorts one. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { readApiKey } from '#clients/api-key.store.ts';
import {
  endClientStatement,
  insertClientStatement,
  replaceClientStatement,
} from '#clients/client.statements.ts';
import { readLiveClients, readRegistration } from '#clients/client.store.ts';
import { organisationStatement } from '#clients/organisation.statements.ts';
import type { Statement } from '#clients/statement.ts';
import { openDatabase } from '#edge/database.ts';
import { makeClient } from '../support/test-client.ts';

/** A database that keeps the text of each statement it prepares. */
function listeningDatabase(): { binding: D1Database; texts: string[] } {
  const texts: string[] = [];
  const listen = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name) {
        const member: unknown = Reflect.get(inner, name);
        if (typeof member !== 'function') return member;
        if (name === 'withSession') return () => listen(member.call(inner) as object);
        if (name !== 'prepare') return member.bind(inner);
        return (text: string) => {
          texts.push(text);
          return member.call(inner, text) as unknown;
        };
      },
    });
  return { binding: listen(env.DB), texts };
}

it('finds every row by an index', async () => {
  const { binding, texts } = listeningDatabase();
  const database = openDatabase(binding);
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
  await readRegistration(database, client.clientId);
  await readLiveClients(database, client, 'software');
  await readLiveClients(database, client, 'organisation');
  await readApiKey(database, 'digest');
  await organisationStatement(database, {
    organisationId: 'o',
    directoryIssuer: 'd',
    orgId: 'o',
    name: 'n',
    tenantId: undefined,
    createdAt: 0,
  });
  await insertClientStatement(database, registration, { of: 'software', maximum: 1 });
  await insertClientStatement(
    database,
    { client: { ...registration.client, clientId: crypto.randomUUID(), statementId: 's' }, statement },
    { of: 'organisation', maximum: 9 },
  );
  await replaceClientStatement(database, registration);
  await endClientStatement(database, client.clientId, 0);
  expect(texts).toHaveLength(11);
  for (const text of texts) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${text}`)
      .bind(...Array.from(text.matchAll(/\?/g), () => null))
      .all<{ detail: string }>();
    for (const { detail } of results) {
      expect(`${detail} in ${text}`).not.toMatch(/^SCAN (?!CONSTANT ROW|\d|\()/);
      expect(`${detail} in ${text}`).not.toMatch(/TEMP B-TREE/);
    }
    if (text.startsWith('insert into "clients"')) {
      expect(results.map(({ detail }) => detail).join()).toMatch(/USING (COVERING )?INDEX clients_live_by_/);
    }
  }
});
