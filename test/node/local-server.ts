/** A local sandbox for tests that need a real one: `npm start` with new state, on a port of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';

export interface LocalServer {
  readonly baseUrl: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

/** A port that nothing listens on right now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/** Resolves with what was printed once `Ready` stands on a line; rejects when the process ends before. */
function untilReady(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (/^Ready$/m.test(printed)) resolve(printed);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${printed}`)));
  });
}

/** Starts a sandbox, on any free port unless one is given; `stop` ends it and removes its state. */
export async function startLocalServer(given?: number): Promise<LocalServer> {
  const port = given ?? (await freePort());
  const server = spawn(process.execPath, ['scripts/start.mjs', '--fresh'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = await untilReady(server);
  return {
    baseUrl: `http://localhost:${port}`,
    apiKey: /API key\s+(\S+)/.exec(printed)?.[1] ?? '',
    async stop() {
      const ended = new Promise((resolve) => {
        server.once('exit', resolve);
      });
      server.kill('SIGTERM');
      await ended;
      rmSync(`.sandbox/port-${port}`, { recursive: true, force: true });
    },
  };
}
