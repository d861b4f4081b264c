/** A statement that forgets failed log-ins, for the batch in which an operator unlocks a name. */
import { and, eq } from 'drizzle-orm';
import { loginAttemptsTable } from '#authorization/login-attempt.table.ts';
import type { Database } from '#edge/database.ts';

/** A submitted name within its tenant. */
export interface AttemptKey {
  readonly tenantId: string;
  readonly nameDigest: string;
}

/** The name begins anew: no failure counts any more, nor does a refusal. */
export function clearAttemptsStatement(database: Database, { tenantId, nameDigest }: AttemptKey) {
  return database
    .delete(loginAttemptsTable)
    .where(and(eq(loginAttemptsTable.tenantId, tenantId), eq(loginAttemptsTable.nameDigest, nameDigest)));
}
