/**
 * Ends a client: from the answer on everything of it is refused. Its consents are ended from the outbox. D1: one batch.
 * Objects: one (its own is told). Source: RFC 7592 section 2.3.
 */
import { endClientStatement } from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';

/** Repeating it does no harm. */
export async function endRegistration(scope: Scope, { client }: Registration): Promise<void> {
  const { database, now } = scope;
  const { clientId, version } = client;
  await database.batch([
    endClientStatement(database, clientId, now),
    outboxStatement(database, { topic: 'client.ended', subject: clientId, payload: {}, now }),
  ]);
  await tellClientObject(scope, { clientId, version: version + 1, status: 'ended', scopes: [] });
}
