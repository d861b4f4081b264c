/** The crash run in small: `npm run test:crash` has the numbers that count. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PAYMENTS = 128;
const KILLS = 1;

it('loses and duplicates no payment when workerd is killed under 64 payers', async () => {
  const parameters = ['test/crash/run.mjs', `--payments=${PAYMENTS}`, `--kills=${KILLS}`];
  // The line is printed also where something is off, which is then seen below.
  const { stdout } = await promisify(execFile)(process.execPath, parameters).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(JSON.parse(stdout)).toMatchObject({
    payments: PAYMENTS,
    kills: KILLS,
    lost: 0,
    duplicated: 0,
    faults: [],
  });
});
