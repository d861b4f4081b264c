/** A scope as a request of the local sandbox has it, for tests below the routes; each call is a fresh isolate unless given one. */
import { env } from 'cloudflare:workers';
import type { Isolate } from '#edge/isolate.ts';
import type { Log, LogLine } from '#edge/log.ts';
import { makeScope } from '#edge/request-frame.ts';
import type { Scope } from '#edge/scope.ts';
import { parseSettings } from '#edge/settings.ts';
import { NO_SOURCE_LIMIT } from './no-source-limit.ts';

export interface TestScopeParts {
  readonly nowMs?: number;
  readonly isolate?: Isolate;
  readonly url?: string;
  /** Bindings that stand in the place of the test environment's own. */
  readonly bindings?: Record<string, unknown>;
  readonly log?: Log;
}

/** 2026-11-22T12:00:00Z, the day most tests live on. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 22, 12);

export function testIsolate(): Isolate {
  return { startedAtMs: TEST_NOW_MS };
}

export function testScope(parts: TestScopeParts = {}): Scope {
  const bindings = { ...env, ...NO_SOURCE_LIMIT, ...parts.bindings } as unknown as Env;
  const settings = parseSettings(bindings as unknown as Record<string, unknown>);
  if (!settings.ok) throw new Error(settings.refusal.reason);
  return makeScope(
    {
      clock: { nowMs: () => parts.nowMs ?? TEST_NOW_MS },
      isolate: parts.isolate ?? testIsolate(),
      log: parts.log ?? (() => {}),
    },
    bindings,
    settings.value,
    () => {},
    new Request(parts.url ?? 'http://localhost:8787/'),
  );
}

/** A log that keeps its lines. */
export function listLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { log: (_level, line) => void lines.push(line), lines };
}
