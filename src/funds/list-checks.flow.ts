/** Lists what was asked about a customer's funds under a consent, newest first. D1: one read. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { readFundsConfirmations } from '#funds/funds-confirmation.store.ts';
import type { FundsConfirmation } from '#funds/funds-confirmation.ts';

/** A page of checks. */
const PAGE_SIZE = 50;

export interface CheckList {
  readonly checks: readonly FundsConfirmation[];
  /** Where the next page begins, for `after`. */
  readonly next?: string;
}

/** `after` as an earlier page said it; any other text begins at the newest. */
export async function listChecks(
  scope: Scope,
  consent: { readonly tenantId: string; readonly consentId: string },
  after: string | undefined,
): Promise<CheckList> {
  const [, createdAt, fundsConfirmationId] = /^(\d{1,12})\.(\w[\w-]*)$/.exec(after ?? '') ?? [];
  const beyond =
    createdAt === undefined || fundsConfirmationId === undefined
      ? undefined
      : { createdAt: Number(createdAt), fundsConfirmationId };
  const rows = await retryRead(scope, () =>
    readFundsConfirmations(scope.database, consent, { limit: PAGE_SIZE + 1, beyond }),
  );
  const last = rows.length > PAGE_SIZE ? rows[PAGE_SIZE - 1] : undefined;
  return {
    checks: rows.slice(0, PAGE_SIZE),
    ...(last === undefined ? {} : { next: `${last.createdAt}.${last.fundsConfirmationId}` }),
  };
}
