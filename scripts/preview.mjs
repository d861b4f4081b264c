/**
 * `npm run preview -- --name pr-12 [--delete] [--dry-run]`: one branch's own bank, with a database and objects of its
 * own, migrated, seeded and walked by the smoke test; `--delete` removes all of it. Prints the URL, for a workflow into
 * GITHUB_OUTPUT too.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { experimental_readRawConfig } from 'wrangler';
import { findConfigurationFaults } from './check-configuration.mjs';
import { setInTable, tableOf } from './config-text.mjs';
import { lintMigrations } from './lint-migrations.mjs';
import { prepareFiles, ROOT } from './prepare.mjs';
import { newSmokeKey, smokeTest } from './smoke.mjs';
import { ensureDatabase, findDatabase, Obstacle, runWrangler, withSecretsFile } from './wrangler.mjs';

const CONFIG = join(ROOT, 'wrangler.toml');
/** wrangler.toml with the preview's own database; beside it, since paths in it are relative. */
const OWN_CONFIG = join(ROOT, 'wrangler.preview.toml');
/** Part of a host name and of a database's name. */
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

const databaseNameOf = (name) => `hamster-bank-preview-${name}`;

/**
 * The configuration of one preview: its database in the preview's block, and at the top for the migrations' command. It is made
 * of the modules that a deployment of the sandbox uploads, for which wrangler reads the top level alone.
 */
export function previewConfig(text, name, databaseId) {
  const { body: sandbox } = tableOf(text, '[env.sandbox]');
  const [, command] = /^build = \{ command = "([^"]*)" \}$/m.exec(sandbox);
  const made = sandbox.match(/^(?:main|no_bundle|minify|rules|compatibility_flags) = .*$/gm);
  let own = setInTable(text, '[build]', 'command', command)
    .replace(/^minify = true\n/m, '')
    .replace(/^main = .*$/m, () => made.join('\n'))
    .replace(/^preview_urls = false$/m, 'preview_urls = true');
  for (const heading of ['[[d1_databases]]', '[[previews.d1_databases]]']) {
    own = setInTable(own, heading, 'database_name', databaseNameOf(name));
    own = setInTable(own, heading, 'database_id', databaseId);
  }
  return own;
}

/** Makes or updates the preview and returns its URL. Its first deployment learns the URL, the second has it as issuer. */
export async function makePreview({ name, wrangler, text, writeConfig, say }) {
  const databaseId = ensureDatabase(wrangler, databaseNameOf(name), say);
  writeConfig(previewConfig(text, name, databaseId));
  const config = `--config=${OWN_CONFIG}`;
  wrangler(['d1', 'migrations', 'apply', 'DB', '--remote', config]);
  say('migrations: applied');
  const apiKey = newSmokeKey();
  const url = await withSecretsFile({ SMOKE_API_KEY: apiKey }, (file) => {
    const put = (...more) => {
      const { events } = wrangler(['preview', `--name=${name}`, config, `--secrets-file=${file}`, ...more]);
      return events.find(({ type }) => type === 'preview')?.preview_urls?.[0]?.replace(/\/$/, '');
    };
    const address = put();
    if (address === undefined) throw new Obstacle('wrangler did not say where the preview is');
    put(`--var=ISSUER:${address}`);
    return address;
  });
  say(`preview: ${url}`);
  return { url, apiKey };
}

/** Removes the preview and its database, whichever of them are there. */
export function deletePreview({ name, wrangler, say }) {
  try {
    wrangler(['preview', 'delete', `--name=${name}`, '--skip-confirmation']);
    say(`preview ${name}: removed`);
  } catch (error) {
    if (!/not found|does not exist/i.test(error.message)) throw error;
    say(`preview ${name}: was not there`);
  }
  if (findDatabase(wrangler, databaseNameOf(name)) === undefined) return say('database: was not there');
  wrangler(['d1', 'delete', databaseNameOf(name), '--skip-confirmation']);
  return say('database: removed');
}

async function main() {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      delete: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  if (values.name === undefined || !NAME.test(values.name)) {
    throw new Obstacle('Usage: npm run preview -- --name pr-12 [--delete] [--dry-run]');
  }
  const { name } = values;
  const say = (line) => console.log(line);
  if (values.delete) {
    if (values['dry-run']) return say(`would: remove the preview ${name} and ${databaseNameOf(name)}`);
    return deletePreview({ name, wrangler: runWrangler, say });
  }
  const { rawConfig } = experimental_readRawConfig({ config: CONFIG });
  const faults = [...findConfigurationFaults(rawConfig, 'previews'), ...lintMigrations()];
  if (faults.length > 0) throw new Obstacle(faults.join('\n'));
  const text = readFileSync(CONFIG, 'utf8');
  if (values['dry-run']) {
    previewConfig(text, name, '00000000-0000-4000-8000-000000000009');
    return say(`would: make ${databaseNameOf(name)}, migrate it, deploy the preview ${name}, walk the guide`);
  }
  await prepareFiles();
  try {
    const writeConfig = (own) => writeFileSync(OWN_CONFIG, own);
    const { url, apiKey } = await makePreview({ name, wrangler: runWrangler, text, writeConfig, say });
    // The walk seeds the tenant of the organisation "Smoke test".
    await smokeTest({ issuer: url, apiKey });
    const output = process.env['GITHUB_OUTPUT'];
    if (output !== undefined) appendFileSync(output, `url=${url}\n`);
    return undefined;
  } finally {
    rmSync(OWN_CONFIG, { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
