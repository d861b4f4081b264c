/**
 * Takes messages of the request log's queue, each once however often it is delivered. D1: one read (whose clients they
 * are) and one batch; one batch more for each organisation whose log has grown over its size. Objects: none.
 */
import { ownersOf } from '#clients/organisation-clients.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { parseMessage, type RequestMessage } from '#traffic/request-entry.ts';
import { cutLog, writeTakings } from '#traffic/request-log.store.ts';
import { CUT_ABOVE_ROWS, daysAgoMs, KEPT_DAYS, KEPT_ROWS } from '#traffic/retention.ts';
import { takingsOf } from '#traffic/takings.ts';

/** A delivery may hold a message twice. */
function parseBodies(scope: Scope, bodies: readonly unknown[]): readonly RequestMessage[] {
  const messages = new Map<string, RequestMessage>();
  for (const body of bodies) {
    const message = parseMessage(body);
    if (message === undefined) {
      scope.log('warn', {
        event: 'request_log_message',
        request_id: scope.requestId,
        reason: 'not one of ours',
      });
    } else messages.set(message.id, message);
  }
  return [...messages.values()];
}

/**
 * Writes the calls that the messages hold. Throws where D1 does not take them: the queue then delivers them again, and
 * what had happened after all does not happen twice.
 */
export async function takeMessages(scope: Scope, bodies: readonly unknown[]): Promise<void> {
  const messages = parseBodies(scope, bodies);
  if (messages.length === 0) return;
  const clientIds = new Set(
    messages.flatMap(({ entries }) =>
      entries.flatMap(({ clientId, organisationId }) =>
        clientId === null || organisationId !== null ? [] : [clientId],
      ),
    ),
  );
  const takings = takingsOf(messages, await ownersOf(scope, [...clientIds]));
  const overfull = await writeTakings(scope.database, takings, {
    attempt: newUuid(),
    cutAbove: CUT_ABOVE_ROWS,
  });
  for (const organisationId of overfull) {
    const kept = { keep: KEPT_ROWS, fromMs: daysAgoMs(scope.nowMs, KEPT_DAYS) };
    await cutLog(scope.database, organisationId, kept);
  }
}
