/** Whether operators have taken a directory's trust. D1: one read in 30 s and isolate. Objects: none. */
import { type Directory, directoriesOf } from '#clients/directory.ts';
import { countLiveClients, readDistrusted } from '#clients/directory-trust.store.ts';
import { defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** How long an isolate goes on with what it read, milliseconds. */
const FRESH_MS = 30_000;

const memory = defineIsolateSlot(() => ({
  distrusted: new Map() as ReadonlyMap<string, number>,
  readAtMs: Number.NEGATIVE_INFINITY,
}));

/** Throws an outage where D1 does not answer: nothing is trusted unseen. */
export async function isDistrusted(scope: Scope, issuer: string): Promise<boolean> {
  const kept = memory.of(scope.isolate);
  if (scope.nowMs - kept.readAtMs >= FRESH_MS) {
    kept.distrusted = await retryRead(scope, () => readDistrusted(scope.database));
    kept.readAtMs = scope.nowMs;
  }
  return kept.distrusted.has(issuer);
}

export interface DirectoryStanding {
  readonly directory: Directory;
  /** Epoch seconds; undefined while it is trusted. */
  readonly distrustedAt: number | undefined;
  readonly liveClients: number;
}

/** Every configured directory, as D1 has it now. */
export async function readDirectories(scope: Scope): Promise<readonly DirectoryStanding[]> {
  const distrusted = await retryRead(scope, () => readDistrusted(scope.database));
  return Promise.all(
    directoriesOf(scope.settings).map(async (directory) => ({
      directory,
      distrustedAt: distrusted.get(directory.issuer),
      liveClients: await retryRead(scope, () => countLiveClients(scope.database, directory.key)),
    })),
  );
}
