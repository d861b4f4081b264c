/** No statement of the dashboard's applications reads a whole table or sorts one. */
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { hasRoom } from '#clients/client.statements.ts';
import { openDatabase } from '#edge/database.ts';
import { closeDraftStatement, isOpenDraft } from '#portal/application-draft.statements.ts';
import { deleteDraftsBefore, putDraft, readDraft, updateDraft } from '#portal/application-draft.store.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { makeClient } from '../support/test-client.ts';

it('finds each draft, and the room for a client, by an index', async () => {
  const { client } = await makeClient();
  const draft = {
    draftId: 'd',
    organisationId: 'o',
    developerId: crypto.randomUUID(),
    content: {},
    clientId: null,
    updatedAt: 5_000_000_000,
  };
  const plans = await plansOf(async (binding) => {
    const database = openDatabase(binding);
    await putDraft(database, draft);
    await readDraft(database, draft);
    await updateDraft(database, draft);
    const mayRegister = isOpenDraft(draft, hasRoom(client, { of: 'software', maximum: 1 }));
    await database.all(sql`SELECT ${mayRegister} AS may`);
    await closeDraftStatement(database, draft, 'c', sql`1`);
    await deleteDraftsBefore(database, 0);
  });
  expect(plans).toHaveLength(6);
  for (const plan of plans) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
  }
});
