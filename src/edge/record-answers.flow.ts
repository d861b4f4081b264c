/**
 * Gathers figures of what an isolate answered and writes them some seconds later, beside the requests. D1: one write in
 * each pause with traffic, after the answers. Objects: none. What an isolate gathered since its last write is lost with it.
 */

import { type MinuteTally, writeMinutes } from '#edge/figures.store.ts';
import { addAnswer, kindOf, NO_TALLY } from '#edge/figures.ts';
import { defineIsolateSlot } from '#edge/isolate.ts';
import { describeError } from '#edge/log.ts';
import { withDeadline } from '#edge/outage.ts';
import type { Answered, RecordAnswer } from '#edge/request-frame.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';

/** Longest wait for a write, milliseconds. */
const WRITE_DEADLINE_MS = 5_000;
/** Tallies an isolate holds while D1 does not take them: an hour of all kinds. Then the oldest are lost. */
const MOST_TALLIES = 240;
/** An isolate writes a minute for at most so long: what it holds, and then some. */
export const MINUTES_STILL_WRITTEN = 90;

interface Gathered {
  readonly source: string;
  /** By minute and kind; oldest first. */
  readonly tallies: Map<string, MinuteTally>;
  /** Keys of what was counted since the last write that succeeded. */
  readonly unwritten: Set<string>;
  isPlanned: boolean;
}

const gathered = defineIsolateSlot<Gathered>(() => ({
  source: newUuid(),
  tallies: new Map(),
  unwritten: new Set(),
  isPlanned: false,
}));

function count(held: Gathered, { route, status, ms, endedMs }: Answered): void {
  const kind = kindOf(route);
  if (kind === undefined) return;
  const minute = Math.floor(endedMs / 60_000);
  const key = `${minute} ${kind}`;
  const tally = addAnswer(held.tallies.get(key) ?? NO_TALLY, { status, ms });
  held.tallies.set(key, { minute, kind, ...tally });
  held.unwritten.add(key);
  const oldest = held.tallies.keys().next();
  if (held.tallies.size <= MOST_TALLIES || oldest.done === true) return;
  held.tallies.delete(oldest.value);
  held.unwritten.delete(oldest.value);
}

/** Forgets minutes that are over and written. */
function forget({ tallies, unwritten }: Gathered): void {
  const newest = Math.max(...[...tallies.values()].map(({ minute }) => minute));
  for (const [key, { minute }] of tallies) {
    if (minute < newest && !unwritten.has(key)) tallies.delete(key);
  }
}

/** Writes what this isolate gathered; what D1 does not take stays for the next time. */
async function writeGathered(scope: Scope): Promise<void> {
  const held = gathered.of(scope.isolate);
  const keys = [...held.unwritten];
  const tallies = keys.flatMap((key) => held.tallies.get(key) ?? []);
  if (tallies.length === 0) return;
  // What is counted from here on goes out the next time.
  held.unwritten.clear();
  try {
    const write = writeMinutes(scope.database, held.source, tallies);
    await withDeadline(write, WRITE_DEADLINE_MS, 'D1');
    forget(held);
  } catch (error) {
    for (const key of keys) if (held.tallies.has(key)) held.unwritten.add(key);
    scope.log('warn', {
      event: 'figures_unwritten',
      request_id: scope.requestId,
      reason: describeError(error),
    });
  }
}

/** One data point a request for Analytics Engine, where it is bound; it neither waits nor fails. */
function tellAnalytics({ bindings, trace }: Scope, { route, status, ms }: Answered): void {
  bindings.METRICS?.writeDataPoint({
    indexes: [trace.clientId ?? 'stranger'],
    blobs: [route, kindOf(route) ?? 'none', trace.code ?? 'none'],
    doubles: [status, ms, trace.d1, trace.objects],
  });
}

/** Counts each answer, and writes the counts once in `pauseMs` while there is traffic. */
export function recordAnswers(pauseMs: number): RecordAnswer {
  return function record(scope, answered) {
    tellAnalytics(scope, answered);
    const held = gathered.of(scope.isolate);
    count(held, answered);
    if (held.isPlanned || held.unwritten.size === 0) return;
    held.isPlanned = true;
    const write = async (): Promise<void> => {
      await scheduler.wait(pauseMs);
      held.isPlanned = false;
      await writeGathered(scope);
    };
    scope.defer(write());
  };
}
