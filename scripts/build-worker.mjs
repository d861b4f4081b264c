/**
 * `node scripts/build-worker.mjs sandbox|production`: the modules of a deployment, into dist/ (`[build]` in wrangler.toml).
 * wrangler would put them all into one file, which an isolate parses whole before its first answer. Here each room that
 * src/app.ts imports when it is asked for is a module of its own, and the runtime parses it then. Decision record 35.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { experimental_readRawConfig } from 'wrangler';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * esbuild makes a module of each set of source files that the same entries reach. Left alone, what every isolate needs
 * would be some thirty modules, one for each set of rooms that share a part of it, and each costs a third of a
 * millisecond. Where every lazy module reaches the Worker's entry too, all of that is one module.
 */
const oneEagerModule = {
  name: 'one-eager-module',
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const found = await bundler.resolve(path, { kind: 'import-statement', resolveDir });
      return found.external ? found : { ...found, namespace: 'lazy' };
    });
    bundler.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)}; export * as eager from '#worker.ts';`,
      resolveDir: ROOT,
    }));
  },
};

/**
 * Builds the deployment `environment`; resolves to the directory. Beside the modules stands esbuild's `meta.json`.
 * @param {string} environment
 */
export async function buildWorker(environment) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  const directory = join(ROOT, 'dist', environment);
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/worker.ts'],
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    sourcemap: true,
    // One character of a comment beyond Latin-1 would double what the runtime holds of its module.
    legalComments: 'external',
    metafile: true,
    // As wrangler's own bundler has them.
    platform: 'browser',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    alias: Object.fromEntries(
      Object.entries(rawConfig.alias ?? {}).map(([name, path]) => [name, join(ROOT, path)]),
    ),
    define: {
      'navigator.userAgent': '"Cloudflare-Workers"',
      'process.env.NODE_ENV': '"production"',
      ...rawConfig.env[environment].define,
    },
    plugins: [oneEagerModule],
  });
  writeFileSync(join(directory, 'meta.json'), JSON.stringify(metafile));
  return directory;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWorker(process.argv[2]);
