/** Bad weather: D1 calls of every kind that fail by chance, before what they do or after it, from a seed. */
import { env } from 'cloudflare:workers';

export interface Weather {
  /** For an app: the Worker's D1 in this weather. */
  readonly binding: D1Database;
  /** Share of D1 calls that fail, half of them after they were carried out; 0 to 1. */
  share: number;
  /** Calls that failed so far. */
  readonly failed: () => number;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const RUNS = new Set<string | symbol>(['all', 'run', 'first', 'raw', 'batch']);

export function weatherOf(seed: number, base: D1Database = env.DB): Weather {
  const random = randomOf(seed);
  const inner = new WeakMap<object, object>();
  let failed = 0;

  async function risk(call: () => unknown): Promise<unknown> {
    const isStruck = random() < weather.share;
    const isLate = random() < 0.5;
    const lost = () => new Error('D1_ERROR: Network connection lost.');
    if (isStruck) failed += 1;
    if (isStruck && !isLate) throw lost();
    const result = await call();
    if (isStruck) throw lost();
    return result;
  }

  function wrap<T extends object>(target: T): T {
    const wrapped = new Proxy(target, {
      get(from, name) {
        const member: unknown = Reflect.get(from, name);
        if (typeof member !== 'function') return member;
        if (RUNS.has(name)) {
          return (given: unknown, ...more: unknown[]) => {
            // A batch is of statements as they were before they were wrapped.
            const own = Array.isArray(given) ? given.map((each: object) => inner.get(each) ?? each) : given;
            return risk(() => member.apply(from, [own, ...more]));
          };
        }
        if (name === 'withSession' || name === 'prepare' || name === 'bind') {
          return (...values: unknown[]) => wrap(member.apply(from, values) as object);
        }
        return member.bind(from);
      },
    });
    inner.set(wrapped, target);
    return wrapped;
  }

  const weather: Weather = { binding: wrap(base), share: 0, failed: () => failed };
  return weather;
}
