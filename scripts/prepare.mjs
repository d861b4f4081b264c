/**
 * Brings the local sandbox to where `wrangler dev` can start: the database migrated and seeded, the generated
 * static files in place. Safe to run again: stamps say what was done, so a second run takes a moment.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where `npx wrangler dev` keeps its state; `npm start` names one directory a port by this variable. */
const STATE_DIRECTORY = process.env.LOCAL_STATE_DIRECTORY ?? join(ROOT, '.wrangler', 'state');

const SCALAR_BUNDLE = join(ROOT, 'node_modules/@scalar/api-reference/dist/browser/standalone.js');
const WEBAUTHN_BUNDLE = join(ROOT, 'node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js');
const GENERATED = join(ROOT, 'public', 'generated');
const STAMP = '.stamp';
const BUILD_OPENAPI = join(ROOT, 'scripts', 'build-openapi.mjs');
const BUILD_DOCS = join(ROOT, 'scripts', 'build-docs.mjs');

/** A digest over the names and contents of files and of what lies in folders; what does not exist counts as empty. */
function digestOf(...paths) {
  const hash = createHash('sha256');
  for (const path of paths.filter((each) => existsSync(each))) {
    for (const file of filesUnder(path))
      hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Whether the work that the stamp stands for was done for the same inputs. */
function isStamped(stamp, inputs) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs;
}

/** Applies what the migrations folder has and the local database has not, then seeds it. */
async function prepareDatabase(stateDirectory) {
  const { experimental_readRawConfig, getPlatformProxy, unstable_splitSqlQuery } = await import('wrangler');
  const database = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') }).rawConfig
    .d1_databases[0];
  // Only D1 is started: with the whole configuration this takes several times as long.
  const configPath = join(stateDirectory, 'd1-only.json');
  mkdirSync(stateDirectory, { recursive: true });
  writeFileSync(configPath, JSON.stringify({ name: 'prepare', d1_databases: [database] }));
  const proxy = await getPlatformProxy({ configPath, persist: { path: join(stateDirectory, 'v3') } });
  try {
    const db = proxy.env[database.binding];
    await applyMigrations(db, unstable_splitSqlQuery);
    const { seedStatements } = await import('./seed-local.mjs');
    const statements = await seedStatements(Math.floor(Date.now() / 1000));
    if (statements.length > 0) {
      await db.batch(statements.map(({ sql, params }) => db.prepare(sql).bind(...params)));
    }
  } finally {
    await proxy.dispose();
    rmSync(configPath);
  }
}

/**
 * Applies migrations as `wrangler d1 migrations apply` does, each with its row in one transaction: the first `count` of
 * them, or all.
 */
export async function applyMigrations(db, splitSql, count = Number.POSITIVE_INFINITY) {
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
       applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    )
    .run();
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all();
  const applied = new Set(results.map((row) => row.name));
  const folder = join(ROOT, 'migrations');
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  for (const name of names.toSorted().slice(0, count)) {
    if (applied.has(name)) continue;
    await db.batch([
      ...splitSql(readFileSync(join(folder, name), 'utf8')).map((sql) => db.prepare(sql)),
      db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ]);
  }
}

/** Puts what the Worker serves but nobody writes by hand into `generated` below `publicDirectory`. */
async function generateFiles(publicDirectory) {
  const target = join(publicDirectory, 'generated');
  mkdirSync(target);
  cpSync(SCALAR_BUNDLE, join(target, 'api-reference.js'));
  cpSync(WEBAUTHN_BUNDLE, join(target, 'webauthn.js'));
  await (await import(pathToFileURL(BUILD_OPENAPI).href)).buildOpenapi(target);
  if (existsSync(BUILD_DOCS)) await (await import(pathToFileURL(BUILD_DOCS).href)).buildDocs(target);
}

/**
 * Puts the directory `made` in the place of the one at `place`, also where other processes do the same at once. What stood
 * there is moved to paths that begin with `aside`.
 * @param {string} made
 * @param {string} place
 * @param {string} aside
 */
export function putInPlace(made, place, aside) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      renameSync(made, place);
      return;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code) || attempt === 10) throw error;
    }
    try {
      renameSync(place, `${aside}-${attempt}`);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Generates the static files when their sources changed. They are made aside and put in place whole: a running sandbox
 * never serves half of them, and two that prepare at once (`npm test` beside `npm start`) do not meet.
 */
export async function prepareFiles() {
  const inputs = digestOf(...['docs', 'scripts', 'src', 'package-lock.json'].map((name) => join(ROOT, name)));
  if (isStamped(join(GENERATED, STAMP), inputs)) return;
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const aside = mkdtempSync(join(ROOT, 'dist', 'files-'));
  try {
    await generateFiles(aside);
    writeFileSync(join(aside, 'generated', STAMP), inputs);
    putInPlace(join(aside, 'generated'), GENERATED, join(aside, 'old'));
  } finally {
    rmSync(aside, { recursive: true });
  }
}

/** Prepares the static files and the database under `stateDirectory`. */
export async function prepare(stateDirectory) {
  await prepareFiles();
  const inputs = digestOf(join(ROOT, 'migrations'), join(ROOT, 'scripts'), join(ROOT, 'wrangler.toml'));
  const stamp = join(stateDirectory, 'prepared');
  if (isStamped(stamp, inputs)) return;
  await prepareDatabase(stateDirectory);
  writeFileSync(stamp, inputs);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await (process.argv.includes('--files-only') ? prepareFiles() : prepare(STATE_DIRECTORY));
}
