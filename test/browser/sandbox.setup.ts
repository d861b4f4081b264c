/** Starts one sandbox and one Chromium for all files of the browser project. */
import type { TestProject } from 'vitest/node';
import { LOCAL_OPERATOR_KEY } from '#operator/operator-key.ts';
import { type LocalServer, startLocalServer } from '../node/local-server.ts';
import { serveChromium } from './chromium.ts';
import { browserTpp } from './tpp.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly baseUrl: string;
    readonly apiKey: string;
    /** The key's organisation has it: where the customers of these tests are. */
    readonly tenantId: string;
    /** Where the one Chromium listens. */
    readonly chromium: string;
  }
}

/** As the bank knows it of a consent that a customer has refused. */
async function tenantOf({ baseUrl, apiKey }: LocalServer): Promise<string> {
  const tpp = await browserTpp({ baseUrl, apiKey });
  const { consentId, startUrl } = await tpp.start();
  tpp.close();
  const request = Object.fromEntries(new URL(startUrl).searchParams);
  const refused = await fetch(`${baseUrl}/sandbox/consents/${consentId}/authorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ ...request, customer: 'hazel', decision: 'deny' }),
  });
  if (!refused.ok) throw new Error(`not refused: ${refused.status} ${await refused.text()}`);
  const found = await fetch(`${baseUrl}/operator/v1/consents/${consentId}`, {
    headers: { authorization: `Bearer ${LOCAL_OPERATOR_KEY}` },
  });
  const { tenant_id: tenantId } = (await found.json()) as { tenant_id: string | null };
  if (tenantId === null) throw new Error('the consent tells no tenant');
  return tenantId;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, browser] = await Promise.all([startLocalServer(), serveChromium()]);
  project.provide('baseUrl', server.baseUrl);
  project.provide('apiKey', server.apiKey);
  project.provide('tenantId', await tenantOf(server));
  project.provide('chromium', browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), server.stop()]);
  };
}
