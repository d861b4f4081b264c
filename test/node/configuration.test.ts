/** The blocks of wrangler.toml: each complete, and a block that lacks something refused with its name. */

import { describe, expect, it } from 'vitest';
import { experimental_readRawConfig } from 'wrangler';
import { findConfigurationFaults } from '../../scripts/check-configuration.mjs';

type Block = Record<string, unknown>;
const { rawConfig } = experimental_readRawConfig({ config: 'wrangler.toml' });

/** A copy of the configuration whose production block was changed. */
function withProduction(change: (block: Block) => void): object {
  const copy = structuredClone(rawConfig) as { env: { production: Block } };
  change(copy.env.production);
  return copy;
}

function without(...path: string[]) {
  return (block: Block) => {
    const last = path.pop() ?? '';
    const owner = path.reduce((found, name) => found[name] as Block, block);
    delete owner[last];
  };
}

it.each(['sandbox', 'production', 'previews'])('%s is complete', (environment) => {
  expect(findConfigurationFaults(rawConfig, environment)).toEqual([]);
});

describe('production', () => {
  it.each<[string, (block: Block) => void]>([
    ['ENVIRONMENT', without('vars', 'ENVIRONMENT')],
    ['ISSUER', without('vars', 'ISSUER')],
    ['TRUSTED_DIRECTORIES', without('vars', 'TRUSTED_DIRECTORIES')],
    ['RATE_LIMIT_PER_MINUTE', without('vars', 'RATE_LIMIT_PER_MINUTE')],
    ['KEY_WRAPPING_SECRET', without('secrets')],
    ['CODE_SENDER', without('services')],
    ['EMAIL_FROM', without('send_email')],
    ['EMAIL_FROM', without('vars', 'EMAIL_FROM')],
    ['KEY_RING', without('durable_objects')],
    ['DB', without('d1_databases')],
    ['SOURCE_LIMIT', without('ratelimits')],
    ['name', without('name')],
    ['name', (block) => Object.assign(block, { name: 'hamster-bank-open-banking-sandbox' })],
    ['METRICS', without('analytics_engine_datasets')],
    ['allowed_sender_addresses', (block) => Object.assign(block, { send_email: [{ name: 'EMAIL' }] })],
    ['REQUEST_LOG', without('queues')],
    ['hamster-bank-production-requests', without('queues', 'consumers')],
    ['INCLUDES_SANDBOX', without('define', 'INCLUDES_SANDBOX')],
    ['INCLUDES_MAILBOX', without('define', 'INCLUDES_MAILBOX')],
    ['main', without('main')],
    ['main', (block) => Object.assign(block, { main: 'dist/sandbox/worker.js' })],
    ['main', without('build')],
    ['routes', without('routes')],
    ['routes', (block) => Object.assign(block, { routes: [{ custom_domain: true }] })],
    [
      'DEVELOPER_HOST',
      (block) => Object.assign(block['vars'] as Block, { DEVELOPER_HOST: 'developer.hamsterbank.ai' }),
    ],
    ['redact_query_string', without('observability', 'redact_query_string')],
  ])('without %s is refused by that name', (name, change) => {
    const faults = findConfigurationFaults(withProduction(change), 'production');
    expect(faults.join('\n')).toContain(name);
  });

  it.each<[string, Block]>([
    ['ISSUER', { ISSUER: 'http://api.hamsterbank.ai' }],
    ['SMOKE_API_KEY', { SMOKE_API_KEY: 'sk_sandbox_1' }],
    ['TRUSTED_DIRECTORIES', { TRUSTED_DIRECTORIES: '[]' }],
  ])('with another %s is refused by that name', (name, vars) => {
    const changed = withProduction((block) => Object.assign(block['vars'] as Block, vars));
    expect(findConfigurationFaults(changed, 'production').join('\n')).toContain(`[env.production] ${name} `);
  });
});

it('the local block is no deployment', () => {
  const local = { ...rawConfig, env: { sandbox: rawConfig } };
  expect(findConfigurationFaults(local, 'sandbox').join('\n')).toContain('ISSUER is a loopback address');
});
