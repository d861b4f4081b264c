/**
 * `node scripts/build-worker.mjs sandbox|production`: the modules of a deployment, into dist/ (`[build]` in wrangler.toml).
 * wrangler would put them all into one file, which an isolate parses whole before its first answer. Here each room that
 * src/app.ts imports when it is asked for is a module of its own, and the runtime parses it then. Decision record 35.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
 * What deployments never come to of libraries that a bundler takes whole, by the modules' paths. Each value that such a
 * module exports is undefined instead, so a use of it at a module's start fails the test of the bundle.
 */
const LEFT_OUT = [
  // Attestations of passkeys other than `none`, which are refused before. Decision record 33.
  /@simplewebauthn\/server\/esm\/(registration\/verifications|services\/(defaultRootCerts|metadataService))\b/,
  // Drizzle's relational queries, and kinds of column that no table has. Decision record 36.
  /drizzle-orm\/(relations|sqlite-core\/(query-builders\/query|columns\/(blob|custom|numeric|real)))\.js$/,
];

/** Drizzle asks of each part of a statement whether it is an enumeration of PostgreSQL, and brings that database's columns for it. */
const POSTGRES_ENUM = /drizzle-orm\/pg-core\/columns\/enum\.js$/;

/** The name of each value that a module exports, declared there or listed at its end. */
const exportsOf = (source) => [
  ...[...source.matchAll(/^export (?:async function|class|const) (\w+)/gm)].map(([, name]) => name),
  ...[...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\w+/g) ?? []),
];

const withoutTheUnused = {
  name: 'without-the-unused',
  setup(bundler) {
    for (const filter of LEFT_OUT) {
      bundler.onLoad({ filter }, async ({ path }) => {
        const names = exportsOf(await readFile(path, 'utf8'));
        return { contents: names.map((name) => `export const ${name} = undefined;`).join('\n') };
      });
    }
    bundler.onLoad({ filter: POSTGRES_ENUM }, () => ({ contents: 'export const isPgEnum = () => false;' }));
  },
};

/**
 * How modules of the deployment `environment` are bundled: what goes to esbuild, but for entries and outputs.
 * @param {string} environment
 * @returns {import('esbuild').BuildOptions}
 */
export function optionsOf(environment) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  return {
    absWorkingDir: ROOT,
    bundle: true,
    format: 'esm',
    minify: true,
    // One character of a comment beyond Latin-1 would double what the runtime holds of its module.
    legalComments: 'external',
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
    plugins: [oneEagerModule, withoutTheUnused],
  };
}

/** The name that esbuild gives a module: what it is, and a digest. */
const NAME = /^(?<name>.+)-(?<digest>[A-Z0-9]{8})\.js$/;

/** Where most of a module comes from. */
const sourceOf = ({ inputs }) =>
  Object.entries(inputs).toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0]?.[0] ?? '';

/**
 * Another name for each module that esbuild named by a digest: a number of as many characters, in the order of their
 * sources, before what it is. So those of one room stand together, where gzip, which looks back 32 kB, finds what they
 * share; and a source map, which counts characters, stays right.
 */
function numbered(outputs) {
  const named = Object.entries(outputs)
    .map(([path, output]) => ({ file: basename(path), source: sourceOf(output) }))
    .filter(({ file }) => NAME.test(file))
    .toSorted((a, b) => (a.source < b.source ? -1 : 1));
  return new Map(
    named.map(({ file }, index) => {
      const { name, digest } = NAME.exec(file).groups;
      return [file, `${String(index).padStart(digest.length, '0')}-${name}.js`];
    }),
  );
}

/** Gives the modules in `directory` their numbers, there and wherever they are named. */
function renameModules(directory, { outputs }) {
  const names = numbered(outputs);
  const renamed = (text) => text.replace(/[\w.-]+\.js/g, (name) => names.get(name) ?? name);
  for (const file of readdirSync(directory)) {
    const text = readFileSync(join(directory, file), 'utf8');
    rmSync(join(directory, file));
    writeFileSync(join(directory, renamed(file)), file.endsWith('.map') ? text : renamed(text));
  }
}

/**
 * Builds the deployment `environment`; resolves to the directory. Beside the modules stands esbuild's `meta.json`.
 * @param {string} environment
 */
export async function buildWorker(environment) {
  const directory = join(ROOT, 'dist', environment);
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = await build({
    ...optionsOf(environment),
    entryPoints: ['src/worker.ts'],
    outdir: directory,
    splitting: true,
    sourcemap: true,
    metafile: true,
  });
  writeFileSync(join(directory, 'meta.json'), JSON.stringify(metafile));
  renameModules(directory, metafile);
  return directory;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWorker(process.argv[2]);
