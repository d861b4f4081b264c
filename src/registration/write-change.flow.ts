/**
 * Writes a change of a client, with the news of it for the outbox, in one batch; then tells its object. D1: one batch.
 * Objects: one.
 */
import { tellClientObject } from '#clients/call-client.flow.ts';
import {
  isStatementTaken,
  type RecordedChange,
  selectHoldsStatement,
  type WriteRecorded,
} from '#clients/client.statements.ts';
import type { Client } from '#clients/client.ts';
import { outboxStatementWhere } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';

/** A change that nobody writes down. */
async function writeUnrecorded(
  { database }: Scope,
  { condition, changes }: RecordedChange,
): Promise<boolean> {
  const [[row]] = await database.batch([selectHoldsStatement(database, condition), ...changes(condition)]);
  return row?.holds === 1;
}

/**
 * `changed` is the client as it is afterwards. `unmet`: the condition did not hold, and nothing has changed. `taken`: its
 * software statement has another live client. `write`, where given, records who makes the change.
 */
export async function writeChange(
  scope: Scope,
  changed: Client,
  { condition, changes }: RecordedChange,
  write: WriteRecorded = (change) => writeUnrecorded(scope, change),
): Promise<'written' | 'unmet' | 'taken'> {
  const { database, now } = scope;
  const { clientId, status } = changed;
  const topic = status === 'ended' ? 'client.ended' : 'client.changed';
  try {
    const isWritten = await write({
      condition,
      // The news first: a change may make an end of its own condition.
      changes: (isRecorded) => [
        outboxStatementWhere(database, { topic, subject: clientId, payload: {}, now }, isRecorded),
        ...changes(isRecorded),
      ],
    });
    if (!isWritten) return 'unmet';
  } catch (error) {
    if (isStatementTaken(error)) return 'taken';
    throw error;
  }
  await tellClientObject(scope, changed);
  return 'written';
}
