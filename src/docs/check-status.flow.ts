/** Whether this deployment can serve: D1 reads and the key ring answers. D1: one read. Objects: at most one, cached. */
import { probeDatabase } from '#edge/database.ts';
import { describeError } from '#edge/log.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';

export interface PartStatus {
  readonly part: 'database' | 'keys';
  readonly usable: boolean;
}

async function askPart(
  scope: Scope,
  part: PartStatus['part'],
  check: () => Promise<unknown>,
): Promise<PartStatus> {
  try {
    await check();
    return { part, usable: true };
  } catch (error) {
    scope.log('error', {
      event: 'unusable',
      request_id: scope.requestId,
      reason: `${part}: ${describeError(error)}`,
    });
    return { part, usable: false };
  }
}

/** Asks each part once, side by side; never throws. */
export function checkStatus(scope: Scope): Promise<readonly PartStatus[]> {
  return Promise.all([
    askPart(scope, 'database', () => retryRead(scope, () => probeDatabase(scope.database))),
    askPart(scope, 'keys', () => signingKeys(scope)),
  ]);
}

/** Whether all parts answered. */
export function isUsable(parts: readonly PartStatus[]): boolean {
  return parts.every((part) => part.usable);
}
