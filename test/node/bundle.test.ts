/** The Worker as it would be deployed: small enough, and nothing in it that is not the Worker's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_LIMIT_BYTES, bundleWorker } from '../../scripts/bundle.mjs';

const directory = mkdtempSync(join(tmpdir(), 'bundle-'));

afterAll(() => rmSync(directory, { recursive: true }));

describe.each(['production', 'sandbox'])('%s', (environment) => {
  let bundle: { readonly gzipBytes: number; readonly strangers: readonly string[] };

  beforeAll(() => {
    bundle = bundleWorker({ directory: join(directory, environment), environment });
  });

  it(`is at most ${BUNDLE_LIMIT_BYTES} bytes after gzip`, () => {
    expect(bundle.gzipBytes).toBeLessThanOrEqual(BUNDLE_LIMIT_BYTES);
  });

  it('holds no package but the dependencies of the Worker', () => {
    expect(bundle.strangers).toEqual([]);
  });
});
