/** Migrations on a database that is in use: what was there stays as it was, column by column; a second run does nothing. */
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getPlatformProxy, unstable_splitSqlQuery } from 'wrangler';
import { applyMigrations } from '../../scripts/prepare.mjs';

/** What of D1 these tests use. */
interface Statement {
  bind(...values: unknown[]): Statement;
  run(): Promise<unknown>;
  all(): Promise<{ results: unknown[] }>;
}
interface Database {
  prepare(sql: string): Statement;
}

interface Column {
  readonly name: string;
  readonly type: string;
}
type Contents = Record<string, { columns: readonly string[]; rows: unknown[] }>;

const NAMES = readdirSync('migrations')
  .filter((name) => name.endsWith('.sql'))
  .toSorted();
const ROWS = [1, 2, 3];

let folder: string;
let proxy: { env: Record<string, unknown>; dispose(): Promise<void> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const configPath = join(folder, 'wrangler.json');
  const databases = NAMES.map((_name, index) => ({
    binding: `DB${index}`,
    database_name: `db${index}`,
    database_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  }));
  writeFileSync(configPath, JSON.stringify({ name: 'migrations', d1_databases: databases }));
  proxy = await getPlatformProxy({ configPath, persist: { path: join(folder, 'state') } });
});

afterAll(async () => {
  await proxy.dispose();
  await rm(folder, { recursive: true });
});

async function rowsOf<Row>(db: Database, sql: string): Promise<Row[]> {
  return (await db.prepare(sql).all()).results as Row[];
}

async function tablesOf(db: Database): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(db, "SELECT name FROM sqlite_master WHERE type = 'table'");
  return tables.map(({ name }) => name).filter((name) => !/^(?:sqlite_|_cf_|d1_)/.test(name));
}

/**
 * The row's values. Each says where it belongs, so that one in another place or row would be seen; hashes make a chain, which
 * is one organisation's where rows have one.
 */
function valuesOf(columns: readonly Column[], row: number): (number | string)[] {
  const isChain = columns.some(({ name }) => name === 'previous_hash');
  return columns.map(({ name, type }) => {
    if (type === 'INTEGER') return row;
    if (name === 'previous_hash') return row === 1 ? '' : `hash ${row - 1}`;
    return isChain && name === 'organisation_id' ? name : `${name} ${row}`;
  });
}

async function isEmpty(db: Database, table: string): Promise<boolean> {
  return (await rowsOf(db, `SELECT 1 FROM "${table}" LIMIT 1`)).length === 0;
}

/** Puts rows into each table that has none yet: some tables take rows in their order and at their end only. */
async function populate(db: Database): Promise<void> {
  let waiting: string[] = [];
  for (const table of await tablesOf(db)) if (await isEmpty(db, table)) waiting.push(table);
  while (waiting.length > 0) {
    const refused: string[] = [];
    for (const table of waiting) {
      const columns = await rowsOf<Column>(db, `SELECT name, type FROM pragma_table_info('${table}')`);
      const places = columns.map(() => '?').join(', ');
      try {
        for (const row of ROWS) {
          await db
            .prepare(`INSERT INTO "${table}" VALUES (${places})`)
            .bind(...valuesOf(columns, row))
            .run();
        }
      } catch {
        // A trigger wants a row of another table first.
        refused.push(table);
      }
    }
    if (refused.length === waiting.length) throw new Error(`no row can be put into ${refused.join(', ')}`);
    waiting = refused;
  }
}

/** All rows of all tables, of the columns that `like` has. */
async function contentsOf(db: Database, like?: Contents): Promise<Contents> {
  const contents: Contents = {};
  for (const table of like === undefined ? await tablesOf(db) : Object.keys(like)) {
    const columns =
      like?.[table]?.columns ??
      (await rowsOf<Column>(db, `SELECT name, type FROM pragma_table_info('${table}')`)).map(
        ({ name }) => name,
      );
    const list = columns.map((name) => `"${name}"`).join(', ');
    contents[table] = { columns, rows: await rowsOf(db, `SELECT ${list} FROM "${table}" ORDER BY ${list}`) };
  }
  return contents;
}

describe.each(NAMES.map((name, index) => ({ name, index })))('$name', ({ index }) => {
  it('leaves every row and column as it was, applied once and again', async () => {
    const db = proxy.env[`DB${index}`] as Database;
    await applyMigrations(db, unstable_splitSqlQuery, index);
    await populate(db);
    const before = await contentsOf(db);
    for (const { rows } of Object.values(before)) expect(rows).toHaveLength(ROWS.length);
    await applyMigrations(db, unstable_splitSqlQuery, index + 1);
    expect(await contentsOf(db, before)).toEqual(before);
    const schema = await rowsOf(db, 'SELECT name, sql FROM sqlite_master ORDER BY name');
    await applyMigrations(db, unstable_splitSqlQuery, index + 1);
    expect(await contentsOf(db, before)).toEqual(before);
    expect(await rowsOf(db, 'SELECT name, sql FROM sqlite_master ORDER BY name')).toEqual(schema);
  });
});

it('a populated database of the newest schema takes all of them again', async () => {
  const db = proxy.env[`DB${NAMES.length - 1}`] as Database;
  await populate(db);
  const before = await contentsOf(db);
  await applyMigrations(db, unstable_splitSqlQuery);
  expect(await contentsOf(db)).toEqual(before);
});
