/** The migrations make exactly the tables of the code: generating anew finds nothing to do. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

it('has no change left to generate (else run: npm run db:generate -- name)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    cpSync('migrations', folder, { recursive: true });
    // drizzle-kit takes paths from here only.
    const out = relative('.', folder);
    const said = execFileSync(
      'node_modules/.bin/drizzle-kit',
      [
        'generate',
        '--dialect',
        'sqlite',
        '--casing',
        'snake_case',
        '--schema',
        'src/schema.ts',
        '--out',
        out,
      ],
      { stdio: 'pipe' },
    );
    // Where it would have to ask whether a column was renamed, it makes nothing and ends well.
    expect(said.toString()).toContain('No schema changes');
    expect(readdirSync(folder).sort()).toEqual(readdirSync('migrations').sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
