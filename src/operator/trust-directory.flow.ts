/** Takes a directory's trust, and gives it back. D1: three reads and one batch. Objects: none. */
import { type DirectoryStanding, readDirectories } from '#clients/directory-trust.flow.ts';
import { distrustStatement, isDistrustedNow, trustStatement } from '#clients/directory-trust.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

export interface TrustChange {
  readonly issuer: string;
  readonly does: 'distrust' | 'trust';
  readonly reason: string;
}

/**
 * From 30 s after its return no isolate takes a software statement of a distrusted directory. Clients that are registered
 * already go on: suspend those that must not. Refuses with `not_found`: a directory is made known by the configuration alone.
 */
export async function changeTrust(
  scope: Scope,
  operator: Operator,
  { issuer, does, reason }: TrustChange,
): Promise<Result<readonly DirectoryStanding[]>> {
  const { database, now } = scope;
  const known = await readDirectories(scope);
  const found = known.find(({ directory }) => directory.issuer === issuer);
  if (found === undefined) {
    return refuseOpenly('not_found', 'No directory of this issuer is configured.');
  }
  const isDistrusted = does === 'distrust';
  await recordAction(
    scope,
    operator,
    { action: `directory.${does}`, subject: issuer, detail: { reason, live_clients: found.liveClients } },
    {
      condition: isDistrustedNow(issuer, !isDistrusted),
      changes: [isDistrusted ? distrustStatement(database, issuer, now) : trustStatement(database, issuer)],
    },
  );
  return ok(await readDirectories(scope));
}
