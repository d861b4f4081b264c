/**
 * Suspends a client and takes it up again. D1: one read of the client, one of the audit's end, one batch; again where the
 * client changed meanwhile. Objects: one. What the object was not told, the outbox tells it.
 */
import { tellClientObject } from '#clients/call-client.flow.ts';
import { changeClientStatement, isLiveVersion } from '#clients/client.statements.ts';
import type { Client } from '#clients/client.ts';
import { findClient } from '#clients/find-client.flow.ts';
import { outboxStatement } from '#edge/outbox.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

/** How often a change is tried on the client's newest version. */
const ATTEMPTS = 3;

const ACTIONS = { suspended: 'client.suspend', active: 'client.resume' } as const;

export interface StatusChange {
  readonly clientId: string;
  readonly to: keyof typeof ACTIONS;
  /** Why, for the audit. */
  readonly reason: string;
}

/** The client as it is, not ended; else refuses with `not_found` or `conflict`. */
export async function findLiveClient(scope: Scope, clientId: string): Promise<Result<Client>> {
  const client = await findClient(scope, clientId, { fresh: true });
  if (client === undefined) return refuseOpenly('not_found', 'There is no such client.');
  return client.status === 'ended'
    ? refuseOpenly('conflict', 'This client has ended, which nothing undoes.')
    : ok(client);
}

/**
 * From its return on everything of a suspended client is refused, at every isolate. A client that is so already is left, but
 * its object told again: a command whose answer was lost can be repeated. Refuses with `not_found` and `conflict`.
 */
export async function changeClientStatus(
  scope: Scope,
  operator: Operator,
  { clientId, to, reason }: StatusChange,
): Promise<Result<Client>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await findLiveClient(scope, clientId);
    if (!found.ok) return found;
    const isSo = found.value.status === to;
    if (!isSo && !(await enterStatus(scope, operator, found.value, { to, reason }))) continue;
    const changed = isSo ? found.value : { ...found.value, status: to, version: found.value.version + 1 };
    await tellClientObject(scope, changed);
    return ok(changed);
  }
  return refuseOpenly('conflict', 'The client is being changed; try again.');
}

function enterStatus(
  scope: Scope,
  operator: Operator,
  { clientId, version, status }: Client,
  { to, reason }: Pick<StatusChange, 'to' | 'reason'>,
): Promise<boolean> {
  const { database, now } = scope;
  const changed = { clientId, version };
  return recordAction(
    scope,
    operator,
    { action: ACTIONS[to], subject: clientId, detail: { reason, from: status, version: version + 1 } },
    {
      condition: isLiveVersion(changed),
      changes: [
        changeClientStatement(database, changed, { status: to }),
        // Harmless where nothing changed: it says only what the row says.
        outboxStatement(database, { topic: 'client.changed', subject: clientId, payload: {}, now }),
      ],
    },
  );
}
