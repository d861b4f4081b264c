/**
 * `node scripts/build-worker.mjs sandbox|production`: the modules of a deployment, into dist/ (`[build]` in wrangler.toml).
 * wrangler would put them all into one file, which an isolate parses whole before its first answer. Here the rooms that
 * src/app.ts imports when they are asked for are modules of their own, and the runtime parses them then. Decision record 35.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { experimental_readRawConfig } from 'wrangler';
import { withoutTheUnused } from './without-the-unused.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ENTRY = 'src/worker.ts';
/** What every isolate needs. */
const EAGER = 'eager';

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

/** Parts that nobody waits for: what they share with one other stays with that, and they load all of it. */
const IN_PASSING = ['jobs', 'operator', 'take-messages'];

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
    // The schemas that only the OpenAPI document is made of go.
    treeshake: { propertyReadSideEffects: false, manualPureFunctions: ['v'] },
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
 * imports is needed by all of its parts, so that no two import each other.
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
    if ([...names].some((name) => !IN_PASSING.includes(name)))
      for (const name of IN_PASSING) names.delete(name);
    const key = [...names].join();
    if (names.size > 1 && !shared.has(key)) shared.set(key, `shared ${shared.size}`);
    // What one `import()` alone needs, the bundler puts together by itself.
    const isAlone = entries.filter(({ facadeModuleId }) => partOf(facadeModuleId) === key).length === 1;
    if (!isAlone) modules.set(path, shared.get(key) ?? key);
  }
  for (const path of eagerOf(chunks).flatMap(sourcesOf)) modules.set(path, EAGER);
  // The entry stays by itself: the platform takes each of its exports for a handler or a class.
  modules.delete(entryOf(chunks).facadeModuleId);
  return modules;
}

/** How far gzip looks back. */
const WINDOW_BYTES = 32_768;
/** How much of a module is looked at to see whether it goes well behind others. */
const HEAD_BYTES = 8_192;

/**
 * File names of `chunks`, numbers in an order where gzip finds most of what they share: behind each the one whose beginning,
 * after the last 32 kB, takes the fewest bytes less than alone, in proportion to the root of its length.
 */
function namesOf(chunks) {
  const texts = new Map(chunks.map((chunk) => [chunk.name, Buffer.from(chunk.code)]));
  const rest = new Map(
    [...texts].map(([name, text]) => {
      const head = text.subarray(0, HEAD_BYTES);
      return [name, { head, alone: deflateRawSync(head).length }];
    }),
  );
  const names = new Map();
  let window = Buffer.alloc(0);
  let next = EAGER;
  while (next !== undefined) {
    const number = String(names.size + 1).padStart(String(chunks.length).length, '0');
    names.set(next, `${number}.js`);
    rest.delete(next);
    window = Buffer.concat([window, texts.get(next)]).subarray(-WINDOW_BYTES);
    const gains = [...rest].map(([name, { head, alone }]) => ({
      name,
      gain: (alone - deflateRawSync(head, { dictionary: window }).length) / Math.sqrt(head.length),
    }));
    next = gains.toSorted((a, b) => b.gain - a.gain)[0]?.name;
  }
  return names;
}

/** Whether two directories hold the same files. */
function areSame(one, other) {
  if (!existsSync(other)) return false;
  const names = readdirSync(one);
  const same = (name) => readFileSync(join(one, name)).equals(readFileSync(join(other, name)));
  return names.join() === readdirSync(other).join() && names.every(same);
}

/**
 * Builds the deployment `environment`; resolves to the directory. Beside the modules stands `modules.json`: of each its
 * file, whether every isolate needs it, and its source files.
 * @param {string} environment
 */
export async function buildWorker(environment) {
  const directory = join(ROOT, 'dist', environment);
  const fresh = `${directory}-${process.pid}`;
  const bundler = await rolldown(optionsOf({ environment, entry: ENTRY }));
  // Left alone, the bundler makes a module of each set of files that the same rooms need, of what every isolate needs some
  // thirty, and each costs a third of a millisecond. So the first time only tells who needs what, the second how they go
  // together.
  const modules = modulesOf(chunksOf(await bundler.generate(OUTPUT)));
  const grouped = {
    ...OUTPUT,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'modules', name: (path) => modules.get(path) ?? null }],
    },
  };
  const names = namesOf(chunksOf(await bundler.generate(grouped)).filter(({ isEntry }) => !isEntry));
  const written = await bundler.write({
    ...grouped,
    dir: fresh,
    // It asks of those too that end within another.
    chunkFileNames: ({ name }) => names.get(name) ?? '[name].js',
    sourcemap: true,
  });
  await bundler.close();
  const chunks = chunksOf(written);
  const eager = eagerOf(chunks);
  const made = chunks.map((chunk) => ({
    file: chunk.fileName,
    eager: eager.includes(chunk),
    sources: sourcesOf(chunk).map((path) => relative(ROOT, path)),
  }));
  writeFileSync(join(fresh, 'modules.json'), JSON.stringify(made));
  // What is there already stays, for another that builds the same may be reading it.
  if (!areSame(fresh, directory)) {
    rmSync(directory, { recursive: true, force: true });
    renameSync(fresh, directory);
  }
  rmSync(fresh, { recursive: true, force: true });
  return directory;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWorker(process.argv[2]);
