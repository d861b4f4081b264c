/** Bundles the Worker exactly as a deployment would, and weighs it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './prepare.mjs';

/** Largest bundle of a deployment, bytes after gzip: all modules. Decision record 36. */
export const BUNDLE_LIMIT_BYTES = 200_000;
/** Most of it that an isolate parses before its first answer. Decision record 35. */
export const EAGER_LIMIT_BYTES = 37_000;

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

const readPackage = (directory) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

/** Packages in a bundle that are none of the Worker's own dependencies, nor of theirs. Many others stand in node_modules, for tools. */
function strangersIn(modules) {
  const sources = modules.flatMap((module) => module.sources);
  const found = sources.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const needed = (directory) => Object.keys(readPackage(directory).dependencies ?? {});
  const own = needed(ROOT);
  const allowed = new Set([...own, ...own.flatMap((name) => needed(join(ROOT, 'node_modules', name)))]);
  return [...new Set(found)].filter((name) => !allowed.has(name));
}

/**
 * Bundles `entry` (the Worker's own unless given) with the local sandbox's configuration into one file in `directory`.
 * Throws what wrangler printed when it cannot.
 * @param {{ directory: string, entry?: string }} what
 */
export function bundleWorker({ directory, entry }) {
  const named = entry === undefined ? [] : [entry];
  wrangler(['deploy', ...named, '--dry-run', `--outdir=${directory}`, '--env='], { quiet: true });
  const scripts = readdirSync(directory).filter((name) => name.endsWith('.js'));
  if (scripts.length !== 1) throw new Error(`expected one script in ${directory}, found ${scripts.length}`);
  return { file: join(directory, scripts[0]) };
}

/**
 * What a deployment of `environment` uploads, put into `directory`: the names of its modules, `worker.js` among them,
 * and their weight, as the platform counts it. Throws what wrangler printed when it cannot.
 * @param {{ directory: string, environment: string }} what
 */
export function bundleDeployment({ directory, environment }) {
  wrangler(['deploy', '--dry-run', `--outdir=${directory}`, `--env=${environment}`], { quiet: true });
  const modules = readdirSync(directory).filter((name) => name.endsWith('.js'));
  const weigh = (names) => {
    const content = Buffer.concat(names.map((name) => readFileSync(join(directory, name))));
    return { bytes: content.length, gzipBytes: gzipSync(content).length };
  };
  const made = JSON.parse(readFileSync(join(ROOT, 'dist', environment, 'modules.json'), 'utf8'));
  const eager = made.filter((module) => module.eager).map(({ file }) => file);
  return {
    modules,
    ...weigh(modules),
    eager: { modules: eager, ...weigh(eager) },
    strangers: strangersIn(made),
  };
}
