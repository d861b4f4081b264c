/** Every fenced block marked `sh test` in README and docs runs, in order, in one shell a file, against a real sandbox. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tick } from '../../scripts/local-schedule.mjs';
import { type LocalServer, startLocalServer } from './local-server.ts';

const BLOCK = /^```sh test\n([\s\S]*?)^```$/gm;

function blocksOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(BLOCK)].map(([, block = '']) => block);
}

const FILES = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter(
  (file) => file.endsWith('.md') && existsSync(file) && blocksOf(file).length > 0,
);

const GUIDE = 'docs/getting-started.md';
/** The guide's two small tools, which other documents go on to use in the same shell. */
const [TOOLS = ''] = blocksOf(GUIDE);

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
});

afterAll(() => server.stop());

/** Runs the blocks of a file as somebody who pastes them would; what was printed. */
function paste(file: string): {
  readonly status: number | null;
  readonly printed: string;
  readonly complained: string;
} {
  const directory = mkdtempSync(join(tmpdir(), 'pasted-'));
  const { status, stdout, stderr } = spawnSync('bash', ['-eu', '-o', 'pipefail'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, BASE_URL: server.baseUrl, API_KEY: server.apiKey },
    input: [...(file === GUIDE ? [] : [TOOLS]), ...blocksOf(file)].join('\n'),
    timeout: 60_000,
  });
  rmSync(directory, { recursive: true });
  return { status, printed: stdout, complained: stderr };
}

it('has the steps of the guide among them', () => {
  expect(FILES).toContain(GUIDE);
});

it.each(FILES)('%s works by copy and paste', (file) => {
  const { status, printed, complained } = paste(file);
  expect(printed).not.toMatch(/undefined|"code": ?"(?!consent_revoked)/);
  expect({ status, complained }).toEqual({ status: 0, complained });
  if (file === 'docs/payments.md')
    expect(printed).toMatch(/"status":"completed"[\s\S]*idempotency-replayed: true/i);
  if (file === 'docs/funds-confirmation.md') expect(printed).toContain('"funds_available":true');
  if (file !== GUIDE) return;
  expect(printed).toContain('"account_id":"acc_1234567890","status":"enabled","currency":"GBP"');
  expect(printed).toContain('"scheme":"IBAN","id":"GB12HMBK60837112345678"');
  expect(printed).toContain('"type":"booked","amount":{"amount":"5432.10","currency":"GBP"}');
  expect(printed).toMatch(/"code":"consent_revoked"[^\n]*$/);
});

/** How often the scheduled work has looked whether the bank is usable, as the sandbox's database has it. */
function countProbes(): number {
  const directory = `.sandbox/port-${new URL(server.baseUrl).port}/state/v3/d1/miniflare-D1DatabaseObject`;
  const file = readdirSync(directory).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  const database = new DatabaseSync(join(directory, file ?? ''), { readOnly: true });
  const row = database
    .prepare("SELECT sum(requests) AS probes FROM figure_minutes WHERE kind = 'probe'")
    .get();
  database.close();
  return Number(row?.['probes'] ?? 0);
}

it('npm start runs the scheduled work', async () => {
  await expect.poll(countProbes, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(await tick(server.baseUrl)).toBe(true);
});
