/**
 * Ends a client: from the answer on everything of it is refused. Its consents are ended from the outbox. D1: one batch.
 * Objects: one (its own is told). Source: RFC 7592 section 2.3.
 */
import { endClientStatement, isLiveVersion, type WriteRecorded } from '#clients/client.statements.ts';
import type { Registration } from '#clients/statement.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import { outboxStatement, outboxStatementWhere } from '#edge/outbox.statements.ts';
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
  const news = { topic: 'client.ended', subject: clientId, payload: {}, now };
  if (write === undefined) {
    await database.batch([endClientStatement(database, clientId, now), outboxStatement(database, news)]);
  } else {
    const written = await write({
      condition: isLiveVersion(client),
      // The news too: whoever hears it ends the client's consents.
      changes: (isRecorded) => [
        endClientStatement(database, clientId, now, isRecorded),
        outboxStatementWhere(database, news, isRecorded),
      ],
    });
    if (!written) return false;
  }
  await tellClientObject(scope, { clientId, version: version + 1, status: 'ended', scopes: [] });
  return true;
}
