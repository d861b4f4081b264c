/** `npm run demo` sends what it prints: the headers of each request, and those it was given for all. */
import { spawn } from 'node:child_process';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';

it.each([[], ['--quiet']])('sends its API key and the headers it was given %s', async (...options) => {
  const asked: IncomingHttpHeaders[] = [];
  const bank = createServer((request, response) => {
    asked.push(request.headers);
    response.statusCode = request.method === 'GET' ? 200 : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ issuer: `http://${request.headers.host}` }));
  });
  await new Promise<void>((resolve) => void bank.listen(0, () => resolve()));
  const url = `http://localhost:${(bank.address() as AddressInfo).port}`;
  const given = ['--base-url', url, '--api-key', 'sk_sandbox_of_this_test', '--header', 'x-version: seven'];
  const run = spawn(process.execPath, ['scripts/demo.mjs', ...given, ...options], { stdio: 'ignore' });
  const code = await new Promise((resolve) => void run.on('exit', resolve));
  bank.close();
  // The bank of this test refuses the key, at which the demo stops.
  expect(code).toBe(1);
  expect(asked.at(-1)).toMatchObject({
    authorization: 'Bearer sk_sandbox_of_this_test',
    'x-version': 'seven',
  });
});
