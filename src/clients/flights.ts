/** Work under way in an isolate that several requests want at once is done once. */

/** What is under way, by what it is about. */
export type Flights<T> = Map<string, Promise<T>>;

/**
 * The outcome of `work` for `key`, shared with the requests that have it under way already. Waits for another's at most
 * `waitMs`: that request may have been cancelled and its work with it; then its own is begun.
 */
export async function joinFlight<T>(
  flights: Flights<T>,
  key: string,
  work: () => Promise<T>,
  waitMs: number,
): Promise<T> {
  const running = flights.get(key);
  if (running !== undefined) {
    const joined = await Promise.race([
      running.then(
        (outcome) => ({ outcome }),
        () => undefined,
      ),
      scheduler.wait(waitMs).then(() => undefined),
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
