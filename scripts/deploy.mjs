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
import { prepareFiles, ROOT } from './prepare.mjs';

const ENVIRONMENTS = new Set(['sandbox', 'production']);
/** Secrets a deployment needs beside what wrangler.toml holds: `npx wrangler secret put NAME --env ...`. */
const REQUIRED_SECRETS = { sandbox: [], production: ['KEY_WRAPPING_SECRET'] };
/** The ids wrangler.toml has before a deployer puts in real ones. */
const PLACEHOLDER_ID = /^0{8}-0{4}-4000-8000-0{11}\d$/;

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

const namesOf = (entries, key) => (entries ?? []).map((entry) => entry[key]).toSorted();

/** What a block of wrangler.toml binds, by name: nothing is inherited, so each block must repeat all of it. */
function bindingsOf(block) {
  return {
    vars: Object.keys(block.vars ?? {}).toSorted(),
    d1_databases: namesOf(block.d1_databases, 'binding'),
    durable_objects: namesOf(block.durable_objects?.bindings, 'name'),
    ratelimits: namesOf(block.ratelimits, 'name'),
  };
}

/** What is wrong with the configuration of an environment, as far as it can be seen from here. */
function configurationFaults(environment) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  const block = rawConfig.env?.[environment] ?? {};
  const faults = [];
  const wanted = bindingsOf(rawConfig);
  const present = bindingsOf(block);
  for (const kind of Object.keys(wanted)) {
    const missing = wanted[kind].filter((name) => !present[kind].includes(name));
    if (missing.length > 0) faults.push(`[env.${environment}] lacks ${kind}: ${missing.join(', ')}`);
  }
  const { ENVIRONMENT, ISSUER } = block.vars ?? {};
  if (ENVIRONMENT !== environment) faults.push(`ENVIRONMENT is ${ENVIRONMENT}, not ${environment}`);
  const issuer = URL.canParse(ISSUER) ? new URL(ISSUER) : undefined;
  if (issuer?.protocol !== 'https:') faults.push(`ISSUER is no https URL: ${ISSUER}`);
  const hosts = (block.routes ?? []).map((route) => (route.pattern ?? route).split('/')[0]);
  if (!hosts.includes(issuer?.host)) faults.push(`no route has the issuer's host ${issuer?.host}`);
  return { faults, databaseIds: namesOf(block.d1_databases, 'database_id'), issuer: issuer?.origin };
}

function step(sentence) {
  console.log(`\n> ${sentence}`);
}

function checkConfiguration(environment) {
  step(`Configuration of ${environment}`);
  const { faults, databaseIds, issuer } = configurationFaults(environment);
  if (faults.length > 0) throw new Obstacle(faults.join('\n'));
  const placeholders = databaseIds.filter((id) => PLACEHOLDER_ID.test(id));
  console.log(`bindings complete, issuer ${issuer}`);
  return { issuer, placeholders };
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

function checkSecrets(environment) {
  step('Secrets');
  const present = JSON.parse(
    wrangler(['secret', 'list', `--env=${environment}`, '--format=json'], { quiet: true }),
  );
  const missing = REQUIRED_SECRETS[environment].filter((name) => !present.some((each) => each.name === name));
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
  const { issuer, placeholders } = checkConfiguration(environment);
  if (placeholders.length > 0 && !dryRun) {
    throw new Obstacle(
      `Put the id that \`npx wrangler d1 create\` prints into [[env.${environment}.d1_databases]].`,
    );
  }
  step('Static files');
  await prepareFiles();
  console.log('public/generated is up to date');
  step('Types, format, lint, unused code');
  execFileSync('npm', ['run', '--silent', 'check'], { cwd: ROOT, stdio: 'inherit' });
  checkBundle(environment);
  if (dryRun) {
    console.log(`\nDry run: nothing was deployed. Not checked, because only the account knows it: secrets
(${REQUIRED_SECRETS[environment].join(', ') || 'none required'}), the database and its migrations, the domain.`);
    if (placeholders.length > 0) console.log('The database id in wrangler.toml is still a placeholder.');
    return;
  }
  checkSecrets(environment);
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
