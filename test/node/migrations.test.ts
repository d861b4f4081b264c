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
  batch(statements: readonly Statement[]): Promise<{ results: unknown[] }[]>;
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
/** Goes through all migrations in their order; rows are in all its tables before each. */
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const configPath = join(folder, 'wrangler.json');
  const databases = [
    { binding: 'DB', database_name: 'db', database_id: '00000000-0000-4000-8000-000000000000' },
  ];
  writeFileSync(configPath, JSON.stringify({ name: 'migrations', d1_databases: databases }));
  proxy = await getPlatformProxy({ configPath, persist: { path: join(folder, 'state') } });
  database = proxy.env['DB'] as Database;
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

/** Puts rows into each table that has none yet: some tables take rows in their order and at their end only. */
async function populate(db: Database): Promise<void> {
  const tables = await columnsOf(db);
  const contents = Object.entries(await contentsOf(db));
  let waiting = contents.filter(([, { rows }]) => rows.length === 0).map(([table]) => table);
  while (waiting.length > 0) {
    const refused: string[] = [];
    for (const table of waiting) {
      const columns = tables.get(table) ?? [];
      const places = columns.map(() => '?').join(', ');
      const insert = db.prepare(`INSERT INTO "${table}" VALUES (${places})`);
      try {
        await db.batch(ROWS.map((row) => insert.bind(...valuesOf(columns, row))));
      } catch {
        // A trigger wants a row of another table first.
        refused.push(table);
      }
    }
    if (refused.length === waiting.length) throw new Error(`no row can be put into ${refused.join(', ')}`);
    waiting = refused;
  }
}

/** The columns of each table. */
async function columnsOf(db: Database): Promise<Map<string, Column[]>> {
  const tables = new Map<string, Column[]>((await tablesOf(db)).map((table) => [table, []]));
  const all = await rowsOf<Column & { table: string }>(
    db,
    `SELECT m.name AS "table", c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
     WHERE m.type = 'table' ORDER BY m.name, c.cid`,
  );
  for (const { table, name, type } of all) tables.get(table)?.push({ name, type });
  return tables;
}

/** All rows of all tables, of the columns that `like` has. */
async function contentsOf(db: Database, like?: Contents): Promise<Contents> {
  const wanted: readonly (readonly [string, readonly string[]])[] =
    like === undefined
      ? [...(await columnsOf(db))].map(([table, columns]) => [table, columns.map(({ name }) => name)])
      : Object.entries(like).map(([table, { columns }]) => [table, columns]);
  if (wanted.length === 0) return {};
  const listOf = (columns: readonly string[]) => columns.map((name) => `"${name}"`).join(', ');
  const answers = await db.batch(
    wanted.map(([table, columns]) =>
      db.prepare(`SELECT ${listOf(columns)} FROM "${table}" ORDER BY ${listOf(columns)}`),
    ),
  );
  return Object.fromEntries(
    wanted.map(([table, columns], index) => [table, { columns, rows: answers[index]?.results ?? [] }]),
  );
}

describe.each(NAMES.map((name, index) => ({ name, index })))('$name', ({ index }) => {
  it('leaves every row and column as it was, applied once and again', async () => {
    await applyMigrations(database, unstable_splitSqlQuery, index);
    await populate(database);
    const before = await contentsOf(database);
    for (const { rows } of Object.values(before)) expect(rows).toHaveLength(ROWS.length);
    await applyMigrations(database, unstable_splitSqlQuery, index + 1);
    expect(await contentsOf(database, before)).toEqual(before);
    const schema = await rowsOf(database, 'SELECT name, sql FROM sqlite_master ORDER BY name');
    await applyMigrations(database, unstable_splitSqlQuery, index + 1);
    expect(await contentsOf(database, before)).toEqual(before);
    expect(await rowsOf(database, 'SELECT name, sql FROM sqlite_master ORDER BY name')).toEqual(schema);
  });
});

it('a populated database of the newest schema takes all of them again', async () => {
  await populate(database);
  const before = await contentsOf(database);
  await applyMigrations(database, unstable_splitSqlQuery);
  expect(await contentsOf(database)).toEqual(before);
});
