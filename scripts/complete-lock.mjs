/** Adds to package-lock.json the optional builds for other platforms that npm left out, so that `npm ci` takes the lock anywhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The platform a package is built for, read from its name; undefined when the name does not say. */
function platformOf(name) {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = words.includes('windows') ? 'win32' : SYSTEMS.find((system) => words.includes(system));
  const cpu = words.at(-1) === '64' ? 'x64' : PROCESSORS.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => word.startsWith('gnu'));
  return {
    os: [os],
    cpu: [cpu],
    ...(isMusl ? { libc: ['musl'] } : {}),
    ...(isGlibc ? { libc: ['glibc'] } : {}),
  };
}

/** Whether `name`, required by the package at `path`, has an entry in the lock (looked for as Node does, outwards). */
function isLocked(packages, path, name) {
  const folders = path
    .split('/node_modules/')
    .map((_, depth, parts) => parts.slice(0, depth + 1).join('/node_modules/'));
  return ['', ...folders].some(
    (folder) => packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined,
  );
}

/** Every optional dependency of the lock that names a platform and has no entry: `{ name, version, dev }`. */
export function missingEntries(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => platformOf(name) !== undefined && !isLocked(lock.packages, path, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev === true || entry.devOptional === true })),
  );
}

function completeLock(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lock);
  for (const { name, version, dev } of missing) {
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev ? { dev: true } : {}),
      optional: true,
    };
  }
  const paths = Object.keys(lock.packages).toSorted((a, b) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(paths.map((path) => [path, lock.packages[path]]));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  return missing.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(`package-lock.json: ${completeLock('package-lock.json')} entries added`);
}
