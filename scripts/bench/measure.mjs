/** CPU per request of two variants of one request, in small batches taken in turn, as a ratio. */
import { cpuMs } from './runtime.mjs';

/** Requests in flight at once: enough that the process does not sleep between two. */
const IN_FLIGHT = 4;

function quantile(sorted, share) {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position - Math.floor(position));
}

/** Median and the middle half of some figures. */
export function spreadOf(figures) {
  const sorted = figures.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Sends each request and checks each status; the CPU the process used, microseconds a request, and requests a second. */
async function measure(runtime, requests, status) {
  const pending = requests.values();
  const before = cpuMs(runtime.pid);
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const request of pending) {
        const answer = await runtime.send(request);
        if (answer.status !== status) {
          throw new Error(`${request.path} answered ${answer.status}, not ${status}: ${answer.text}`);
        }
      }
    }),
  );
  return {
    cpu: ((cpuMs(runtime.pid) - before) * 1000) / requests.length,
    perSecond: (requests.length * 1000) / (performance.now() - startedAt),
  };
}

/**
 * Compares `product` with `bare`, which each make one request: `rounds` rounds of four batches in the order product,
 * bare, bare, product, so that what drifts (heap, clock speed, neighbours) weighs on both alike. The first rounds warm
 * the compiler and are left out.
 */
export async function compare(runtime, { product, bare, status }, { rounds, batch, warmUp }) {
  const figures = { product: [], bare: [], ratio: [], perSecond: [] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const used = { product: 0, bare: 0 };
    for (const variant of ['product', 'bare', 'bare', 'product']) {
      const make = variant === 'product' ? product : bare;
      // Made before the clock starts, though signing happens in this process and is not counted anyway.
      const requests = await Promise.all(Array.from({ length: batch }, make));
      const { cpu, perSecond } = await measure(runtime, requests, status);
      used[variant] += cpu / 2;
      if (variant === 'product' && round >= 0) figures.perSecond.push(perSecond);
    }
    if (round < 0) continue;
    figures.product.push(used.product);
    figures.bare.push(used.bare);
    figures.ratio.push(used.product / used.bare);
  }
  return {
    product: spreadOf(figures.product),
    bare: spreadOf(figures.bare),
    ratio: spreadOf(figures.ratio),
    /** Of the Worker, wall time, `IN_FLIGHT` at once. */
    perSecond: spreadOf(figures.perSecond),
    requests: rounds * batch * 4,
  };
}
