/** What the scripts of the repository import works by itself: nobody runs them under the test runner. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const SCRIPTS = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => join('scripts', name));

/** What a file imports, as it names it. */
function importsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^(?:import|export)[^'"]*?'([^']+)';?$/gm)].map(
    ([, name = '']) => name,
  );
}

it('needs no test runner, however far its imports lead', () => {
  const seen = new Set(SCRIPTS);
  for (const path of seen) {
    const names = importsOf(path);
    expect([path, names.filter((name) => name === 'vitest')]).toEqual([path, []]);
    const near = names.filter((name) => name.startsWith('.')).map((name) => join(dirname(path), name));
    // Some are of a program that a script writes.
    for (const other of near) if (existsSync(other)) seen.add(other);
  }
  expect([...seen].filter((path) => path.startsWith('test')).length).toBeGreaterThan(4);
});
