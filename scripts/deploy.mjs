/**
 * `npm run deploy -- --env sandbox|production [--dry-run]`: checks what can be checked here, then migrates the database,
 * then deploys. Migrations only add, so the running version works with the new tables until the new one is there.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { experimental_readRawConfig } from 'wrangler';
import { BUNDLE_LIMIT_BYTES, bundleWorker, wrangler } from './bundle.mjs';
import { blockOf, findConfigurationFaults, placeholdersIn, requiredSecrets } from './check-configuration.mjs';
import { lintMigrations } from './lint-migrations.mjs';
import { prepareFiles, ROOT } from './prepare.mjs';

const ENVIRONMENTS = new Set(['sandbox', 'production']);
/** A reason not to deploy that the deployer can mend. */
class Obstacle extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: { env: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  if (!ENVIRONMENTS.has(values.env)) {
    throw new Obstacle('Usage: npm run deploy -- --env sandbox|production [--dry-run]');
  }
  return { environment: values.env, dryRun: values['dry-run'] };
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
    placeholders: placeholdersIn(block),
    secrets: requiredSecrets(block),
  };
}

function checkBundle(environment) {
  step('Bundle');
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { bytes, gzipBytes, strangers } = bundleWorker({ directory, environment });
    const kilobytes = (count) => `${(count / 1000).toFixed(1)} kB`;
    console.log(`${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzip`);
    if (gzipBytes > BUNDLE_LIMIT_BYTES)
      throw new Obstacle(`The bundle is over ${kilobytes(BUNDLE_LIMIT_BYTES)}.`);
    if (strangers.length > 0) throw new Obstacle(`Not for the Worker: ${strangers.join(', ')}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function checkSecrets(environment, required) {
  step('Secrets');
  const present = JSON.parse(
    wrangler(['secret', 'list', `--env=${environment}`, '--format=json'], { quiet: true }),
  );
  const missing = required.filter((name) => !present.some((each) => each.name === name));
  if (missing.length > 0) {
    throw new Obstacle(
      missing.map((name) => `npx wrangler secret put ${name} --env ${environment}`).join('\n'),
    );
  }
  console.log('all there');
}

async function checkDeployed(issuer) {
  step(`${issuer}/status`);
  const answer = await fetch(`${issuer}/status`, { headers: { accept: 'application/json' } });
  console.log(answer.status, await answer.text());
  if (!answer.ok) throw new Obstacle('Deployed, but not usable.');
}

async function deploy() {
  const { environment, dryRun } = readOptions();
  const { issuer, placeholders, secrets } = checkConfiguration(environment);
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
    if (placeholders.length > 0) console.log('The database id in wrangler.toml is still a placeholder.');
    return;
  }
  checkSecrets(environment, secrets);
  step('Migrations');
  wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', `--env=${environment}`]);
  step('Deploy');
  wrangler(['deploy', `--env=${environment}`]);
  await checkDeployed(issuer);
}

try {
  await deploy();
} catch (error) {
  // What a tool had to say is on the screen, or in its output where that was kept quiet.
  console.error(error instanceof Obstacle ? error.message : (error.stderr ?? error.message));
  process.exitCode = 1;
}
