/** A workerd process of the benchmark's own: a bundle with the project's bindings, reached by a direct socket. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { ROOT } from '../prepare.mjs';

/** The issuer of the benchmark's deployment, a sandbox that is not local; the Worker never looks at the socket's address. */
export const ISSUER = 'https://sandbox.example.com';

/** How often a runtime that was killed is looked at, milliseconds. */
const REVIVAL_POLL_MS = 20;

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function workerdOf(pid) {
  return childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'workerd');
}

/**
 * CPU time a process has used so far, milliseconds, user and system, all threads. The kernel's accounts by thread count
 * nanoseconds, where utime and stime in /proc/<pid>/stat count ticks of 10 ms.
 */
export function cpuMs(pid) {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** utime + stime of /proc/<pid>/stat, milliseconds: counts threads that have ended too, in ticks of 10 ms. */
export function cpuTicksMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The modules of a Worker, `worker.js` first: those of the `directory`, or one that is the file `bundle` or the text `script`. */
function modulesOf({ bundle, directory, script }) {
  const module = (path, contents) => ({ type: 'ESModule', path, contents });
  if (directory === undefined) return [module('worker.js', script ?? readFileSync(bundle, 'utf8'))];
  const names = readdirSync(directory).filter((name) => name.endsWith('.js') && name !== 'worker.js');
  return ['worker.js', ...names].map((name) => module(name, readFileSync(join(directory, name), 'utf8')));
}

/**
 * Starts `bundle` (a file), `script` (its text) or the modules of `directory` with the bindings of `environment`, the
 * local sandbox's unless given; `vars` replace single ones. What it stores lies in the directory `state`, or goes with the
 * runtime.
 * @param {{ bundle?: string, directory?: string, script?: string, environment?: string, vars?: Record<string, string>, inspectorPort?: number, state?: string }} what
 */
export async function startRuntime({ environment, vars = {}, inspectorPort, state, ...code }) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'), environment);
  // Static files never reach the Worker; without them the direct socket leads to it alone.
  const { assets: _assets, modulesRules: _modulesRules, ...bindings } = workerOptions;
  const before = new Set(workerdOf(process.pid));
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      ...(state === undefined ? {} : { resourcePersistencePath: state }),
      handleStructuredLogs: () => undefined,
      workers: [
        {
          ...bindings,
          name: 'bench',
          modules: modulesOf(code),
          bindings: { ...bindings.bindings, ISSUER, ...vars },
          ratelimits: Object.fromEntries(
            Object.entries(bindings.ratelimits).map(([name, limit]) => [
              name,
              { ...limit, simple: { limit: 1e9, period: 60 } },
            ]),
          ),
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    }),
  );
  await runtime.ready;
  const newWorkerd = () => workerdOf(process.pid).find((each) => !before.has(each));
  let pid = newWorkerd();
  let url = await runtime.unsafeGetDirectURL('bench');
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    get pid() {
      return pid;
    },
    database: () => runtime.getD1Database('DB', 'bench'),
    send: (request) => send(agent, url, request),
    /** Runs the cron trigger's handler. */
    tick: async () => (await runtime.getWorker('bench')).scheduled({ scheduledTime: new Date() }),
    /**
     * Ends workerd as a machine that fails would: nothing is answered, flushed or closed. Miniflare starts another on the
     * same state; resolves once that one answers `path` with 200.
     */
    killAndRevive: async (path) => {
      before.add(pid);
      process.kill(pid, 'SIGKILL');
      for (;;) {
        await setTimeout(REVIVAL_POLL_MS);
        pid = newWorkerd();
        if (pid === undefined) continue;
        url = await runtime.unsafeGetDirectURL('bench');
        const answer = await send(agent, url, { path }).catch(() => undefined);
        if (answer?.status === 200) return;
      }
    },
    stop: async () => {
      agent.destroy();
      await runtime.dispose();
    },
  };
}

/** Sends one request to the path of `request` and resolves to its whole answer. */
function send(agent, url, request) {
  const { method = 'GET', path, headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method,
        path,
        headers: {
          host: new URL(ISSUER).host,
          ...headers,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
      },
      (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', (error) => {
      // The other side may close a connection that was idle at the moment it is used again.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(send(agent, url, request));
      else reject(error);
    });
    outgoing.end(body);
  });
}
