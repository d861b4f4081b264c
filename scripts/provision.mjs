/**
 * `npm run provision [-- --env sandbox|production] [--dry-run]`: makes on a Cloudflare account what a deployment needs
 * and has not yet: the database and its tables, queues, secrets, the first operator's key. Each step looks before it makes, so
 * it may be run again, also after it stopped half-way. Needs CLOUDFLARE_API_TOKEN, or `npx wrangler login`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { experimental_readRawConfig } from 'wrangler';
import { keptOf, newOperatorKey } from '#operator/operator-key.ts';
import {
  blockOf,
  findConfigurationFaults,
  placeholdersIn,
  queuesOf,
  requiredSecrets,
} from './check-configuration.mjs';
import { setInTable } from './config-text.mjs';
import { insertKeySql } from './operator/key-sql.mjs';
import { ROOT } from './prepare.mjs';
import { ensureDatabase, ensureQueue, isNoWorker, Obstacle, runWrangler } from './wrangler.mjs';

const ENVIRONMENTS = ['sandbox', 'production'];
const CONFIG = join(ROOT, 'wrangler.toml');
const FIRST_OPERATOR = 'first-operator';

/** Secrets already on the account; none where the Worker is not there. */
function secretNames(wrangler, environment) {
  try {
    const listed = JSON.parse(wrangler(['secret', 'list', `--env=${environment}`, '--format=json']).text);
    return new Set(listed.map(({ name }) => name));
  } catch (error) {
    if (isNoWorker(error)) return new Set();
    throw error;
  }
}

function execute(wrangler, environment, command) {
  const answer = wrangler([
    'd1',
    'execute',
    'DB',
    '--remote',
    `--env=${environment}`,
    '--json',
    '--yes',
    `--command=${command}`,
  ]);
  return JSON.parse(answer.text)[0]?.results ?? [];
}

/** A statement with its values in place: names, digests and numbers, of which none needs more than quotes. */
function withLiterals({ sql, params }) {
  let place = 0;
  return sql.replace(/\s+/g, ' ').replace(/\?/g, () => {
    const value = params[place++];
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL');
  });
}

/** Writes the database's id into the environment's block, which must not name another one. */
function nameDatabase(config, environment, block, id) {
  const [database] = block.d1_databases;
  if (database.database_id === id) return;
  if (placeholdersIn(block).length === 0) {
    throw new Obstacle(
      `[env.${environment}] has database_id ${database.database_id}, but ${database.database_name} is ${id}`,
    );
  }
  config.write(setInTable(config.read(), `[[env.${environment}.d1_databases]]`, 'database_id', id));
}

/** A key lost between its making and its showing would lock everyone out: it is in its file before it is in D1. */
async function ensureOperator({ environment, wrangler, keyFile, now, say }) {
  const [{ kept = 0 } = {}] = execute(wrangler, environment, 'SELECT count(*) AS kept FROM operator_keys');
  if (kept > 0) return say('operator key: there already');
  const key = keyFile.read() ?? (await newOperatorKey());
  keyFile.write(key);
  const row = await keptOf(key, { name: FIRST_OPERATOR, scope: 'write', createdBy: 'provision', now });
  execute(wrangler, environment, withLiterals(insertKeySql(row)));
  return say(`operator key: made, in ${keyFile.path}; move it to where secrets are kept`);
}

/**
 * Makes what an environment lacks. `wrangler` runs commands, `config` reads and writes wrangler.toml's text, `keyFile`
 * holds the first operator's key until it is fetched.
 */
export async function provision({ environment, block, wrangler, config, keyFile, now, say }) {
  const id = ensureDatabase(wrangler, block.d1_databases[0].database_name, say);
  nameDatabase(config, environment, block, id);
  say(`wrangler.toml: [env.${environment}] has its database_id`);
  wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', `--env=${environment}`]);
  say('migrations: applied');
  for (const queue of queuesOf(block)) ensureQueue(wrangler, queue, say);
  const present = secretNames(wrangler, environment);
  const missing = requiredSecrets(block).filter((name) => !present.has(name));
  // A secret that is there is never made anew: what it wrapped could not be read any more.
  if (missing.length > 0) {
    const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('base64url')]));
    wrangler(['secret', 'bulk', `--env=${environment}`], { input: JSON.stringify(made) });
  }
  say(
    `secrets: ${requiredSecrets(block).join(', ') || 'none required'}${missing.length > 0 ? ', made' : ''}`,
  );
  await ensureOperator({ environment, wrangler, keyFile, now, say });
}

/** What `provision` would do, told without asking the account. */
export function planOf(environment, block) {
  return [
    `database ${block.d1_databases[0].database_name}: make it, unless the account has it`,
    `wrangler.toml: write its id into [env.${environment}]`,
    'migrations: apply those it lacks',
    ...queuesOf(block).map((queue) => `queue ${queue}: make it, unless the account has it`),
    ...requiredSecrets(block).map((name) => `secret ${name}: 32 random bytes, unless it is there`),
    `operator key "${FIRST_OPERATOR}": make it, unless an operator has one; only its digest goes into the database`,
  ];
}

function fileAt(path) {
  return {
    path,
    read: () => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined),
    write(text) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${text}\n`, { mode: 0o600 });
    },
  };
}

async function main() {
  const { values } = parseArgs({
    options: { env: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  if (values.env !== undefined && !ENVIRONMENTS.includes(values.env)) {
    throw new Obstacle('Usage: npm run provision [-- --env sandbox|production] [--dry-run]');
  }
  for (const environment of values.env === undefined ? ENVIRONMENTS : [values.env]) {
    console.log(`\n> ${environment}`);
    const { rawConfig } = experimental_readRawConfig({ config: CONFIG });
    const faults = findConfigurationFaults(rawConfig, environment);
    if (faults.length > 0) throw new Obstacle(faults.join('\n'));
    const block = blockOf(rawConfig, environment);
    if (values['dry-run']) {
      for (const line of planOf(environment, block)) console.log(`would: ${line}`);
      continue;
    }
    await provision({
      environment,
      block,
      wrangler: runWrangler,
      config: { read: () => readFileSync(CONFIG, 'utf8'), write: (text) => writeFileSync(CONFIG, text) },
      keyFile: fileAt(join(ROOT, '.sandbox', `operator-key-${environment}`)),
      now: Math.floor(Date.now() / 1000),
      say: (line) => console.log(line),
    });
  }
  if (values['dry-run']) console.log('\nDry run: the account was not asked, and nothing was made.');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
