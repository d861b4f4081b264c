/** The database of a benchmark: migrated, seeded, with an API key that works in a sandbox that is not local. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_splitSqlQuery } from 'wrangler';
import { ROOT } from '../prepare.mjs';
import { seedStatements } from '../seed-local.mjs';

/** Of the form of a key, with its checksum; known to all, so it is in no database but a benchmark's. */
export const API_KEY = 'sk_sandbox_OfTheBenchmarkAlone0000000000000000000000000vJdye';

/** Migrates the database and gives the seeded organisation an API key that works in a sandbox that is not local. */
export async function prepareDatabase(database) {
  const folder = join(ROOT, 'migrations');
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), 'utf8'));
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
  const seed = await seedStatements(Math.floor(Date.now() / 1000));
  await database.batch(seed.map(({ sql, params }) => database.prepare(sql).bind(...params)));
  await database
    .prepare(
      `INSERT INTO api_keys (key_id, digest, organisation_id, environment, name, prefix, last_four, created_at)
       SELECT 'bench', ?, organisation_id, 'sandbox', 'Benchmark', 'sk_sandbox_', ?, 0 FROM organisations`,
    )
    .bind(createHash('sha256').update(API_KEY).digest('base64url'), API_KEY.slice(-4))
    .run();
}
