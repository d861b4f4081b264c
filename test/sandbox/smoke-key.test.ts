/** The smoke test's key: of one deployed sandbox, for one organisation, given by a secret. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';

const KEY = `sk_sandbox_${'5e'.repeat(32)}`;
const bindings = { ISSUER: 'https://sandbox.example', SMOKE_API_KEY: KEY };
const PATH = '/sandbox/software-statements';
const BODY = { software_redirect_uris: ['https://tpp.example/callback'] };
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

async function mint(key: string, more: Record<string, unknown> = {}): Promise<Response> {
  const app = testApp({ origin: bindings.ISSUER, bindings: { ...bindings, ...more } });
  return app.sendJson(PATH, BODY, bearer(key));
}

it('opens the organisation "Smoke test", made at its first use and the same afterwards', async () => {
  for (const key of [KEY, KEY, `sk_sandbox_${'6f'.repeat(32)}`]) {
    const answer = await mint(key, { SMOKE_API_KEY: key });
    expect(answer.status).toBe(201);
    const { software_statement: statement } = await answer.json<{ software_statement: string }>();
    const claims = JSON.parse(
      atob((statement.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')),
    );
    expect(claims).toMatchObject({ org_id: 'smoketest', org_name: 'Smoke test' });
  }
  const { results } = await env.DB.prepare("SELECT name FROM organisations WHERE org_id = 'smoketest'").all();
  expect(results).toEqual([{ name: 'Smoke test' }]);
});

it('is no key of the next deployment, nor of one without', async () => {
  expect((await mint(KEY, { SMOKE_API_KEY: `sk_sandbox_${'6f'.repeat(32)}` })).status).toBe(401);
  expect((await mint(KEY, { SMOKE_API_KEY: undefined })).status).toBe(401);
  expect((await mint(`${KEY}0`)).status).toBe(401);
});

it('is kept nowhere', async () => {
  const { results } = await env.DB.prepare('SELECT count(*) AS kept FROM api_keys').all();
  expect(results).toEqual([{ kept: 0 }]);
});
