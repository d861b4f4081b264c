/**
 * Imports one batch of customers, accounts and holders into the bank's tenant, whole or not at all. D1: one batch of reads,
 * one read of the audit's end, one batch. Objects: none.
 */
import { BANK_TENANT_ID } from '#bank/bank-tenant.ts';
import { violatedConstraint } from '#bank/constraint.ts';
import { findImportContext } from '#bank/find-import-context.flow.ts';
import { importStatements } from '#bank/import.statements.ts';
import type { Scope } from '#edge/scope.ts';
import { newUuid } from '#kernel/ids.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import {
  type ImportContext,
  type NumberedLine,
  openingJournalId,
  planImport,
} from '#operator/import-line.ts';
import type { Operator } from '#operator/operator-key.ts';
import { recordAction } from '#operator/record-action.flow.ts';

/** What stands in the tenant's row for its organisation: the bank is nobody's customer. */
const BANK_ORGANISATION = 'bank';
/** Faults told of one batch. */
const FAULTS_MAXIMUM = 50;

export interface Imported {
  readonly customers: number;
  readonly accounts: number;
  readonly holders: number;
  /** Lines that say what was there before. */
  readonly already: number;
}

function contextOf(scope: Scope, lines: readonly NumberedLine[]): Promise<ImportContext> {
  const named = lines.map(({ line }) => line);
  const customers = named.flatMap((line) => (line.type === 'customer' ? [line.customer] : []));
  const accounts = named.flatMap((line) => (line.type === 'account' ? [line.account] : []));
  const holders = named.flatMap((line) => (line.type === 'holder' ? [line] : []));
  const accountIds = [...accounts, ...holders].map(({ accountId }) => accountId);
  return findImportContext(scope, BANK_TENANT_ID, {
    customerIds: [...customers, ...holders].map(({ customerId }) => customerId),
    usernames: customers.map(({ username }) => username),
    accountIds,
    ibans: accounts.map(({ iban }) => iban),
    numbers: accounts.map(({ sortCode, accountNumber }) => `${sortCode}-${accountNumber}`),
    journalIds: accountIds.map(openingJournalId),
  });
}

/** Refuses with `conflict`, each line that stands against another or against what the bank has. May be given again. */
export async function importLines(
  scope: Scope,
  operator: Operator,
  lines: readonly NumberedLine[],
): Promise<Result<Imported>> {
  const { database, now } = scope;
  const newId = () => newUuid().replaceAll('-', '').slice(0, 16);
  const planned = planImport(lines, await contextOf(scope, lines), { now, newId });
  if ('faults' in planned) {
    return refuseOpenly('conflict', 'Lines contradict each other or the bank; nothing was imported.', {
      errors: planned.faults.slice(0, FAULTS_MAXIMUM),
    });
  }
  const { content, already } = planned;
  // Those that may have become joint.
  const heldAccountIds = [...new Set(content.holders.map(({ accountId }) => accountId))];
  const counts = {
    customers: content.customers.length,
    accounts: content.accounts.length,
    holders: content.holders.length,
  };
  if (counts.customers + counts.accounts + counts.holders === 0) return ok({ ...counts, already });
  const tenant = { tenantId: BANK_TENANT_ID, organisationId: BANK_ORGANISATION, now };
  try {
    await recordAction(
      scope,
      operator,
      { action: 'import', subject: BANK_TENANT_ID, detail: counts },
      { changes: importStatements(database, tenant, content, heldAccountIds) },
    );
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error;
    return refuseOpenly('conflict', 'Another import was first; nothing was imported. Give it again.');
  }
  return ok({ ...counts, already });
}
