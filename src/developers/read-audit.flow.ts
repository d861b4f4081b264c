/** Reads an organisation's audit log. D1: one batch a page; of the whole log, one read for each 1,000 rows. Objects: none. */
import type { AuditRow } from '#developers/audit.ts';
import { type AuditQuery, readDeedsAfter, readLatestDeeds } from '#developers/developer-deed.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import type { ChainEnd } from '#kernel/chain.ts';

const ROWS_A_READ = 1_000;

export interface AuditPage {
  /** The last first. */
  readonly rows: readonly AuditRow[];
  /** `before` of the page of older rows; undefined on the last. */
  readonly older: number | undefined;
  /** Where the whole log ends. */
  readonly end: ChainEnd;
}

export async function readAuditPage(scope: Scope, query: AuditQuery): Promise<AuditPage> {
  const { rows: found, end } = await retryRead(scope, () =>
    readLatestDeeds(scope.database, { ...query, limit: query.limit + 1 }),
  );
  const rows = found.slice(0, query.limit);
  return { rows, older: found.length > rows.length ? rows.at(-1)?.sequence : undefined, end };
}

/** The whole log from its first row, in pieces. */
export async function* readWholeAudit(
  scope: Scope,
  organisationId: string,
): AsyncGenerator<readonly AuditRow[], void, void> {
  let after = 0;
  for (;;) {
    const from = after;
    const rows = await retryRead(scope, () =>
      readDeedsAfter(scope.database, organisationId, from, ROWS_A_READ),
    );
    yield rows;
    if (rows.length < ROWS_A_READ) return;
    after = rows.at(-1)?.sequence ?? after;
  }
}
