/** `npm run operator-key`: a new key, and the statement that lets the database of one deployment know it. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

function make(...parameters: string[]) {
  return spawnSync(process.execPath, ['scripts/operator-key.mjs', ...parameters], { encoding: 'utf8' });
}

it.each([
  [['ada'], 'production'],
  [['ada', '--env', 'sandbox'], 'sandbox'],
])('of %j is for the database of %s', (parameters, environment) => {
  const { status, stdout } = make(...parameters);
  expect(status).toBe(0);
  expect(stdout).toContain(`npx wrangler d1 execute DB --remote --env ${environment} --command "INSERT`);
});

it.each([
  [[]],
  [['ada', 'eve']],
  [['ada', '--env', 'local']],
  [['ada', '--scope', 'all']],
  [['ada', '--evn']],
])('is not made for %j: what there is, is said', (parameters) => {
  const { status, stdout, stderr } = make(...parameters);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^npm run operator-key -- NAME \[--env/);
});
