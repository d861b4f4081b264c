/**
 * What an isolate of the bundle costs until its first answer, beside a one-line Worker with the same bindings. Each run
 * is a workerd process of its own, without the simulators of other services, whose start would drown the difference.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experimental_readRawConfig } from 'wrangler';
import { ROOT } from '../prepare.mjs';
import { spreadOf } from './measure.mjs';
import { cpuMs } from './runtime.mjs';

const WORKERD = createRequire(createRequire(import.meta.url).resolve('miniflare'))('workerd').default;
/** A path that no route takes: the answer needs the whole application and nothing behind it. */
const PATH = '/nowhere';

/** The Worker behind a database that is only there: the first answer asks it nothing. */
const ENTRY = `import worker from 'worker.js';
export * from 'worker.js';
const DB = { withSession: () => DB };
export default { fetch: (request, env, context) => worker.fetch(request, { ...env, DB }, context) };`;

function oneLine(classes) {
  return [
    `export default { fetch: () => new Response('{}', { status: 404 }) };`,
    ...classes.map((name) => `export class ${name} {}`),
  ].join('\n');
}

/** The configuration of workerd for the files in its directory. Source: workerd.capnp. */
function configuration({ compatibility_date, vars, durable_objects }) {
  const { bindings } = durable_objects;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = ${JSON.stringify(compatibility_date)},
  modules = [
    (name = "entry.js", esModule = embed "entry.js"),
    (name = "worker.js", esModule = embed "worker.js"),
  ],
  bindings = [
    ${Object.entries(vars)
      .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)}),`)
      .join('\n    ')}
    ${bindings
      .map(
        ({ name, class_name }) =>
          `(name = ${JSON.stringify(name)}, durableObjectNamespace = ${JSON.stringify(class_name)}),`,
      )
      .join('\n    ')}
  ],
  durableObjectNamespaces = [
    ${bindings
      .map(
        ({ class_name }) =>
          `(className = ${JSON.stringify(class_name)}, uniqueKey = ${JSON.stringify(class_name)}, enableSql = true),`,
      )
      .join('\n    ')}
  ],
  durableObjectStorage = (inMemory = void),
);`;
}

/** Starts workerd on a directory; resolves to the port it listens on. */
async function listen(directory) {
  const child = spawn(WORKERD, ['serve', '--control-fd=3', join(directory, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with code ${code}`)));
    child.stdio[3].once('data', (line) => resolve(JSON.parse(String(line)).port));
  });
  return { child, port };
}

async function cpuToFirstAnswer(directory) {
  const { child, port } = await listen(directory);
  try {
    const answer = await fetch(`http://localhost:${port}${PATH}`);
    await answer.arrayBuffer();
    if (answer.status !== 404) throw new Error(`${PATH} answered ${answer.status}`);
    return cpuMs(child.pid);
  } finally {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
}

/** CPU milliseconds of the process until its first answer, `runs` times each, in turn. */
export async function compareStartUp(bundle, runs) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  const classes = rawConfig.durable_objects.bindings.map((binding) => binding.class_name);
  const scratch = { product: '', bare: '' };
  const used = { product: [], bare: [] };
  try {
    for (const variant of Object.keys(scratch)) {
      const directory = mkdtempSync(join(tmpdir(), 'start-up-'));
      scratch[variant] = directory;
      writeFileSync(join(directory, 'config.capnp'), configuration(rawConfig));
      writeFileSync(join(directory, 'entry.js'), variant === 'product' ? ENTRY : oneLine(classes));
      if (variant === 'product') copyFileSync(bundle, join(directory, 'worker.js'));
      else writeFileSync(join(directory, 'worker.js'), 'export {};');
    }
    for (let run = 0; run < runs; run += 1) {
      for (const variant of run % 2 === 0 ? ['product', 'bare'] : ['bare', 'product']) {
        used[variant].push(await cpuToFirstAnswer(scratch[variant]));
      }
    }
  } finally {
    for (const directory of Object.values(scratch)) rmSync(directory, { recursive: true, force: true });
  }
  const above = used.product.map((figure, run) => figure - used.bare[run]);
  return { product: spreadOf(used.product), bare: spreadOf(used.bare), above: spreadOf(above), runs };
}
