/** What the request log costs an account information call: the process's CPU with it and without, all that follows included. */
import { setTimeout as wait } from 'node:timers/promises';
import { spreadOf } from './measure.mjs';
import { cpuMs } from './runtime.mjs';

const IN_FLIGHT = 4;
/** Gathering takes two seconds, the queue's delivery three, and then its batch is written. */
const SETTLE_MS = 6_000;

/** Sends `count` requests and waits until all that they left behind is done; CPU in microseconds a request. */
async function measureSettled(runtime, request, count) {
  const before = cpuMs(runtime.pid);
  let left = count;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left > 0) {
        left -= 1;
        const answer = await runtime.send(request);
        if (answer.status !== 200)
          throw new Error(`${request.path} answered ${answer.status}: ${answer.text}`);
      }
    }),
  );
  await wait(SETTLE_MS);
  return ((cpuMs(runtime.pid) - before) * 1000) / count;
}

/** Calls that are logged, that are noted and sent but go nowhere, and that are not. */
const VARIANTS = ['logged', 'noted', 'unlogged'];

/**
 * Compares them in rounds of one long stretch each, the order turned in each round. `own` is what the call's own isolate
 * does for the log; `whole` counts everything after it too, in one process: the queue's simulator, the consumer, the
 * database, which a deployment spreads over machines.
 */
export async function compareLogged(runtime, makeRequest, { rounds, count }) {
  const figures = { logged: [], noted: [], unlogged: [], own: [], whole: [] };
  for (const variant of VARIANTS) await measureSettled(runtime, makeRequest(`/${variant}`), count);
  for (let round = 0; round < rounds; round += 1) {
    const used = {};
    for (const variant of round % 2 === 0 ? VARIANTS : VARIANTS.toReversed()) {
      used[variant] = await measureSettled(runtime, makeRequest(`/${variant}`), count);
      figures[variant].push(used[variant]);
    }
    figures.own.push(used.noted / used.unlogged);
    figures.whole.push(used.logged / used.unlogged);
  }
  const spreads = Object.entries(figures).map(([name, values]) => [name, spreadOf(values)]);
  return { ...Object.fromEntries(spreads), requests: rounds * count * VARIANTS.length };
}
