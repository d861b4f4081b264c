/** The guide's own story, walked by an independent OAuth client on the real runtime. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createApp } from '#app.ts';
import { walkGuide } from '../../scripts/tpp/walk-guide.mjs';
import { insertOrganisationWithKey } from '../support/api-key.ts';

it('walks the published guide from registration to the refusal after the consent ended', async () => {
  const app = createApp({ log: () => {} });
  const steps: string[] = [];
  const seen = await walkGuide({
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
  expect(seen.accounts.data.map((account: { nickname: string }) => account.nickname)).toContain(
    'Main Account',
  );
  expect(steps.at(-1)).toMatch(/Tidy up/);
});
