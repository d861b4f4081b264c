/** What `npm start` may be asked for; that it then serves is seen by whatever starts it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

async function start(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, ['scripts/start.mjs', ...options], { timeout: 20_000 });
  return run.then(
    (printed) => ({ code: 0, ...printed }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it('says its options, and starts nothing', async () => {
  const { code, stdout } = await start('--help');
  expect([code, stdout]).toEqual([0, expect.stringContaining('--fresh')]);
});

it.each([['--port', '9000'], ['--fesh'], ['9000']])(
  'starts nothing for %s, which it does not know',
  async (...options) => {
    const { code, stdout, stderr } = await start(...options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('PORT=9000');
  },
);
