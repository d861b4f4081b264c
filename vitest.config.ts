/**
 * Four test projects: `worker` and `alone` run in workerd with D1 and Durable Objects, the files of `worker` one after
 * another in one Worker, each of `alone` in a Worker of its own; `node` runs tools, `browser` a Chromium that all its files
 * share.
 */
import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { withoutTheUnused } from './scripts/without-the-unused.mjs';
import { findChromium } from './test/browser/executable.ts';

const NODE_TESTS = ['test/node/**/*.test.ts', 'test/tidy/**/*.test.ts'];
const BROWSER_TESTS = ['test/browser/**/*.test.ts'];
/**
 * What cannot share a Worker with other files: loading it anew for each file is a second and more, so the list is short
 * and each entry says why.
 */
const ALONE_TESTS = [
  // Begins with a key ring that has no RSA key yet.
  'test/grants/first-rsa-key.test.ts',
  // Rotates the ring's keys: what other tests sign as of an earlier time would find none.
  'test/operator/trust.test.ts',
  // Look at all there is in a table, or run what the schedule does to all of it.
  'test/docs/metrics.test.ts',
  'test/payments/faults.test.ts',
  'test/payments/settle-payment.test.ts',
  'test/sandbox/smoke-key.test.ts',
  'test/sandbox/tenants.test.ts',
  // Takes production's settings, under which strangers of one address are few.
  'test/portal/production.test.ts',
  // Ask the whole Worker at random, and take its storage away.
  'test/fuzz/**/*.test.ts',
  'test/resilience/**/*.test.ts',
];

const BROWSER: TestProjectInlineConfiguration = {
  test: {
    name: 'browser',
    include: BROWSER_TESTS,
    environment: 'node',
    globalSetup: ['test/browser/sandbox.setup.ts'],
    sequence: { concurrent: true },
    // Whole journeys, each beside the others: on a machine with other work they take minutes.
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
};

/** Without a Chromium the pages are left out, which CI does not let pass. */
function hasBrowser(): boolean {
  if (process.env['CI'] !== undefined || findChromium() !== undefined) return true;
  console.warn('No Chromium here: the browser tests are left out (CONTRIBUTING.md).');
  return false;
}

/** Runs in workerd, with the Worker's own configuration and without what deployments leave out: a use of it fails. */
function workerd() {
  const worker = cloudflareTest(async () => ({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: await readD1Migrations('migrations'),
        TEST_LENGTH: process.env['TEST_LENGTH'] ?? 'short',
        FUZZ_SEED: process.env['FUZZ_SEED'] ?? '',
      },
    },
  }));
  return [{ ...withoutTheUnused, enforce: 'pre' as const }, worker];
}

export default defineConfig({
  test: {
    // More than cores: a third of the time a file waits for a timer, an alarm or a page.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        plugins: [workerd()],
        test: {
          name: 'worker',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...NODE_TESTS, ...BROWSER_TESTS, ...ALONE_TESTS],
          isolate: false,
          setupFiles: ['test/migrate.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        plugins: [workerd()],
        test: {
          name: 'alone',
          include: ALONE_TESTS,
          setupFiles: ['test/migrate.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'node',
          include: NODE_TESTS,
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      ...(hasBrowser() ? [BROWSER] : []),
    ],
  },
});
