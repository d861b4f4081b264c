/** D1 that loses its connection where a test says so: before a batch is committed, or after. */
import { env } from 'cloudflare:workers';

export type Fault = 'none' | 'before commit' | 'after commit';

export interface FaultyDatabase {
  readonly binding: D1Database;
  /** What happens to the next batches, in their order; then nothing does. */
  plan(faults: readonly Fault[]): void;
}

export function faultyDatabase(base: D1Database = env.DB): FaultyDatabase {
  let planned: Fault[] = [];
  const lost = () => new Error('D1_ERROR: Network connection lost.');
  const wrap = <T extends object>(database: T): T =>
    new Proxy(database, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name === 'withSession')
          return (...values: unknown[]) => wrap(member.apply(target, values) as object);
        if (name !== 'batch') return member.bind(target);
        return async (statements: unknown) => {
          const fault = planned.shift() ?? 'none';
          if (fault === 'before commit') throw lost();
          const results: unknown = await member.call(target, statements);
          if (fault === 'after commit') throw lost();
          return results;
        };
      },
    });
  return {
    binding: wrap(base),
    plan: (faults) => {
      planned = [...faults];
    },
  };
}
