/** The Worker as it would be deployed: small enough, nothing in it that is not its own, each room found when asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment } from '../../scripts/bench/start-up.mjs';
import { BUNDLE_LIMIT_BYTES, bundleDeployment, EAGER_LIMIT_BYTES } from '../../scripts/bundle.mjs';

/** A method no route takes. */
const STRANGE = 'REPORT';

const scratch = mkdtempSync(join(tmpdir(), 'bundle-'));

afterAll(() => rmSync(scratch, { recursive: true }));

/** The paths under which src/app.ts finds a room. */
function lazyPaths(): readonly string[] {
  const lists = readFileSync('src/app.ts', 'utf8').matchAll(/lazyRoutes\(\s*\[([^\]]+)\]/g);
  return [...lists].flatMap(([, list]) =>
    [...(list ?? '').matchAll(/'([^']+)'/g)].map(([, path]) => path ?? ''),
  );
}

describe.each(['production', 'sandbox'])('%s', (environment) => {
  const directory = join(scratch, environment);
  let bundle: ReturnType<typeof bundleDeployment>;

  beforeAll(() => {
    bundle = bundleDeployment({ directory, environment });
  });

  it(`is at most ${BUNDLE_LIMIT_BYTES} bytes after gzip`, () => {
    expect(bundle.gzipBytes).toBeLessThanOrEqual(BUNDLE_LIMIT_BYTES);
  });

  it(`has at most ${EAGER_LIMIT_BYTES} of them parsed before the first answer, in one module`, () => {
    expect(bundle.eager.gzipBytes).toBeLessThanOrEqual(EAGER_LIMIT_BYTES);
    expect(bundle.eager.modules).toHaveLength(2);
  });

  it('holds no package but the dependencies of the Worker', () => {
    expect(bundle.strangers).toEqual([]);
  });

  it('has source maps that lead to the sources, though its modules were renamed', () => {
    // A sentence of the code, where the map says that it is written.
    const found = bundle.modules.flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      const map = new SourceMap(JSON.parse(readFileSync(join('dist', environment, `${name}.map`), 'utf8')));
      const sentence = /"([a-z]+(?: [a-z]+){4,})"/.exec(text);
      if (sentence === null) return [];
      const line = text.slice(0, sentence.index).split('\n').length - 1;
      const column = sentence.index - (text.lastIndexOf('\n', sentence.index) + 1);
      const entry = map.findEntry(line, column);
      if (!('originalSource' in entry)) throw new Error(`${name} maps "${sentence[1]}" to nothing`);
      const source = readFileSync(join('dist', environment, entry.originalSource), 'utf8').split('\n');
      expect(source[entry.originalLine]?.slice(entry.originalColumn), name).toContain(sentence[1]);
      return [name];
    });
    expect(found.length).toBeGreaterThan(10);
  });

  it('finds each room by the paths of src/app.ts', async () => {
    const { url, stop } = await startDeployment({ environment, directory, modules: bundle.modules });
    try {
      const paths = lazyPaths();
      expect(paths.length).toBeGreaterThan(10);
      for (const path of paths) {
        const answer = await fetch(`${url}${path}`, { method: STRANGE });
        // A module that cannot be loaded is an exception before the frame.
        expect(answer.status, path).toBeLessThan(500);
        expect(answer.headers.get('x-fapi-interaction-id'), path).not.toBeNull();
      }
    } finally {
      stop();
    }
  });
});
