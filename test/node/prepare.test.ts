/** Generated files are put in place whole, whoever else does the same at that moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { putInPlace } from '../../scripts/prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'prepare-'));
const place = join(folder, 'place');

afterAll(() => rmSync(folder, { recursive: true }));

function make(name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  for (const file of ['one', name]) writeFileSync(join(made, file), name);
  return made;
}

it('where nothing stood, and where something did', () => {
  putInPlace(make('first'), place, join(folder, 'old-first'));
  expect(readdirSync(place)).toEqual(['first', 'one']);
  putInPlace(make('second'), place, join(folder, 'old-second'));
  expect(readdirSync(place)).toEqual(['one', 'second']);
});

it('by four processes at once, none of which fails', async () => {
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { putInPlace } from ${JSON.stringify(pathToFileURL('scripts/prepare.mjs').href)};
    for (let n = 0; n < 50; n += 1) {
      const made = ${JSON.stringify(folder)} + '/' + process.pid + '-' + n;
      mkdirSync(made);
      for (const file of ['one', 'two']) writeFileSync(made + '/' + file, '');
      putInPlace(made, ${JSON.stringify(place)}, made + '-old');
    }`;
  const runs = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const codes = await Promise.all(runs.map(async (run) => (await once(run, 'close'))[0] as number));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readdirSync(place)).toEqual(['one', 'two']);
});
