/** The tests of this project run on the Node that the `node` package brings. */
import { expect, it } from 'vitest';

it('runs on Node 22 or later', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(22);
});
