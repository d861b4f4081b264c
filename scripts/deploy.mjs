/**
 * `npm run deploy -- --env sandbox|production [--dry-run] [--at-once]`: checks what can be checked here, then migrates the
 * database, then rolls the new version out, trying it at each step. Migrations only add, so that the running version
 * works with the new tables, and works again after a rollback.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { experimental_readRawConfig } from 'wrangler';
import { BUNDLE_LIMIT_BYTES, bundleDeployment, EAGER_LIMIT_BYTES } from './bundle.mjs';
import { blockOf, findConfigurationFaults, placeholdersIn, requiredSecrets } from './check-configuration.mjs';
import { lintMigrations } from './lint-migrations.mjs';
import { prepareFiles, ROOT } from './prepare.mjs';
import { rollOut, SHARES } from './rollout.mjs';
import { newSmokeKey, smokeTest, versionHeader } from './smoke.mjs';
import { Obstacle, runWrangler, withSecretsFile } from './wrangler.mjs';

const ENVIRONMENTS = new Set(['sandbox', 'production']);
function readOptions() {
  const { values } = parseArgs({
    options: {
      env: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'at-once': { type: 'boolean', default: false },
    },
  });
  if (!ENVIRONMENTS.has(values.env)) {
    throw new Obstacle('Usage: npm run deploy -- --env sandbox|production [--dry-run] [--at-once]');
  }
  return { environment: values.env, dryRun: values['dry-run'], atOnce: values['at-once'] };
}

function step(sentence) {
  console.log(`\n> ${sentence}`);
}

function checkConfiguration(environment) {
  step(`Configuration of ${environment}`);
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  const faults = findConfigurationFaults(rawConfig, environment);
  if (faults.length > 0) throw new Obstacle(faults.join('\n'));
  const block = blockOf(rawConfig, environment);
  console.log(`bindings complete, issuer ${block.vars.ISSUER}`);
  return {
    issuer: block.vars.ISSUER,
    workerName: block.name,
    placeholders: placeholdersIn(block),
    secrets: requiredSecrets(block),
  };
}

function checkBundle(environment) {
  step('Bundle');
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { bytes, gzipBytes, eager, strangers } = bundleDeployment({ directory, environment });
    const kilobytes = (count) => `${(count / 1000).toFixed(1)} kB`;
    console.log(`${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzip, ${kilobytes(eager.gzipBytes)} at once`);
    if (gzipBytes > BUNDLE_LIMIT_BYTES)
      throw new Obstacle(`The bundle is over ${kilobytes(BUNDLE_LIMIT_BYTES)}.`);
    if (eager.gzipBytes > EAGER_LIMIT_BYTES)
      throw new Obstacle(`More than ${kilobytes(EAGER_LIMIT_BYTES)} is parsed before the first answer.`);
    if (strangers.length > 0) throw new Obstacle(`Not for the Worker: ${strangers.join(', ')}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function checkSecrets(environment, required) {
  step('Secrets');
  const present = JSON.parse(runWrangler(['secret', 'list', `--env=${environment}`, '--format=json']).text);
  const missing = required.filter((name) => !present.some((each) => each.name === name));
  if (missing.length > 0) {
    throw new Obstacle(
      missing.map((name) => `npx wrangler secret put ${name} --env ${environment}`).join('\n'),
    );
  }
  console.log('all there');
}

/** Rows that only a sandbox's seed leaves, which a production database must not have. */
const SEEDED = `SELECT (SELECT count(*) FROM api_keys WHERE environment <> 'production')
  + (SELECT count(*) FROM organisations WHERE directory_issuer = 'sandbox-directory') AS seeded`;

function checkNoSeed(environment) {
  if (environment !== 'production') return;
  step('No sandbox seed in the database');
  const command = `--command=${SEEDED.replace(/\s+/g, ' ')}`;
  const parameters = ['d1', 'execute', 'DB', '--remote', `--env=${environment}`, '--json', '--yes', command];
  const [answer] = JSON.parse(runWrangler(parameters).text);
  const seeded = answer?.results?.[0]?.seeded;
  if (seeded !== 0) throw new Obstacle(`The production database holds ${seeded} rows of a sandbox's seed.`);
  console.log('none');
}

function commitOf() {
  return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
}

/** A sandbox gets a new key for its smoke test with each version; production has none. */
async function rollOutVersion({ environment, atOnce, issuer, workerName }) {
  step('Rollout');
  const commit = commitOf();
  const apiKey = environment === 'sandbox' ? newSmokeKey() : undefined;
  await withSecretsFile(apiKey === undefined ? {} : { SMOKE_API_KEY: apiKey }, (file) =>
    rollOut({
      environment,
      atOnce,
      wrangler: runWrangler,
      upload: [
        `--tag=${commit}`,
        `--message=commit ${commit}`,
        ...(apiKey === undefined ? [] : [`--secrets-file=${file}`]),
      ],
      smoke: (version) => smokeTest({ issuer, headers: versionHeader(workerName, version), apiKey }),
      pause: wait,
      say: (line) => console.log(line),
    }),
  );
}

async function deploy() {
  const { environment, dryRun, atOnce } = readOptions();
  const { issuer, workerName, placeholders, secrets } = checkConfiguration(environment);
  if (placeholders.length > 0 && !dryRun) {
    throw new Obstacle(
      `[env.${environment}] database_id is a placeholder: npm run provision -- --env ${environment}`,
    );
  }
  step('Migrations only add');
  const additions = lintMigrations();
  if (additions.length > 0) throw new Obstacle(additions.join('\n'));
  console.log('they do');
  step('Static files');
  await prepareFiles();
  console.log('public/generated is up to date');
  step('Types, format, lint, unused code');
  execFileSync('npm', ['run', '--silent', 'check'], { cwd: ROOT, stdio: 'inherit' });
  checkBundle(environment);
  if (dryRun) {
    console.log(`\nDry run: nothing was deployed. Not checked, because only the account knows it: secrets
(${secrets.join(', ') || 'none required'}), the database and its migrations, the domain.`);
    console.log(
      `Would then: migrate the database, upload the version, give it ${SHARES.join(', ')} % of the requests.`,
    );
    if (placeholders.length > 0) console.log('The database id in wrangler.toml is still a placeholder.');
    return;
  }
  checkSecrets(environment, secrets);
  step('Migrations');
  runWrangler(['d1', 'migrations', 'apply', 'DB', '--remote', `--env=${environment}`]);
  console.log('applied');
  checkNoSeed(environment);
  await rollOutVersion({ environment, atOnce, issuer, workerName });
}

try {
  await deploy();
} catch (error) {
  // What a tool had to say is on the screen, or in its output where that was kept quiet.
  console.error(error instanceof Obstacle ? error.message : (error.stderr ?? error.message));
  process.exitCode = 1;
}
