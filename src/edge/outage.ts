/** Outages: what counts as one, how long we wait for an answer, and the one retry an object call or a read gets. */
import { describeError } from '#edge/log.ts';
import type { Scope } from '#edge/scope.ts';

/** Longest wait for the answer of an object or of D1, milliseconds; then the request ends in 503. */
const ANSWER_DEADLINE_MS = 5_000;
/** Pause before the one retry, milliseconds: long enough for a restarted object to be placed again. */
const RETRY_PAUSE_MS = 50;

const OUTAGE = Symbol('outage');

/** An error that says a part we depend on did not answer; it becomes 503 with Retry-After, its message only a log line. */
export function outage(reason: string, cause?: unknown): Error {
  return Object.assign(new Error(reason, cause === undefined ? {} : { cause }), { [OUTAGE]: true });
}

// The words of D1's transient errors. Source: developers.cloudflare.com/d1/observability/debug-d1.
const TRANSIENT_READ =
  /Network connection lost|caused object to be reset|DB reset because|transient issue on remote node/;
const OVERLOAD = /D1 DB is overloaded|D1 DB exceeded its (?:CPU time|memory) limit|exceeded timeout/;
// The platform's words in the place of a fault within itself, of D1, objects and bindings alike. Whether what was asked
// happened is open. Source: workerd, src/workerd/jsg/util.c++ (makeInternalError).
const PLATFORM_FAULT = /internal error; reference = /;

interface ErrorFacts {
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly retryable?: unknown;
  readonly overloaded?: unknown;
  readonly durableObjectReset?: unknown;
  readonly [OUTAGE]?: unknown;
}

/** Whether it holds of the error or one of its causes; Drizzle wraps what D1 threw. */
function holdsOf(error: unknown, holds: (facts: ErrorFacts) => boolean): boolean {
  let current = error;
  for (let depth = 0; depth < 8 && typeof current === 'object' && current !== null; depth += 1) {
    const facts: ErrorFacts = current;
    if (holds(facts)) return true;
    current = facts.cause;
  }
  return false;
}

function matches({ message }: ErrorFacts, words: RegExp): boolean {
  return typeof message === 'string' && words.test(message);
}

/** Whether an error is a failure of a part we depend on (503), not a bug of ours (500). */
export function isOutage(error: unknown): boolean {
  return holdsOf(
    error,
    (facts) =>
      facts[OUTAGE] === true ||
      facts.retryable === true ||
      facts.overloaded === true ||
      facts.durableObjectReset === true ||
      [TRANSIENT_READ, OVERLOAD, PLATFORM_FAULT].some((words) => matches(facts, words)),
  );
}

/** An overloaded part is not asked again: that would add to its load. */
function isOverload(error: unknown): boolean {
  return holdsOf(error, (facts) => facts.overloaded === true || matches(facts, OVERLOAD));
}

/** Whether asking once more may help. */
function isWorthRetry(error: unknown): boolean {
  const isPassing = (facts: ErrorFacts) => facts.retryable === true || matches(facts, TRANSIENT_READ);
  return !isOverload(error) && holdsOf(error, isPassing);
}

/** Waits for work at most `timeoutMs`, then throws an outage naming `what`. The work itself is not stopped. */
export function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(outage(`${what} did not answer in ${timeoutMs} ms`)), timeoutMs);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    work.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}

/** The same for a call that may safely happen twice: only an overload, which asking again would feed, is let be. */
function isWorthAsking(error: unknown): boolean {
  return isOutage(error) && !isOverload(error);
}

async function attemptTwice<T>(
  scope: Scope,
  what: string,
  attempt: () => Promise<T>,
  isWorth: (error: unknown) => boolean = isWorthRetry,
): Promise<T> {
  try {
    return await withDeadline(attempt(), ANSWER_DEADLINE_MS, what);
  } catch (error) {
    if (!isWorth(error)) throw error;
    scope.log('warn', {
      event: 'retried',
      request_id: scope.requestId,
      reason: `${what}: ${describeError(error)}`,
    });
  }
  await scheduler.wait(RETRY_PAUSE_MS);
  return withDeadline(attempt(), ANSWER_DEADLINE_MS, what);
}

/**
 * Calls a Durable Object: at most 5 s an attempt, one retry where the platform says a retry is safe. `call` must get
 * its stub anew (`() => namespace.get(id).method(..)`), as a stub that failed once may stay broken. A call that did
 * not succeed throws an outage, which the app answers with 503 and Retry-After: nothing fails open. The method must be
 * safe to run twice, since the first attempt may have happened.
 */
export function callObject<P extends Promise<unknown>>(scope: Scope, call: () => P): Promise<Awaited<P>> {
  return callTwice(scope, call, isWorthRetry);
}

/**
 * Calls a Durable Object for a change whose outcome the caller has to learn, as nobody could ask for it later: where no
 * answer came in time, or the object was reset on the way, it is asked again once, 10 s in all. The method must answer
 * a repeated call as it answered the first.
 */
export function settleObject<P extends Promise<unknown>>(scope: Scope, call: () => P): Promise<Awaited<P>> {
  return callTwice(scope, call, isWorthAsking);
}

async function callTwice<P extends Promise<unknown>>(
  scope: Scope,
  call: () => P,
  isWorth: (error: unknown) => boolean,
): Promise<Awaited<P>> {
  try {
    // Awaited<P> keeps the members of a result union apart, which a method's stub gives as a union of promises.
    return await attemptTwice(
      scope,
      'object',
      () => {
        scope.trace.objects += 1;
        return call() as Promise<Awaited<P>>;
      },
      isWorth,
    );
  } catch (error) {
    throw isOutage(error) ? outage('object call failed', error) : error;
  }
}

/** Reads from D1: at most 5 s an attempt, one retry of transient errors. For reads only; a write may have happened. */
export async function retryRead<T>(scope: Scope, read: () => Promise<T>): Promise<T> {
  return attemptTwice(scope, 'D1', read);
}

/**
 * Writes to D1 what its own keys let happen once only: at most 5 s an attempt, one retry of transient errors. A first
 * attempt that happened after all makes the second fail on a constraint, which tells the caller to read what stands.
 */
export async function retryKeyedWrite<T>(scope: Scope, write: () => Promise<T>): Promise<T> {
  return attemptTwice(scope, 'D1', write);
}
