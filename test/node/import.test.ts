/** `npm run import` says in a sentence what is wrong with its file, before anything is sent. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CUSTOMER = {
  type: 'customer',
  customer_id: 'cus_jose',
  username: 'jose',
  display_name: 'José Núñez',
  password_digest: 'scrypt$16384$8$5$c2FuZGJveC10ZW5hbnRzIQ$3odUOwonMoaUC_Jtm0gm4tfxT_GsFyCns2bUDSgxTLw',
};

/** The command, of which nothing may go further than the file. */
function importFile(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/import.mjs', '--dry-run', ...parameters],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

function fileOf(encoding: BufferEncoding): string {
  const path = join(folder, encoding);
  writeFileSync(path, JSON.stringify(CUSTOMER), encoding);
  return path;
}

it('takes names as they are written in UTF-8', () => {
  expect(importFile(fileOf('utf8'))).toMatchObject({ status: 0, stderr: '' });
});

it('refuses another encoding: the names would be broken for good', () => {
  const path = fileOf('latin1');
  expect(importFile(path)).toEqual({
    status: 2,
    stdout: '',
    stderr: `${path} is not UTF-8. Nothing was sent.\n`,
  });
});

it.each([
  [join(folder, 'none'), /^\S+ cannot be read \(ENOENT\)\.\n$/],
  [folder, /^\S+ cannot be read \(EISDIR\)\.\n$/],
  ['--colour', /^Unknown option '--colour'[\s\S]*npm run import -- FILE/],
])('says in words what is wrong with %j', (given, words) => {
  const { status, stderr } = importFile(given);
  expect(status).toBe(2);
  expect(stderr).toMatch(words);
  expect(stderr).not.toContain('    at ');
});
