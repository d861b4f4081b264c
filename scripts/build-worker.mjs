/**
 * `node scripts/build-worker.mjs sandbox|production`: the modules of a deployment, into dist/ (`[build]` in wrangler.toml).
 * wrangler would put them all into one file, which an isolate parses whole before its first answer. Here the rooms that
 * src/app.ts imports when they are asked for are modules of their own, and the runtime parses them then. Decision record 35.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { experimental_readRawConfig } from 'wrangler';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ENTRY = 'src/worker.ts';
/** What every isolate needs. */
const EAGER = 'every-isolate';

/**
 * Rooms whose pages one person goes through one after the other: they are loaded together. Elsewhere each `import()` loads
 * what it needs.
 */
const PAGES = {
  authorization: 'customer',
  access: 'customer',
  developers: 'dashboard',
  portal: 'dashboard',
};

/**
 * What deployments never come to of libraries that a bundler takes whole, by the modules' paths. Each value that such a
 * module exports is undefined instead, so a use of it at a module's start fails the test of the bundle.
 */
const LEFT_OUT = [
  // Attestations of passkeys other than `none`, which are refused before, and their certificates. Decision record 33.
  /@simplewebauthn\/server\/esm\/(registration\/verifications|services\/(defaultRootCerts|metadataService)|helpers\/(convertX509PublicKeyToCOSE|convertCertBufferToPEM))\b/,
  // Drizzle's relational queries and counts, and kinds of column that no table has. Decision record 36.
  /drizzle-orm\/(relations|sqlite-core\/(query-builders\/(query|count)|columns\/(blob|custom|numeric|real)))\.js$/,
];

/** Drizzle asks of each part of a statement whether it is an enumeration of PostgreSQL, and brings that database's columns for it. */
const POSTGRES_ENUM = /drizzle-orm\/pg-core\/columns\/enum\.js$/;

/** The name of each value that a module exports, declared there or listed at its end. */
const exportsOf = (source) => [
  ...[...source.matchAll(/^export (?:(?:async )?function|class|const) (\w+)/gm)].map(([, name]) => name),
  ...[...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\w+/g) ?? []),
];

/** Methods of libraries that nothing here calls, by the modules' paths. The test of the bundle looks for calls of them. */
export const UNUSED_METHODS = [
  {
    // wrangler migrates. Relational queries, unions and tables made by a query are not asked for.
    module: /drizzle-orm\/(sqlite-core|d1)\/(db|dialect|session)\.js$/,
    names:
      '$count $with buildRelationalQuery buildSetOperationQuery buildSetOperations migrate rollback selectDistinct sync transaction with',
  },
  {
    module: /drizzle-orm\/sqlite-core\/query-builders\/select\.js$/,
    names:
      '$dynamic $withCache addSetOperators createSetOperator crossJoin except fullJoin having intersect rightJoin toSQL union unionAll',
  },
  // Apps of other frameworks, forms (src/edge/body.ts reads them within bounds), and layouts.
  { module: /hono\/dist\/hono-base\.js$/, names: 'fire mount' },
  { module: /hono\/dist\/request\.js$/, names: 'addValidatedData parseBody valid' },
  { module: /hono\/dist\/context\.js$/, names: 'getLayout setLayout setRenderer' },
].map(({ module, names }) => ({ module, names: names.split(' ') }));

/** Which digits of an IBAN name the bank, its branch and the account, as ibantools has them for each country: not asked for. */
const IBAN_TABLE = /ibantools\/jsnext\/ibantools\.js$/;
const IBAN_PARTS = /^ +(?:bank_identifier|branch_indentifier|account_indentifier): '.*',?$/gm;

/** The members of the classes that stand at the top of a module, declared there or as a value. */
const membersOf = ({ body }) =>
  body
    .flatMap((statement) => [statement, ...(statement.declarations ?? []).map(({ init }) => init)])
    .flatMap((node) => node?.body?.body ?? []);

/** `code` with blanks in the place of methods named `names`, so that its lines and columns stay. */
function withoutMethods(program, code, names) {
  return membersOf(program)
    .filter(({ key }) => names.includes(key?.name))
    .reduce(
      (text, { start, end }) =>
        text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end),
      code,
    );
}

const withoutTheUnused = {
  name: 'without-the-unused',
  load: {
    filter: { id: [...LEFT_OUT, POSTGRES_ENUM, IBAN_TABLE, ...UNUSED_METHODS.map(({ module }) => module)] },
    handler(path) {
      if (POSTGRES_ENUM.test(path)) return 'export const isPgEnum = () => false;';
      const code = readFileSync(path, 'utf8');
      if (IBAN_TABLE.test(path)) return code.replace(IBAN_PARTS, '');
      const unused = UNUSED_METHODS.find(({ module }) => module.test(path));
      if (unused !== undefined) return withoutMethods(this.parse(code), code, unused.names);
      return exportsOf(code)
        .map((name) => `export const ${name} = undefined;`)
        .join('\n');
    },
  },
};

/**
 * How `entry` is bundled for the deployment `environment`, but for what is written.
 * @param {{ environment: string, entry: string }} what
 * @returns {import('rolldown').InputOptions}
 */
export function optionsOf({ environment, entry }) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  return {
    cwd: ROOT,
    input: entry,
    // Without it modules that are named below would take in all they import.
    preserveEntrySignatures: 'allow-extension',
    // As wrangler's own bundler has them.
    platform: 'browser',
    resolve: {
      conditionNames: ['workerd', 'worker', 'browser'],
      alias: Object.fromEntries(
        Object.entries(rawConfig.alias ?? {}).map(([name, path]) => [name, join(ROOT, path)]),
      ),
    },
    external: [/^cloudflare:/, /^node:/],
    transform: {
      target: 'es2024',
      define: {
        'navigator.userAgent': '"Cloudflare-Workers"',
        'process.env.NODE_ENV': '"production"',
        ...rawConfig.env[environment].define,
      },
    },
    treeshake: { propertyReadSideEffects: false },
    optimization: { inlineConst: { mode: 'all', pass: 3 } },
    plugins: [withoutTheUnused],
  };
}

/** @type {import('rolldown').OutputOptions} */
export const OUTPUT = {
  format: 'esm',
  minify: true,
  // One character beyond Latin-1 would double what the runtime holds of its module.
  charset: 'ascii',
  comments: false,
  chunkFileNames: '[name].js',
};

const chunksOf = ({ output }) => output.filter(({ type }) => type === 'chunk');

/** What an isolate parses for `chunk`: itself, and all that it imports, at once or through others. */
function reachedFrom(chunk, chunks) {
  const found = new Set([chunk]);
  for (const { imports } of found) {
    for (const other of chunks) if (imports.includes(other.fileName)) found.add(other);
  }
  return [...found];
}

const entryOf = (chunks) => chunks.find(({ isEntry }) => isEntry);

const eagerOf = (chunks) => reachedFrom(entryOf(chunks), chunks);

/** The source files of which something is left in a chunk. */
const sourcesOf = ({ modules }) =>
  Object.entries(modules).flatMap(([path, { renderedLength }]) => (renderedLength > 0 ? [path] : []));

/** What is loaded with the file at `path`, which some other imports when it is asked for. */
function partOf(path) {
  const [, room] = /(\w+)[\\/][\w-]+\.pages\.tsx$/.exec(path) ?? [];
  return PAGES[room] ?? room ?? basename(path).replace(/\..*/, '');
}

/**
 * The module of each source file: that of the part which alone needs it, or one for the parts that share it. What a module
 * imports is needed by all of its parts, so that no two import each other. Shared modules are numbered in the order of
 * their sources: those of a room stand together, where gzip, which looks back 32 kB, finds what they share.
 */
function modulesOf(chunks) {
  const entries = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  const parts = new Map();
  for (const chunk of entries) {
    for (const path of reachedFrom(chunk, chunks).flatMap(sourcesOf)) {
      parts.set(path, (parts.get(path) ?? new Set()).add(partOf(chunk.facadeModuleId)));
    }
  }
  const modules = new Map();
  const shared = new Map();
  for (const [path, names] of [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const key = [...names].join();
    if (names.size > 1 && !shared.has(key))
      shared.set(key, `shared-${String(shared.size + 1).padStart(2, '0')}`);
    // What one `import()` alone needs, the bundler puts together by itself.
    const isAlone = entries.filter(({ facadeModuleId }) => partOf(facadeModuleId) === key).length === 1;
    if (!isAlone) modules.set(path, shared.get(key) ?? key);
  }
  for (const path of eagerOf(chunks).flatMap(sourcesOf)) modules.set(path, EAGER);
  // The entry stays by itself: the platform takes each of its exports for a handler or a class.
  modules.delete(entryOf(chunks).facadeModuleId);
  return modules;
}

/**
 * Builds the deployment `environment`; resolves to the directory. Beside the modules stands `modules.json`: of each its
 * file, whether every isolate needs it, and its source files.
 * @param {string} environment
 */
export async function buildWorker(environment) {
  const directory = join(ROOT, 'dist', environment);
  rmSync(directory, { recursive: true, force: true });
  const bundler = await rolldown(optionsOf({ environment, entry: ENTRY }));
  // Left alone, the bundler makes a module of each set of files that the same rooms need, of what every isolate needs some
  // thirty, and each costs a third of a millisecond. So the first time only tells who needs what.
  const modules = modulesOf(chunksOf(await bundler.generate(OUTPUT)));
  const written = await bundler.write({
    ...OUTPUT,
    dir: directory,
    sourcemap: true,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'modules', name: (path) => modules.get(path) ?? null }],
    },
  });
  await bundler.close();
  const chunks = chunksOf(written);
  const eager = eagerOf(chunks);
  const made = chunks.map((chunk) => ({
    file: chunk.fileName,
    eager: eager.includes(chunk),
    sources: sourcesOf(chunk).map((path) => relative(ROOT, path)),
  }));
  writeFileSync(join(directory, 'modules.json'), JSON.stringify(made));
  return directory;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWorker(process.argv[2]);
