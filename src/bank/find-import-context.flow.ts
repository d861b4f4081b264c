/** What the bank has of what an import names. D1: one batch. Objects: none. */
import { type ImportNames, importContextStatements } from '#bank/import.statements.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

export function findImportContext(scope: Scope, tenantId: string, names: ImportNames) {
  return retryRead(scope, async () => {
    const statements = importContextStatements(scope.database, tenantId, names);
    const [customers, accounts, holders, openings] = await scope.database.batch(statements);
    return { customers, accounts, holders, openings };
  });
}
