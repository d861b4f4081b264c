/** Bundles the Worker exactly as a deployment would, and weighs it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './prepare.mjs';

/** Largest bundle, bytes after gzip: what an isolate has to load before its first answer. Decision records 22 and 24. */
export const BUNDLE_LIMIT_BYTES = 160_000;

/** Runs wrangler of this project; its output goes to the caller's screen, or comes back as text when `quiet`. */
export function wrangler(parameters, { quiet = false } = {}) {
  const output = execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), ...parameters],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, WRANGLER_HIDE_BANNER: 'true' },
      stdio: ['inherit', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    },
  );
  return output ?? '';
}

/** Packages in a bundle that are none of the Worker's own dependencies. Many others stand in node_modules, for tools. */
function strangersIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const found = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return [...new Set(found)].filter((name) => !Object.hasOwn(dependencies, name));
}

/**
 * Bundles `entry` (the Worker's own unless given) into `directory` with the configuration of `environment` (the local
 * sandbox unless given). Throws what wrangler printed when it cannot.
 * @param {{ directory: string, environment?: string, entry?: string }} what
 */
export function bundleWorker({ directory, environment, entry }) {
  wrangler(
    [
      'deploy',
      ...(entry === undefined ? [] : [entry]),
      '--dry-run',
      `--outdir=${directory}`,
      `--metafile=${join(directory, 'meta.json')}`,
      `--env=${environment ?? ''}`,
    ],
    { quiet: true },
  );
  const scripts = readdirSync(directory).filter((name) => name.endsWith('.js'));
  if (scripts.length !== 1) throw new Error(`expected one script in ${directory}, found ${scripts.length}`);
  const file = join(directory, scripts[0]);
  const bytes = readFileSync(file);
  const meta = JSON.parse(readFileSync(join(directory, 'meta.json'), 'utf8'));
  return { file, bytes: bytes.length, gzipBytes: gzipSync(bytes).length, strangers: strangersIn(meta) };
}
