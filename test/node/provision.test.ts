/** Provisioning an account: run once, run twice, stopped at each step and run again, it ends the same and breaks nothing. */

import { describe, expect, it } from 'vitest';
import { experimental_readRawConfig } from 'wrangler';
import { blockOf, placeholdersIn } from '../../scripts/check-configuration.mjs';
import { planOf, provision } from '../../scripts/provision.mjs';
import { FakeAccount } from './fake-account.ts';

const CONFIG = await import('node:fs').then(({ readFileSync }) => readFileSync('wrangler.toml', 'utf8'));
const { rawConfig } = experimental_readRawConfig({ config: 'wrangler.toml' });

/** One person's machine beside the account: the configuration and the key's file. */
function machine() {
  const kept: { config: string; key: string | undefined; said: string[] } = {
    config: CONFIG,
    key: undefined,
    said: [],
  };
  const keyFile = {
    path: '.sandbox/operator-key-production',
    read: () => kept.key,
    write(text: string) {
      kept.key = text;
    },
  };
  const config = {
    read: () => kept.config,
    write(text: string) {
      kept.config = text;
    },
  };
  return { kept, keyFile, config };
}

async function run(account: FakeAccount, { kept, keyFile, config }: ReturnType<typeof machine>) {
  const block = structuredClone(blockOf(rawConfig, 'production'));
  // What was written by an earlier run is read anew by the next.
  const id = /"hamster-bank-production"\ndatabase_id = "([^"]+)"/.exec(kept.config)?.[1];
  block.d1_databases[0].database_id = id;
  await provision({
    environment: 'production',
    block,
    wrangler: account.wrangler,
    config,
    keyFile,
    now: 1_795_000_000,
    say: (line: string) => void kept.said.push(line),
  });
}

function expectProvisioned(account: FakeAccount, { kept }: ReturnType<typeof machine>): void {
  expect([...account.databases.keys()]).toEqual(['hamster-bank-production']);
  const id = account.databases.get('hamster-bank-production')?.uuid ?? '';
  expect(kept.config).toBe(CONFIG.replace('00000000-0000-4000-8000-000000000003', id));
  expect([...account.queues]).toEqual(['hamster-bank-production-requests']);
  expect(account.secrets.get('KEY_WRAPPING_SECRET')).toMatch(/^[\w-]{43}$/);
  expect(account.databases.get('hamster-bank-production')?.operatorKeys).toHaveLength(1);
  expect(kept.key).toMatch(/^ok_[\w-]{49}$/);
  // Only the digest is on the account.
  expect(JSON.stringify([...account.databases.values()])).not.toContain(kept.key);
}

describe('an empty account', () => {
  it('gets all it needs', async () => {
    const account = new FakeAccount();
    const own = machine();
    await run(account, own);
    expectProvisioned(account, own);
  });

  it('gets nothing more by a second run, and keeps its secret', async () => {
    const account = new FakeAccount();
    const own = machine();
    await run(account, own);
    const secret = account.secrets.get('KEY_WRAPPING_SECRET');
    const { config, key } = own.kept;
    account.changes.length = 0;
    await run(account, own);
    expect(account.changes).toEqual([]);
    expect([account.secrets.get('KEY_WRAPPING_SECRET'), own.kept.config, own.kept.key]).toEqual([
      secret,
      config,
      key,
    ]);
  });

  it.each(
    Array.from({ length: 9 }, (_, step) => step).flatMap((step) => [
      [step, 'before'] as const,
      [step, 'after'] as const,
    ]),
  )('stopped at command %d, %s it took effect, is finished by the next run', async (step, when) => {
    const account = new FakeAccount({ step, when });
    const own = machine();
    const first = await run(account, own).then(
      () => 'done',
      () => 'stopped',
    );
    const secret = account.secrets.get('KEY_WRAPPING_SECRET');
    const { key } = own.kept;
    await run(account, own);
    expectProvisioned(account, own);
    if (first === 'stopped' && secret !== undefined) {
      expect(account.secrets.get('KEY_WRAPPING_SECRET')).toBe(secret);
    }
    if (key !== undefined) expect(own.kept.key).toBe(key);
  });
});

it('an error that is not a missing Worker makes no secret anew', async () => {
  const account = new FakeAccount();
  const own = machine();
  await run(account, own);
  const secret = account.secrets.get('KEY_WRAPPING_SECRET');
  account.refuseSecretList = 'Authentication error [code: 10000]: account not found';
  await expect(run(account, own)).rejects.toThrow('Authentication error');
  expect(account.secrets.get('KEY_WRAPPING_SECRET')).toBe(secret);
});

it('a configuration that names another database is left alone', async () => {
  const account = new FakeAccount();
  const own = machine();
  own.kept.config = CONFIG.replace(
    '00000000-0000-4000-8000-000000000003',
    '11111111-1111-4111-8111-111111111111',
  );
  const before = own.kept.config;
  await expect(run(account, own)).rejects.toThrow('database_id');
  expect(own.kept.config).toBe(before);
});

it('the plan names everything, and asks nobody', () => {
  const block = blockOf(rawConfig, 'production');
  const plan = planOf('production', block).join('\n');
  for (const word of [
    'hamster-bank-production',
    'queue hamster-bank-production-requests',
    'migrations',
    'KEY_WRAPPING_SECRET',
    'operator key',
  ]) {
    expect(plan).toContain(word);
  }
  expect(placeholdersIn(block)).toHaveLength(1);
});
