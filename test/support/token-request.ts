/** Requests to the token endpoint as a registered client makes them. */
import type { TestApp } from './app.ts';
import { REDIRECT_URI } from './consents.ts';
import type { AssertionParts, TestClient } from './test-client.ts';

export const CREDENTIALS_GRANT = { grant_type: 'client_credentials' };

export type TokenBody = Record<string, string | number>;

/** Asks for a token with a fresh assertion, dated by the app's clock. */
export async function askToken(
  app: TestApp,
  client: TestClient,
  parameters: Record<string, string>,
  parts: AssertionParts = {},
): Promise<Response> {
  const now = Math.floor(app.nowMs() / 1000);
  return app.sendForm('/oauth/token', { ...(await client.credentials({ now, ...parts })), ...parameters });
}

/** The parameters that redeem a code of `authorizedConsent`. */
export function redemption(code: string): Record<string, string> {
  return { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
}
