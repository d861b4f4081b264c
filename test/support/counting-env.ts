/** Bindings that count: D1 round trips with the rows they read and wrote, and Durable Object calls by namespace. */
import { env } from 'cloudflare:workers';

export interface Hops {
  d1: number;
  rowsRead: number;
  rowsWritten: number;
  objects: number;
  /** Each call in order: `D1 batch`, `CLIENTS.admit`. */
  calls: string[];
}

interface Meta {
  rows_read?: number;
  rows_written?: number;
}

const NAMESPACES = [
  'KEY_RING',
  'CLIENTS',
  'CONSENTS',
  'IDENTITY_GRANTS',
  'INTERACTIONS',
  'ORGANISATIONS',
] as const;
const RUNS = new Set(['all', 'run', 'first', 'raw']);

/** Wraps the test's bindings; `hops` grows with each call, `reset` begins anew. */
export function countingEnv(base: Env = env): { env: Env; hops: Hops; reset: () => void } {
  const hops: Hops = { d1: 0, rowsRead: 0, rowsWritten: 0, objects: 0, calls: [] };
  const inner = new WeakMap<object, D1PreparedStatement>();

  function noteMeta(result: unknown): void {
    for (const one of Array.isArray(result) ? result : [result]) {
      const meta = (one as { meta?: Meta } | null)?.meta;
      hops.rowsRead += meta?.rows_read ?? 0;
      hops.rowsWritten += meta?.rows_written ?? 0;
    }
  }

  function wrapStatement(statement: D1PreparedStatement): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name === 'bind') return (...values: unknown[]) => wrapStatement(target.bind(...values));
        if (!RUNS.has(String(name))) return member.bind(target);
        return async (...values: unknown[]) => {
          hops.d1 += 1;
          hops.calls.push(`D1 ${String(name)}`);
          const result: unknown = await member.apply(target, values);
          noteMeta(result);
          return result;
        };
      },
    });
    inner.set(wrapped, statement);
    return wrapped;
  }

  function wrapDatabase<T extends object>(database: T): T {
    return new Proxy(database, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name === 'withSession')
          return (...values: unknown[]) => wrapDatabase(member.apply(target, values) as object);
        if (name === 'prepare')
          return (query: string) => wrapStatement(member.call(target, query) as D1PreparedStatement);
        if (name !== 'batch') return member.bind(target);
        return async (statements: object[]) => {
          hops.d1 += 1;
          hops.calls.push('D1 batch');
          const result: unknown = await member.call(
            target,
            statements.map((statement) => inner.get(statement) ?? statement),
          );
          noteMeta(result);
          return result;
        };
      },
    });
  }

  function wrapNamespace(label: string, namespace: object): object {
    return new Proxy(namespace, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== 'get' && name !== 'getByName') return member.bind(target);
        return (...values: unknown[]) => wrapStub(label, member.apply(target, values) as object);
      },
    });
  }

  function wrapStub(label: string, stub: object): object {
    return new Proxy(stub, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name === 'id' || name === 'name' || typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          hops.objects += 1;
          hops.calls.push(`${label}.${String(name)}`);
          // An RPC method is no function of its own: it must be called on its stub.
          return (target as Record<string, (...given: unknown[]) => unknown>)[String(name)]?.(...values);
        };
      },
    });
  }

  const replaced: Record<string, unknown> = { DB: wrapDatabase(base.DB) };
  for (const name of NAMESPACES) replaced[name] = wrapNamespace(name, base[name]);
  return {
    env: { ...base, ...replaced },
    hops,
    reset: () => Object.assign(hops, { d1: 0, rowsRead: 0, rowsWritten: 0, objects: 0, calls: [] }),
  };
}
