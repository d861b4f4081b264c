/** The modules that a deployment of the sandbox uploads, run as they are: a TPP walks the guide and pays against them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_KEY, prepareDatabase } from '../../scripts/bench/database.mjs';
import { ISSUER, startRuntime } from '../../scripts/bench/runtime.mjs';
import { bundleDeployment } from '../../scripts/bundle.mjs';
import { walkGuide } from '../../scripts/tpp/walk-guide.mjs';
import { walkPayment } from '../../scripts/tpp/walk-payment.mjs';

const directory = mkdtempSync(join(tmpdir(), 'deployment-'));
let runtime: Awaited<ReturnType<typeof startRuntime>>;

beforeAll(async () => {
  bundleDeployment({ directory, environment: 'sandbox' });
  runtime = await startRuntime({ directory, environment: 'sandbox' });
  await prepareDatabase(await runtime.database());
});

afterAll(async () => {
  await runtime.stop();
  rmSync(directory, { recursive: true });
});

/** Sends what is for the deployment's address to the runtime that stands for it. */
async function send(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const { origin, pathname, search } = new URL(request.url);
  expect(origin).toBe(ISSUER);
  const { status, headers, text } = await runtime.send({
    method: request.method,
    path: pathname + search,
    headers: Object.fromEntries(request.headers),
    ...(request.body === null ? {} : { body: await request.text() }),
  });
  const lines = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    [value].flat().map((line) => [name, String(line)]),
  );
  return new Response([204, 303, 304].includes(status) ? null : text, { status, headers: lines });
}

const SETTING = { baseUrl: ISSUER, apiKey: API_KEY, fetch: send, say: () => undefined };

it('reads accounts as the guide says', async () => {
  const { accounts } = await walkGuide(SETTING);
  expect(accounts.data.length).toBeGreaterThan(0);
});

it('pays, and confirms funds', async () => {
  // It asks whether there is a penny, then whether there is a fortune.
  const { domestic, international, funds } = await walkPayment(SETTING);
  expect(domestic.payment_id).not.toBe(international.payment_id);
  expect(funds.funds_available).toBe(false);
});

it('sees whether its database answers', async () => {
  const answer = await send(`${ISSUER}/status`, { headers: { accept: 'application/json' } });
  expect(answer.status).toBe(200);
});
