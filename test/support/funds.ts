/** A TPP that may ask about one account, and its questions over HTTP. */
import { env } from 'cloudflare:workers';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { type TestApp, testApp } from './app.ts';
import { authorizedConsent } from './consents.ts';
import { MAIN_ACCOUNT } from './journey.ts';
import { insertTestOrganisation } from './organisation.ts';
import { fundsRequestOf } from './payments.ts';
import { testScope } from './scope.ts';
import { makeClient } from './test-client.ts';
import { accessToken, bearer } from './tokens.ts';

export const FUNDS_PATH = '/open-banking/v1/funds-confirmations';

export interface AskerParts {
  readonly app?: TestApp;
  readonly tenantId?: string;
  readonly accountId?: string;
  readonly scopes?: readonly string[];
}

/** A new sandbox tenant, seeded. */
export async function seededTenant(): Promise<string> {
  return sandboxTenants.ready(testScope(), await insertTestOrganisation());
}

/** A client with an authorized consent to ask about one of the seeded accounts. */
export async function makeAsker({
  app = testApp(),
  accountId = MAIN_ACCOUNT,
  scopes = ['openid', 'fundsconfirmations'],
  ...parts
}: AskerParts = {}) {
  const scope = testScope({ nowMs: app.nowMs() });
  const tenantId = parts.tenantId ?? (await seededTenant());
  const { clientId } = await makeClient({ roles: ['CBPII'], scopes: ['openid', 'fundsconfirmations'] });
  const request = fundsRequestOf(scope);
  const accountIds = [accountId];
  const { consentId } = await authorizedConsent(scope, { clientId, tenantId, accountIds, request, scopes });
  /** Headers of a call at the present time: a token lives 600 s. */
  async function headers(): Promise<Record<string, string>> {
    const now = testScope({ nowMs: app.nowMs() });
    return bearer(await accessToken(clientId, { subject: 'subject', scopes, consentId }, now), {
      'x-consent-id': consentId,
    });
  }
  return {
    tenantId,
    clientId,
    consentId,
    headers,
    send: async (body: unknown, from = app) => from.sendJson(FUNDS_PATH, body, { headers: await headers() }),
    ask: async (amount: string, currency = 'GBP', from = app) =>
      from.sendJson(FUNDS_PATH, question(amount, currency), { headers: await headers() }),
  };
}

/** The body of a question. */
export function question(amount: string, currency = 'GBP') {
  return { reference: 'RECEIPT 1187', instructed_amount: { amount, currency } };
}

/** The checks kept under a consent, oldest first. */
export async function keptChecks(consentId: string) {
  const { results } = await env.DB.prepare(
    'SELECT * FROM funds_confirmations WHERE consent_id = ?1 ORDER BY created_at, funds_confirmation_id',
  )
    .bind(consentId)
    .all();
  return results;
}
