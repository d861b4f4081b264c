/**
 * What an isolate of a deployment costs until its first answer, beside a one-line Worker with the same bindings. Each run
 * is a workerd process of its own, without the simulators of other services, whose start would drown the difference.
 */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experimental_readRawConfig } from 'wrangler';
import { blockOf } from '../check-configuration.mjs';
import { ROOT } from '../prepare.mjs';
import { spreadOf } from './measure.mjs';
import { cpuMs } from './runtime.mjs';

const WORKERD = createRequire(createRequire(import.meta.url).resolve('miniflare'))('workerd').default;
const CONFIGURATION = 'config.bin';
/** Largest configuration with the modules in it, bytes. */
const LARGEST_BYTES = 16 * 2 ** 20;
/** A path that no route takes: the answer needs the whole application and nothing behind it. */
const PATH = '/nowhere';

/** The Worker behind a database that is only there: the first answer asks it nothing. */
const ENTRY = `import worker from './worker.js';
export * from './worker.js';
const DB = { withSession: () => DB };
export default { fetch: (request, env, context) => worker.fetch(request, { ...env, DB }, context) };`;

function oneLine(classes) {
  return [
    `export default { fetch: () => new Response('{}', { status: 404 }) };`,
    ...classes.map((name) => `export class ${name} {}`),
  ].join('\n');
}

/** The configuration of workerd for the files in its directory. Source: workerd.capnp. */
function configuration({ compatibility_date, vars, durable_objects }, compatibilityFlags, modules) {
  const { bindings } = durable_objects;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = ${JSON.stringify(compatibility_date)},
  compatibilityFlags = ${JSON.stringify(compatibilityFlags)},
  modules = [
    ${modules
      .map((name) => `(name = ${JSON.stringify(name)}, esModule = embed ${JSON.stringify(name)}),`)
      .join('\n    ')}
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

/** Starts workerd on a directory; resolves to where it listens. */
async function listen(directory) {
  const child = spawn(WORKERD, ['serve', '--binary', '--control-fd=3', join(directory, CONFIGURATION)], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with code ${code}`)));
    child.stdio[3].once('data', (line) => resolve(JSON.parse(String(line)).port));
  });
  const stop = () => {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  };
  return { pid: child.pid, url: `http://localhost:${port}`, stop };
}

/** A directory that workerd can start on: of a deployment's modules, or of the one-line Worker where none are given. */
function layOut(environment, deployment) {
  const { rawConfig } = experimental_readRawConfig({ config: join(ROOT, 'wrangler.toml') });
  const flags = blockOf(rawConfig, environment).compatibility_flags ?? [];
  const directory = mkdtempSync(join(tmpdir(), 'start-up-'));
  const modules = deployment?.modules ?? [];
  for (const name of modules) copyFileSync(join(deployment.directory, name), join(directory, name));
  const classes = rawConfig.durable_objects.bindings.map((binding) => binding.class_name);
  writeFileSync(join(directory, 'entry.js'), deployment === undefined ? oneLine(classes) : ENTRY);
  const text = join(directory, 'config.capnp');
  writeFileSync(text, configuration(rawConfig, flags, ['entry.js', ...modules]));
  // Compiled ahead: reading a configuration's text and files is none of an isolate's work.
  const compiled = execFileSync(WORKERD, ['compile', '--config-only', text], { maxBuffer: LARGEST_BYTES });
  writeFileSync(join(directory, CONFIGURATION), compiled);
  return directory;
}

/** Starts a deployment whose `modules` lie in `directory`, in the local sandbox's bindings, with nothing behind them. */
export async function startDeployment({ environment, directory, modules }) {
  const own = layOut(environment, { directory, modules });
  const { url, stop } = await listen(own);
  return {
    url,
    stop: () => {
      stop();
      rmSync(own, { recursive: true });
    },
  };
}

async function cpuToFirstAnswer(directory) {
  const { pid, url, stop } = await listen(directory);
  try {
    const answer = await fetch(`${url}${PATH}`);
    await answer.arrayBuffer();
    if (answer.status !== 404) throw new Error(`${PATH} answered ${answer.status}`);
    return cpuMs(pid);
  } finally {
    stop();
  }
}

/**
 * CPU milliseconds of the process until its first answer, `runs` times each, in turn: of the deployment `environment`,
 * whose `modules` lie in `directory`, and of a one-line Worker.
 */
export async function compareStartUp({ environment, directory, modules }, runs) {
  const scratch = {
    product: layOut(environment, { directory, modules }),
    bare: layOut(environment),
  };
  const used = { product: [], bare: [] };
  try {
    for (let run = 0; run < runs; run += 1) {
      for (const variant of run % 2 === 0 ? ['product', 'bare'] : ['bare', 'product']) {
        used[variant].push(await cpuToFirstAnswer(scratch[variant]));
      }
    }
  } finally {
    for (const own of Object.values(scratch)) rmSync(own, { recursive: true, force: true });
  }
  const above = used.product.map((figure, run) => figure - used.bare[run]);
  return { product: spreadOf(used.product), bare: spreadOf(used.bare), above: spreadOf(above), runs };
}
