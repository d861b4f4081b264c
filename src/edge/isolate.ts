/** What one isolate remembers between requests: bounded caches, one set an app, never the truth. */

/** One running copy of the Worker; tests make several to see caches disagree. */
export interface Isolate {
  readonly startedAtMs: number;
}

export interface IsolateSlot<T> {
  of(isolate: Isolate): T;
}

/** Declares a thing each isolate has one of, made at first use. */
export function defineIsolateSlot<T>(make: () => T): IsolateSlot<T> {
  const slots = new WeakMap<Isolate, { readonly value: T }>();
  return {
    of(isolate) {
      const found = slots.get(isolate);
      if (found !== undefined) return found.value;
      const made = { value: make() };
      slots.set(isolate, made);
      return made.value;
    },
  };
}

export interface BoundedCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
}

/** A cache that forgets the entry used longest ago once it holds `maximum`. */
export function boundedCache<T>(maximum: number): BoundedCache<T> {
  const entries = new Map<string, T>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= maximum) return;
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    },
    delete(key) {
      entries.delete(key);
    },
  };
}
