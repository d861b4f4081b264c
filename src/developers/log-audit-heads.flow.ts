/**
 * Tells the log, which is kept elsewhere, where audit logs end, so that whoever cuts rows off one is found out. D1: one
 * read for 500 organisations. Objects: none.
 */
import { type AuditHead, readAuditHeads } from '#developers/developer-deed.store.ts';
import { retryRead } from '#edge/outage.ts';
import { isDailyHour } from '#edge/scheduled-work.ts';
import type { Scope } from '#edge/scope.ts';
import { HOUR_SECONDS } from '#kernel/time.ts';

/** Organisations a line: about 40 kB; the platform keeps 256 kB of one run's log. */
const HEADS_A_LINE = 500;
/** Logs that grew since are told of: twice the period, as a run may be lost. Once a day all are, as log lines grow old. */
const GROWN_WITHIN_SECONDS = 2 * HOUR_SECONDS;

function renderHead({ organisationId, sequence, hash }: AuditHead): string {
  return `${organisationId}:${sequence}:${hash}`;
}

/** One line `audit_heads` for each 500 organisations; none where no log grew. */
export async function logAuditHeads(scope: Scope): Promise<void> {
  const since = isDailyHour(scope.nowMs) ? 0 : scope.now - GROWN_WITHIN_SECONDS;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const heads = await retryRead(scope, () => readAuditHeads(scope.database, from, HEADS_A_LINE));
    const grown = heads.filter(({ at }) => at >= since);
    if (grown.length > 0) {
      scope.log('info', {
        event: 'audit_heads',
        request_id: scope.requestId,
        heads: grown.map(renderHead),
      });
    }
    after = heads.length < HEADS_A_LINE ? undefined : heads.at(-1)?.organisationId;
  }
}
