/** Work under way in an isolate that several requests want at once is done once. */

/** What is under way, by what it is about. */
export type Flights<T> = Map<string, Promise<T>>;

/**
 * Longest wait for another request's work, milliseconds. That request may have been cancelled and its work with it;
 * then one's own is begun.
 */
const SHARED_WAIT_MS = 1_000;

/** The outcome of `work` for `key`, shared with the requests that have it under way already. */
export async function joinFlight<T>(flights: Flights<T>, key: string, work: () => Promise<T>): Promise<T> {
  const running = flights.get(key);
  if (running !== undefined) {
    const joined = await Promise.race([
      running.then(
        (outcome) => ({ outcome }),
        () => undefined,
      ),
      scheduler.wait(SHARED_WAIT_MS).then(() => undefined),
    ]);
    if (joined !== undefined) return joined.outcome;
  }
  const own = work();
  flights.set(key, own);
  try {
    return await own;
  } finally {
    if (flights.get(key) === own) flights.delete(key);
  }
}
