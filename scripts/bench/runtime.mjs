/** A workerd process of the benchmark's own: a bundle with the project's bindings, reached by a direct socket. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { ROOT } from '../prepare.mjs';

/** The issuer of the benchmark's deployment, a sandbox that is not local; the Worker never looks at the socket's address. */
export const ISSUER = 'https://sandbox.example.com';

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

/** Starts `bundle` (a file) or `script` (its text) with the local sandbox's bindings; `vars` replace single ones. */
export async function startRuntime({ bundle, script, vars = {}, inspectorPort }) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'));
  // Static files never reach the Worker; without them the direct socket leads to it alone.
  const { assets: _assets, modulesRules: _modulesRules, ...bindings } = workerOptions;
  const before = new Set(workerdOf(process.pid));
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      handleStructuredLogs: () => undefined,
      workers: [
        {
          ...bindings,
          name: 'bench',
          modules: [
            { type: 'ESModule', path: 'worker.js', contents: script ?? readFileSync(bundle, 'utf8') },
          ],
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
  const pid = workerdOf(process.pid).find((each) => !before.has(each));
  const url = await runtime.unsafeGetDirectURL('bench');
  const agent = new Agent({ keepAlive: true });
  return {
    pid,
    database: () => runtime.getD1Database('DB', 'bench'),
    send: (request) => send(agent, url, request),
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
