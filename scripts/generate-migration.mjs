/** Makes the next migration from the tables, every new table STRICT: `npm run db:generate -- name-of-the-change`. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = 'migrations';
const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_-]+$/.test(name)) {
  console.error('Give the migration a name: npm run db:generate -- add-payments');
  process.exit(2);
}
const generated = spawnSync('drizzle-kit', ['generate', '--name', name], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

// drizzle-kit does not know STRICT, without which SQLite takes any value in any column.
for (const file of readdirSync(FOLDER).filter((entry) => entry.endsWith('.sql'))) {
  const path = `${FOLDER}/${file}`;
  const text = readFileSync(path, 'utf8');
  const strict = text.replace(/(CREATE TABLE [\s\S]*?\n\));/g, '$1 STRICT;');
  if (strict !== text) writeFileSync(path, strict);
}
