/** `npm start` runs the scheduled work of a local sandbox, which `wrangler dev` leaves to whoever calls its handler. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { keepTicking, tick } from '../../scripts/local-schedule.mjs';

it('again and again, also after a tick that failed', async () => {
  const paths: (string | undefined)[] = [];
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    const runtime = createServer((request, response) => {
      paths.push(request.url);
      if (paths.length === 1) response.destroy();
      else response.writeHead(paths.length === 2 ? 500 : 200).end();
      if (paths.length < 3) return;
      clearInterval(timer);
      runtime.close(() => resolve());
    });
    runtime.listen(0, () => {
      timer = keepTicking(`http://localhost:${(runtime.address() as AddressInfo).port}`, 5);
    });
  });
  expect(new Set(paths)).toEqual(new Set(['/cdn-cgi/handler/scheduled']));
});

it('is false where nothing answers', async () => {
  expect(await tick('http://localhost:1')).toBe(false);
});
