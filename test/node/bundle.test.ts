/** The Worker as it would be deployed: small enough, and nothing in it that is not the Worker's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_LIMIT_BYTES, bundleWorker } from '../../scripts/bundle.mjs';

/** What the sandbox room may add to the local and the sandbox deployments, bytes after gzip. */
const SANDBOX_ROOM_BYTES = 12_000;

const directory = mkdtempSync(join(tmpdir(), 'bundle-'));

afterAll(() => rmSync(directory, { recursive: true }));

describe.each([
  ['production', BUNDLE_LIMIT_BYTES],
  ['sandbox', BUNDLE_LIMIT_BYTES + SANDBOX_ROOM_BYTES],
])('%s', (environment, limit) => {
  let bundle: { readonly gzipBytes: number; readonly strangers: readonly string[] };

  beforeAll(() => {
    bundle = bundleWorker({ directory: join(directory, environment), environment });
  });

  it(`is at most ${limit} bytes after gzip`, () => {
    expect(bundle.gzipBytes).toBeLessThanOrEqual(limit);
  });

  it('holds no package but the dependencies of the Worker', () => {
    expect(bundle.strangers).toEqual([]);
  });
});
