/** The Worker as it would be deployed: small enough, nothing in it that is not its own, each room found when asked for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment } from '../../scripts/bench/start-up.mjs';
import { BUNDLE_LIMIT_BYTES, bundleDeployment, EAGER_LIMIT_BYTES } from '../../scripts/bundle.mjs';
import { UNUSED_METHODS } from '../../scripts/without-the-unused.mjs';

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

it('calls no method that is left out of a library', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join('src', path), 'utf8'));
  const called = UNUSED_METHODS.flatMap(({ names }) => names).filter((name) =>
    sources.some((text) => text.includes(`.${name}(`)),
  );
  expect(sources.length).toBeGreaterThan(300);
  expect(called).toEqual([]);
});

describe.each(['production', 'sandbox'] as const)('%s', (environment) => {
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

  it('has no modules that import each other', () => {
    const imports = (name: string): string[] => {
      const text = readFileSync(join(directory, name), 'utf8');
      return [...text.matchAll(/\b(?:from|import)"\.\/([^"]+)"/g)].map(([, path]) => path ?? '');
    };
    const reached = (name: string): Set<string> => {
      const found = new Set(imports(name));
      for (const path of found) for (const next of imports(path)) found.add(next);
      return found;
    };
    expect(reached('worker.js').size).toBe(1);
    expect(bundle.modules.filter((name) => reached(name).has(name))).toEqual([]);
  });

  it('has source maps that lead to the sources', () => {
    // Sentences of the code, where the map says that they are written. A constant that is used once stands where it is used.
    const found = bundle.modules.flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      const sentences = [...text.matchAll(/["'`]([a-z]+(?: [a-z]+){4,})["'`]/g)];
      if (sentences.length === 0) return [];
      const map = new SourceMap(JSON.parse(readFileSync(join('dist', environment, `${name}.map`), 'utf8')));
      return sentences.map(({ index, 1: sentence = '' }) => {
        const line = text.slice(0, index).split('\n').length - 1;
        const entry = map.findEntry(line, index - (text.lastIndexOf('\n', index) + 1));
        if (!('originalSource' in entry)) return false;
        const source = readFileSync(join('dist', environment, entry.originalSource), 'utf8').split('\n');
        return source[entry.originalLine]?.slice(entry.originalColumn).includes(sentence) === true;
      });
    });
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(Boolean).length / found.length).toBeGreaterThan(0.9);
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
