/**
 * Gathers figures of what an isolate answered and writes them some seconds later, beside the requests. D1: one write in
 * each pause with traffic, after the answers. Objects: none. What an isolate gathered since its last write is lost with it.
 */
import { type MinuteTally, writeMinutes } from '#edge/figures.store.ts';
import { type FigureKind, kindOf, NO_TALLY, sumOf, tallyOf } from '#edge/figures.ts';
import { defineIsolateSlot } from '#edge/isolate.ts';
import { describeError } from '#edge/log.ts';
import { withDeadline } from '#edge/outage.ts';
import { type Planned, planOnce } from '#edge/plan-once.ts';
import type { Answered, RecordAnswer } from '#edge/request-frame.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';

/** Longest wait for a write, milliseconds. */
const WRITE_DEADLINE_MS = 5_000;
/** Tallies an isolate holds while D1 does not take them: an hour of all kinds. Then the oldest are lost. */
const MOST_TALLIES = 240;
/** An isolate writes a minute for at most so long: what it holds, and then some. */
export const MINUTES_STILL_WRITTEN = 90;

interface HeldTally extends MinuteTally {
  /** Nothing was counted since it was written. */
  readonly isWritten?: true;
}

interface Gathered extends Planned {
  readonly source: string;
  /** By minute and kind; oldest first. */
  readonly tallies: Map<string, HeldTally>;
}

const gathered = defineIsolateSlot<Gathered>(() => ({
  source: newUuid(),
  tallies: new Map(),
  plannedAtMs: undefined,
}));

function count({ tallies }: Gathered, kind: FigureKind, answered: Answered): void {
  const minute = Math.floor(answered.endedMs / 60_000);
  const key = `${minute} ${kind}`;
  tallies.set(key, { minute, kind, ...sumOf(tallies.get(key) ?? NO_TALLY, tallyOf(answered)) });
  const oldest = tallies.keys().next();
  if (tallies.size > MOST_TALLIES && oldest.done !== true) tallies.delete(oldest.value);
}

/** Writes what this isolate gathered; what D1 does not take stays for the next time. */
async function writeGathered(scope: Scope, { source, tallies }: Gathered): Promise<void> {
  const unwritten = [...tallies].filter(([, { isWritten }]) => isWritten !== true);
  try {
    const write = writeMinutes(
      scope.database,
      source,
      unwritten.map(([, tally]) => tally),
    );
    await withDeadline(write, WRITE_DEADLINE_MS, 'D1');
    for (const [key, tally] of unwritten) {
      if (tallies.get(key) === tally) tallies.set(key, { ...tally, isWritten: true });
    }
    // Minutes that are over and written.
    const newest = Math.max(...[...tallies.values()].map(({ minute }) => minute));
    for (const [key, { minute, isWritten }] of tallies) {
      if (minute < newest && isWritten === true) tallies.delete(key);
    }
  } catch (error) {
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
    const kind = kindOf(answered.route);
    if (kind === undefined) return;
    const held = gathered.of(scope.isolate);
    count(held, kind, answered);
    const plan = { nowMs: answered.endedMs, pauseMs };
    planOnce(scope, held, plan, () => writeGathered(scope, held));
  };
}
