/**
 * Migrations only add. While one is applied the version before it still runs, and after a rollback it runs again: so a
 * migration may make what is new and leaves alone what is there. Other changes go in three deployments: expand, move,
 * contract (docs/deploy.md).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './prepare.mjs';

const TEXT_OR_COMMENT = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const BREAKPOINT = /-->\s*statement-breakpoint/g;
const NAME = '[`"[]?(\\w+)[`"\\]]?';

/** What may stand in a migration, by how it begins; `WITHOUT ROWID` and conditions may follow. */
const TABLE = new RegExp(`^CREATE TABLE (?:IF NOT EXISTS )?${NAME} ?\\(`, 'i');
const INDEX = new RegExp(`^CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?${NAME} ON ${NAME}`, 'i');
const TRIGGER = new RegExp(`^CREATE TRIGGER (?:IF NOT EXISTS )?${NAME} `, 'i');
const COLUMN = new RegExp(`^ALTER TABLE ${NAME} ADD (?:COLUMN )?${NAME} (.*)$`, 'i');

/** Why a statement is refused, by words that stand nowhere in an additive one. */
const REFUSED = [
  [/\bON (?:DELETE|UPDATE) CASCADE\b/i, 'a rebuild of the parent would delete the children'],
  [/__new_/i, 'a rebuild'],
  [/\bDROP (?:TABLE|COLUMN|INDEX|TRIGGER|VIEW)\b|^DROP\b/i, 'the running version still uses it'],
  [/\bRENAME (?:TO|COLUMN)\b|\bRENAME \S+ TO\b/i, 'the running version knows the old name'],
  [/^PRAGMA\b/i, 'a rebuild'],
  [/^(?:INSERT|REPLACE|UPDATE|DELETE)\b/i, 'migrations do not touch rows'],
];

function statementFault(statement, ownTables) {
  for (const [words, why] of REFUSED) {
    const found = words.exec(statement)?.[0];
    if (found !== undefined) return `${found} is not additive: ${why}`;
  }
  const table = TABLE.exec(statement)?.[1];
  if (table !== undefined) {
    return /\)\s*STRICT(?:,\s*WITHOUT ROWID)?$/i.test(statement) ? undefined : `table ${table} is not STRICT`;
  }
  const index = INDEX.exec(statement);
  if (index !== null) {
    const [, unique, name, on] = index;
    return unique !== undefined && !ownTables.has(on)
      ? `unique index ${name} is not additive: rows of ${on} may break it`
      : undefined;
  }
  if (TRIGGER.test(statement)) return undefined;
  const column = COLUMN.exec(statement);
  if (column === null) return `not an additive statement: ${statement.slice(0, 60)}`;
  const [, owner, name, definition] = column;
  return /\bNOT NULL\b/i.test(definition) && !/\bDEFAULT\b/i.test(definition)
    ? `${owner}.${name} is NOT NULL without DEFAULT: the running version does not fill it`
    : undefined;
}

/** What in the text of one migration is not additive, a line each. */
export function migrationFaults(text) {
  const statements = text
    .split(BREAKPOINT)
    .flatMap((chunk) => {
      const sql = chunk.replace(TEXT_OR_COMMENT, (found) => (found.startsWith("'") ? "''" : ' '));
      // The statements inside a trigger end with semicolons of their own.
      return /^\s*CREATE TRIGGER\b/i.test(sql)
        ? [sql.replace(/\bBEGIN\b[\s\S]*\bEND\b/i, '')]
        : sql.split(';');
    })
    .map((sql) =>
      sql
        .replace(/\s+/g, ' ')
        .replace(/ ?; ?$/, '')
        .trim(),
    )
    .filter((sql) => sql !== '');
  const ownTables = new Set(statements.flatMap((sql) => TABLE.exec(sql)?.[1] ?? []));
  return statements.flatMap((sql) => statementFault(sql, ownTables) ?? []);
}

/** Faults of all migrations of a folder, each with its file. */
export function lintMigrations(folder = join(ROOT, 'migrations')) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .flatMap((name) =>
      migrationFaults(readFileSync(join(folder, name), 'utf8')).map((fault) => `${name}: ${fault}`),
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = lintMigrations();
  console.log(faults.length === 0 ? 'Migrations only add.' : faults.join('\n'));
  process.exitCode = faults.length === 0 ? 0 : 1;
}
