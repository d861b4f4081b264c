/**
 * Ends a client: from the answer on everything of it is refused. Its consents are ended from the outbox. D1: one batch.
 * Objects: one (its own is told). Source: RFC 7592 section 2.3.
 */
import { endClientStatement, isLiveVersion, type WriteRecorded } from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';

/**
 * Repeating it does no harm. Where `write` records who ends the client: false, and nothing has changed, if another change of
 * it came first.
 */
export async function endRegistration(
  scope: Scope,
  { client }: Registration,
  write?: WriteRecorded,
): Promise<boolean> {
  const { database, now } = scope;
  const { clientId, version } = client;
  const end = endClientStatement(database, clientId, now);
  const news = outboxStatement(database, { topic: 'client.ended', subject: clientId, payload: {}, now });
  if (write === undefined) await database.batch([end, news]);
  else if (!(await write({ condition: isLiveVersion(client), changes: () => [end, news] }))) return false;
  await tellClientObject(scope, { clientId, version: version + 1, status: 'ended', scopes: [] });
  return true;
}
