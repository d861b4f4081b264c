/**
 * Three test projects: `worker` runs in workerd with D1 and Durable Objects, `node` runs tools, `browser` a Chromium that
 * all its files share.
 */
import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

const NODE_TESTS = ['test/node/**/*.test.ts', 'test/tidy/**/*.test.ts'];
const BROWSER_TESTS = ['test/browser/**/*.test.ts'];

export default defineConfig({
  test: {
    // Vitest leaves a core to itself, which on two cores is one file at a time; its own part of the work is small.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('migrations'),
                TEST_LENGTH: process.env['TEST_LENGTH'] ?? 'short',
                FUZZ_SEED: process.env['FUZZ_SEED'] ?? '',
              },
            },
          })),
        ],
        test: {
          name: 'worker',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...NODE_TESTS, ...BROWSER_TESTS],
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
      {
        test: {
          name: 'browser',
          include: BROWSER_TESTS,
          environment: 'node',
          globalSetup: ['test/browser/sandbox.setup.ts'],
          sequence: { concurrent: true },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
