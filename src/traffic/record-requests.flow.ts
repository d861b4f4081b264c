/**
 * Notes each call of a proven client or API key and sends what an isolate gathered as one message of the request log's
 * queue, after the answers. D1: none; without a queue (previews) what taking a message costs, after the answers too.
 * Objects: none. What was not sent yet is lost with its isolate, and a queue that takes nothing costs no answer: the log
 * may be lost, a call may not.
 */
import { defineIsolateSlot } from '#edge/isolate.ts';
import { describeError } from '#edge/log.ts';
import { withDeadline } from '#edge/outage.ts';
import { type Planned, planOnce } from '#edge/plan-once.ts';
import type { RecordAnswer } from '#edge/request-frame.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import {
  isLogged,
  MESSAGE_ENTRIES,
  messageIdOf,
  type RequestEntry,
  type RequestMessage,
} from '#traffic/request-entry.ts';

/** Longest wait for the queue to take a message, milliseconds. */
const SEND_DEADLINE_MS = 5_000;
const RANDOM_LETTERS = 12;

interface Gathered extends Planned {
  entries: RequestEntry[];
}

const gathered = defineIsolateSlot<Gathered>(() => ({ entries: [], plannedAtMs: undefined }));

/** In the place of the consumer. */
async function takeMessage(scope: Scope, message: RequestMessage): Promise<void> {
  const { takeMessages } = await import('#traffic/take-messages.flow.ts');
  await takeMessages(scope, [message]);
}

/** Sends what this isolate gathered. */
async function sendGathered(scope: Scope, held: Gathered): Promise<void> {
  const { entries } = held;
  const last = entries.at(-1);
  if (last === undefined) return;
  held.entries = [];
  try {
    const id = messageIdOf(last.atMs, newUuid().replaceAll('-', '').slice(0, RANDOM_LETTERS));
    const { REQUEST_LOG: queue } = scope.bindings as Partial<Env>;
    const message = { id, entries };
    const sent = queue === undefined ? takeMessage(scope, message) : queue.send(message);
    await withDeadline<unknown>(sent, SEND_DEADLINE_MS, 'queue');
  } catch (error) {
    scope.log('warn', {
      event: 'request_log_lost',
      request_id: scope.requestId,
      reason: `${entries.length} calls: ${describeError(error)}`,
    });
  }
}

/** Notes each call, and sends what was noted `pauseMs` after the first of it, or once a message is full. */
export function recordRequests(pauseMs: number): RecordAnswer {
  return function record(scope, { route, status, ms, endedMs }) {
    const { clientId = null, organisationId = null, credential, code = null } = scope.trace;
    if (credential === undefined || (clientId ?? organisationId) === null) return;
    if (!isLogged(route, status)) return;
    const held = gathered.of(scope.isolate);
    const { nowMs: atMs, requestId } = scope;
    held.entries.push({
      atMs,
      route,
      status,
      ms: Math.max(0, ms),
      requestId,
      clientId,
      organisationId,
      credential,
      code,
    });
    if (held.entries.length >= MESSAGE_ENTRIES) {
      scope.defer(sendGathered(scope, held));
      return;
    }
    planOnce(scope, held, { nowMs: endedMs, pauseMs }, () => sendGathered(scope, held));
  };
}
