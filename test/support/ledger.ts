/** What must hold of a tenant's ledger in D1 at any moment; each test of money asks for the faults and expects none. */
import { env } from 'cloudflare:workers';
import { LEDGER_RULES } from './ledger-rules.ts';

/** What is wrong with the ledger of a tenant, each as a rule and a row that breaks it. */
export async function ledgerFaults(tenantId: string): Promise<string[]> {
  const names = Object.keys(LEDGER_RULES);
  const results = await env.DB.batch(
    Object.values(LEDGER_RULES).map((sql) => env.DB.prepare(sql).bind(tenantId)),
  );
  return results.flatMap(({ results: rows }, index) =>
    rows.map((row) => `${names[index]}: ${JSON.stringify(row)}`),
  );
}
