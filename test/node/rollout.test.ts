/** Rolling out: step by step, tried at each, and back to the version before where a step fails. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { experimental_readRawConfig } from 'wrangler';
import { makePreview, previewConfig } from '../../scripts/preview.mjs';
import { rollOut } from '../../scripts/rollout.mjs';
import { newSmokeKey, smokeTest, versionHeader } from '../../scripts/smoke.mjs';

const OLD = 'version-old';
const NEW = 'version-new';

/** A Worker as wrangler sees it, which keeps who gets which share. */
function fakeWorker({ exists = true, tagged = true, failAt = '' } = {}) {
  const commands: string[] = [];
  let shares: Record<string, number> = exists ? { [OLD]: 100 } : {};
  const history: Record<string, number>[] = [];
  const wrangler = (parameters: string[]) => {
    const command = parameters.filter((word) => !word.startsWith('-')).join(' ');
    commands.push(command);
    if (failAt !== '' && command.includes(failAt)) throw new Error(`${failAt} refused`);
    if (command === 'deployments status') {
      if (!exists) throw new Error('Worker "x" (env: sandbox) not found.');
      const versions = Object.entries(shares).map(([version_id, percentage]) => ({ version_id, percentage }));
      return { text: JSON.stringify({ versions }), events: [] };
    }
    if (command.startsWith('versions view')) {
      return { text: JSON.stringify({ annotations: tagged ? { 'workers/tag': 'abc' } : {} }), events: [] };
    }
    if (command === 'versions upload')
      return { text: '', events: [{ type: 'version-upload', version_id: NEW }] };
    if (command.startsWith('versions deploy')) {
      const specs = parameters.flatMap((word) => /^(version-\w+)@(\d+)%$/.exec(word)?.slice(1) ?? []);
      // What the platform says of a version whose secrets are others than those of the running one.
      if (shares[NEW] !== undefined && specs[0] === OLD)
        throw new Error('secrets have changed [code: 10220]');
      shares = {};
      for (let place = 0; place < specs.length; place += 2)
        shares[specs[place] ?? ''] = Number(specs[place + 1]);
      history.push({ ...shares });
    }
    if (command === 'deploy') shares = { [NEW]: 100 };
    if (command.startsWith('rollback')) shares = { [parameters[1] ?? '']: 100 };
    return { text: '', events: [] };
  };
  return { wrangler, commands, history, shares: () => shares };
}

function run(
  worker: ReturnType<typeof fakeWorker>,
  smoke: (version?: string) => Promise<void>,
  atOnce = false,
) {
  return rollOut({
    environment: 'sandbox',
    atOnce,
    wrangler: worker.wrangler,
    upload: ['--tag=abc'],
    smoke,
    pause: () => Promise.resolve(),
    say: () => undefined,
  });
}

const works = () => Promise.resolve();

describe('a rollout', () => {
  it('gives the new version 10, 50, 100 % and tries it, by its id, at each', async () => {
    const worker = fakeWorker();
    const tried: unknown[] = [];
    await run(worker, (version) => {
      tried.push([version, worker.shares()[NEW]]);
      return Promise.resolve();
    });
    expect(worker.history).toEqual([{ [NEW]: 10, [OLD]: 90 }, { [NEW]: 50, [OLD]: 50 }, { [NEW]: 100 }]);
    expect(tried).toEqual([
      [NEW, 10],
      [NEW, 50],
      [NEW, 100],
    ]);
  });

  it('sets queue consumers, crons and routes once the new version has all requests', async () => {
    const worker = fakeWorker();
    await run(worker, works);
    expect(worker.commands.slice(-2)).toEqual([`versions deploy ${NEW}@100%`, 'triggers deploy']);
    const broken = fakeWorker();
    await expect(run(broken, () => Promise.reject(new Error('no')))).rejects.toThrow('rolled back');
    expect(broken.commands).not.toContain('triggers deploy');
  });

  it.each([1, 2, 3])('whose smoke test fails at step %d gives all back', async (step) => {
    const worker = fakeWorker();
    let steps = 0;
    const fails = () => {
      steps += 1;
      return steps === step ? Promise.reject(new Error('GET /status: 503')) : Promise.resolve();
    };
    await expect(run(worker, fails)).rejects.toThrow(`rolled back to ${OLD}: GET /status: 503`);
    expect(worker.shares()).toEqual({ [OLD]: 100 });
  });

  it('that cannot go back says what was wrong, and what to do by hand', async () => {
    const worker = fakeWorker();
    const wrangler = (parameters: string[]) => {
      if (parameters[0] === 'rollback') throw new Error('[code: 10013]');
      return worker.wrangler(parameters);
    };
    const failed = run({ ...worker, wrangler }, () => Promise.reject(new Error('GET /status: 503')));
    await expect(failed).rejects.toThrow(/GET \/status: 503[\s\S]*may still have requests: \[code: 10013\]/);
    await expect(failed).rejects.toThrow(`npx wrangler rollback ${OLD} --env sandbox`);
  });

  it('whose upload fails changes nothing', async () => {
    const worker = fakeWorker({ failAt: 'versions upload' });
    await expect(run(worker, works)).rejects.toThrow('versions upload refused');
    expect(worker.shares()).toEqual({ [OLD]: 100 });
    expect(worker.history).toEqual([]);
  });

  it('of the first version, or beside a Worker that only holds secrets, is at once', async () => {
    for (const worker of [fakeWorker({ exists: false }), fakeWorker({ tagged: false })]) {
      await run(worker, works);
      expect(worker.commands).toContain('deploy');
      expect(worker.shares()).toEqual({ [NEW]: 100 });
    }
  });

  it('at once goes back too', async () => {
    const worker = fakeWorker();
    await expect(run(worker, () => Promise.reject(new Error('no')), true)).rejects.toThrow('rolled back');
    expect(worker.shares()).toEqual({ [OLD]: 100 });
  });
});

it('the smoke test gives up on a deployment that takes requests and answers none', async () => {
  let asked = 0;
  const silent = createServer(() => {
    asked += 1;
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    await expect(smokeTest({ issuer, answerMs: 50, pauseMs: 1 })).rejects.toThrow('timeout');
    expect(asked).toBe(5);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

it('the smoke test’s key is new each time and of the form the Worker takes', () => {
  const keys = [newSmokeKey(), newSmokeKey()];
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(key).toMatch(/^sk_sandbox_[0-9a-f]{64}$/);
});

it('a version is asked for by its header, all of them by none', () => {
  expect(versionHeader('bank', NEW)).toEqual({ 'Cloudflare-Workers-Version-Overrides': `bank="${NEW}"` });
  expect(versionHeader('bank', undefined)).toEqual({});
});

describe('a preview', () => {
  const text = `main = "source.ts"
preview_urls = false
minify = true

[build]
command = "prepare"

[[d1_databases]]
binding = "DB"
database_name = "a"
database_id = "1"

[env.sandbox]
main = "modules.js"
build = { command = "make" }
minify = false

[[env.production.d1_databases]]
database_name = "p"
database_id = "3"

[[previews.d1_databases]]
database_name = "b"
database_id = "2"
`;

  it('has its own database in its own configuration, and touches no other', () => {
    expect(previewConfig(text, 'pr-7', 'id-7')).toBe(
      text
        .replace('preview_urls = false\nminify = true\n', 'preview_urls = true\n')
        .replace('main = "source.ts"', 'main = "modules.js"\nminify = false')
        .replace('"prepare"', '"make"')
        .replace('"a"', '"hamster-bank-preview-pr-7"')
        .replace('"1"', '"id-7"')
        .replace('"b"', '"hamster-bank-preview-pr-7"')
        .replace('"2"', '"id-7"'),
    );
  });

  it('is made of the modules that the sandbox uploads', () => {
    const directory = mkdtempSync(join(tmpdir(), 'preview-'));
    const config = join(directory, 'wrangler.toml');
    try {
      writeFileSync(config, previewConfig(readFileSync('wrangler.toml', 'utf8'), 'pr-7', 'id-7'));
      const { rawConfig } = experimental_readRawConfig({ config });
      const { main, no_bundle, minify, rules, compatibility_flags, build } = rawConfig.env?.['sandbox'] ?? {};
      expect(main).toBe('dist/sandbox/worker.js');
      expect(rawConfig).toMatchObject({ main, no_bundle, minify, rules, compatibility_flags, build });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is deployed with its own URL as issuer, and a key', async () => {
    const put: string[][] = [];
    const databases: { name: string; uuid: string }[] = [];
    const wrangler = (parameters: string[]) => {
      if (parameters[1] === 'list') return { text: JSON.stringify(databases), events: [] };
      if (parameters[1] === 'create') databases.push({ name: parameters[2] ?? '', uuid: 'id-7' });
      if (parameters[0] === 'preview') put.push(parameters);
      const events = [{ type: 'preview', preview_urls: ['https://pr-7-bank.example.workers.dev/'] }];
      return { text: '', events };
    };
    const made = await makePreview({
      name: 'pr-7',
      wrangler,
      text,
      writeConfig: (own: string) => expect(own).toContain('id-7'),
      say: () => undefined,
    });
    expect(made.url).toBe('https://pr-7-bank.example.workers.dev');
    expect(put.at(-1)).toContain(`--var=ISSUER:${made.url}`);
    expect(databases).toEqual([{ name: 'hamster-bank-preview-pr-7', uuid: 'id-7' }]);
  });
});
