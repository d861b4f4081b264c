/**
 * `npm run operator-key -- NAME`: makes a key for the first operator of a database, prints it once, and prints the statement
 * that keeps it. Later keys are made by operators: `npm run operator -- key create`.
 */
import { parseArgs } from 'node:util';
import { keptOf, newOperatorKey, OPERATOR_NAME, OPERATOR_SCOPES } from '#operator/operator-key.ts';
import { insertKeySql } from './operator/key-sql.mjs';

const ENVIRONMENTS = ['sandbox', 'production'];

function fail() {
  console.error(
    'npm run operator-key -- NAME [--env sandbox|production] [--scope read|write]   (a name: a-z, 0-9, . _ -; 2 to 50 characters)',
  );
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        env: { type: 'string', default: 'production' },
        scope: { type: 'string', default: 'write' },
      },
    });
  } catch {
    return fail();
  }
}

const { values, positionals } = readOptions();
const [name, ...others] = positionals;
if (name === undefined || others.length > 0 || !OPERATOR_NAME.test(name)) fail();
if (!OPERATOR_SCOPES.includes(values.scope) || !ENVIRONMENTS.includes(values.env)) fail();

const key = await newOperatorKey();
const kept = await keptOf(key, {
  name,
  scope: values.scope,
  createdBy: 'provision',
  now: Math.floor(Date.now() / 1000),
});
const { sql, params } = insertKeySql(kept);
// Nothing of it needs quoting: names, digests and numbers.
const literals = params.map((value) =>
  (typeof value === 'string' ? `'${value}'` : String(value)).replace('null', 'NULL'),
);
let place = 0;
const statement = sql.replace(/\s+/g, ' ').replace(/\?/g, () => literals[place++] ?? 'NULL');
console.log(`${key}\n\nKeep it now: it is shown once. Then let the database know its digest:\n`);
console.log(`npx wrangler d1 execute DB --remote --env ${values.env} --command "${statement}"`);
