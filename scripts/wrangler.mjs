/** The project's wrangler as scripts call it, and what an account may already have. A test puts another in its place. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

/**
 * @typedef {(parameters: string[], more?: { input?: string }) => { text: string, events: object[] }} Wrangler
 * Runs one command and returns what it printed, and the events it left for scripts (`version-upload`, `preview`).
 * Throws what it printed when it fails.
 */

/** A reason to stop that the person at the keyboard can mend. */
export class Obstacle extends Error {}

/** @type {Wrangler} */
export function runWrangler(parameters, { input } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'wrangler-'));
  const eventsFile = join(folder, 'events');
  writeFileSync(eventsFile, '');
  try {
    const text = execFileSync(
      process.execPath,
      [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), ...parameters],
      {
        cwd: ROOT,
        encoding: 'utf8',
        input: input ?? '',
        stdio: 'pipe',
        env: {
          ...process.env,
          WRANGLER_HIDE_BANNER: 'true',
          WRANGLER_OUTPUT_FILE_PATH: eventsFile,
          // No question is asked: each command is told all it needs.
          CI: 'true',
        },
      },
    );
    const events = readFileSync(eventsFile, 'utf8').split('\n').filter(Boolean);
    return { text, events: events.map((line) => JSON.parse(line)) };
  } catch (error) {
    const said = error.stderr || error.stdout || error.message;
    throw new Error(`wrangler ${parameters.slice(0, 3).join(' ')}: ${said}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a command failed because the account has no such Worker yet, and for no other reason. */
export function isNoWorker(error) {
  return /\[code: 10007\]|Worker "[^"]*"(?: \(env: \w+\))? not found\./.test(error.message);
}

/** The id of the account's database of that name. */
export function findDatabase(wrangler, name) {
  const databases = JSON.parse(wrangler(['d1', 'list', '--json']).text);
  return databases.find((database) => database.name === name)?.uuid;
}

/** The id of the database of that name, made where the account has none. */
export function ensureDatabase(wrangler, name, say) {
  const found = findDatabase(wrangler, name);
  if (found !== undefined) {
    say(`database ${name}: there already`);
    return found;
  }
  wrangler(['d1', 'create', name, '--location', 'weur']);
  const made = findDatabase(wrangler, name);
  if (made === undefined) throw new Obstacle(`database ${name} was made but is not listed: try again`);
  say(`database ${name}: made`);
  return made;
}

/** Makes the queue of that name, unless the account has it. */
export function ensureQueue(wrangler, name, say) {
  try {
    wrangler(['queues', 'create', name]);
    say(`queue ${name}: made`);
  } catch (error) {
    // There is no list for scripts; a name that is taken is one of this account's.
    if (!/\[code: 11009\]|already (?:taken|exists)/i.test(error.message)) throw error;
    say(`queue ${name}: there already`);
  }
}

/** Puts secrets into a file that only we can read for as long as `work` takes. */
export async function withSecretsFile(secrets, work) {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const file = join(folder, 'secrets.json');
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  try {
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
