/** Payments and confirmation of funds, walked by an independent OAuth client on the real runtime. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { walkPayment } from '../../scripts/tpp/walk-payment.mjs';
import { insertOrganisationWithKey } from '../support/api-key.ts';

it('pays at home and abroad, pays nothing twice, and asks about funds', async () => {
  const app = createApp({ log: () => {} });
  const steps: string[] = [];
  const seen = await walkPayment({
    baseUrl: env.ISSUER,
    apiKey: (await insertOrganisationWithKey()).apiKey,
    fetch: async (input: Request | URL | string, init?: RequestInit) => {
      const context = createExecutionContext();
      const response = await app.fetch(new Request(input, init), env, context);
      await waitOnExecutionContext(context);
      return response;
    },
    say: (heading: string) => steps.push(heading),
  });
  expect(seen.international).toMatchObject({
    status: 'completed',
    status_history: [{ status: 'pending' }, { status: 'pending', reason: 'sent' }, { status: 'completed' }],
  });
  expect(seen.funds).toMatchObject({ funds_available: false });
  expect(steps.at(-1)).toMatch(/Tidy up/);
});
