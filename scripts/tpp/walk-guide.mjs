/** A TPP walks the published guide with an independent OAuth client: register, consent, authorize, call, end. */
import * as oauth from 'oauth4webapi';
import { openBrowser, passJourney } from './customer-browser.mjs';

const REDIRECT_URI = 'https://your-app.com/callback';

/** Stops the walk: something was not as the guide promises. */
export class Surprise extends Error {}

/** Stops the walk unless the condition holds. */
export function expect(condition, sentence) {
  if (!condition) throw new Surprise(sentence);
}

/** The body of an answer, which must have this status. */
export async function answered(response, status) {
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  expect(response.status === status, `expected ${status}, got ${response.status}: ${text}`);
  return body;
}

/**
 * Walks the guide against `baseUrl` and throws a Surprise on anything unexpected. `fetch` sends each request, `say` takes
 * a heading for each step. Returns what it saw.
 */
export async function walkGuide({ baseUrl, apiKey, fetch, say }) {
  const options = {
    [oauth.customFetch]: (url, init) => fetch(url, init),
    [oauth.allowInsecureRequests]: new URL(baseUrl).protocol === 'http:',
  };
  const api = `${baseUrl}/open-banking/v1`;

  say('Discovery: what this authorization server can do');
  const issuer = new URL(baseUrl);
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' }),
  );

  say('Sandbox access: a software statement from the sandbox directory');
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  const kid = 'demo-1';
  const jwk = { ...(await crypto.subtle.exportKey('jwk', keys.publicKey)), kid, use: 'sig', alg: 'ES256' };
  const { software_statement } = await answered(
    await fetch(`${baseUrl}/sandbox/software-statements`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        software_client_name: 'Acorn Finance',
        software_redirect_uris: [REDIRECT_URI],
        software_roles: ['AISP'],
        software_jwks: {
          keys: [{ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid, use: 'sig', alg: 'ES256' }],
        },
      }),
    }),
    201,
  );

  say('Step 1: register the application (RFC 7591)');
  const registration = await answered(
    await fetch(server.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        software_statement,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      }),
    }),
    201,
  );
  expect(registration.scope === 'openid accounts transactions', 'the guide promises its default scope');
  const client = { client_id: registration.client_id };
  const authentication = oauth.PrivateKeyJwt({ key: keys.privateKey, kid });

  try {
    say('Step 3.1: a token for the client itself, to create the consent');
    const own = await oauth.processClientCredentialsResponse(
      server,
      client,
      await oauth.clientCredentialsGrantRequest(
        server,
        client,
        authentication,
        { scope: 'consents' },
        options,
      ),
    );
    const asClient = new Headers({ 'content-type': 'application/json' });

    say('Step 3.1: create a consent');
    const consent = await answered(
      await oauth.protectedResourceRequest(
        own.access_token,
        'POST',
        new URL(`${api}/consents`),
        asClient,
        JSON.stringify({
          consent_type: 'account-access',
          permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
        }),
        options,
      ),
      201,
    );
    expect(consent.status === 'awaiting_authorization', 'a new consent awaits its customer');

    say('Step 3.2: push the authorization request (RFC 9126) and send the customer to the bank');
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const pushed = await oauth.processPushedAuthorizationResponse(
      server,
      client,
      await oauth.pushedAuthorizationRequest(
        server,
        client,
        authentication,
        {
          response_type: 'code',
          redirect_uri: REDIRECT_URI,
          scope: 'openid accounts transactions',
          state,
          nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          consent_id: consent.consent_id,
        },
        options,
      ),
    );
    const start = new URL(server.authorization_endpoint);
    start.searchParams.set('client_id', client.client_id);
    start.searchParams.set('request_uri', pushed.request_uri);

    say("Step 3.3: the customer logs in, types the one-time code and approves, on the bank's own pages");
    const end = await passJourney(openBrowser({ fetch, homes: [issuer.origin] }), start, {
      username: 'hazel',
      password: 'hamster-wheel',
      code: '123456',
      decision: 'approve',
    });
    expect(end.left?.href.startsWith(`${REDIRECT_URI}?`), 'the customer comes back to the application');

    say('Step 3.4: the authorization code arrives at the redirect URI');
    const callback = oauth.validateAuthResponse(server, client, end.left, state);

    say('Step 3.5: exchange the code for tokens');
    const tokens = await oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        callback,
        REDIRECT_URI,
        verifier,
        options,
      ),
      { expectedNonce: nonce, requireIdToken: true },
    );
    expect(tokens.consent_id === consent.consent_id, 'the token names its consent');

    const withConsent = () => new Headers({ 'x-consent-id': consent.consent_id });
    const read = (token, path) =>
      oauth.protectedResourceRequest(token, 'GET', new URL(`${api}${path}`), withConsent(), null, options);

    say('Step 4: the first call, the accounts the customer chose');
    const accounts = await answered(await read(tokens.access_token, '/accounts'), 200);
    expect(accounts.links.self === '/accounts', 'links are below /open-banking/v1');
    const main = accounts.data.find((account) => account.nickname === 'Main Account');
    expect(main?.account_id === 'acc_1234567890', "the guide's Main Account is there");

    say('Balances');
    const balances = await answered(
      await read(tokens.access_token, `/accounts/${main.account_id}/balances`),
      200,
    );

    say('Transactions, five a page, and the next page');
    const transactions = await answered(
      await read(tokens.access_token, `/accounts/${main.account_id}/transactions?limit=5`),
      200,
    );
    expect(transactions.data.length === 5, 'a page holds what was asked for');
    const next = await answered(await read(tokens.access_token, transactions.links.next), 200);
    expect(next.data[0].transaction_id !== transactions.data[0].transaction_id, 'the next page goes on');

    say('Refresh: a new access token without the customer');
    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, options),
    );
    await answered(await read(refreshed.access_token, '/accounts'), 200);

    say('The consent ends: the TPP deletes it');
    await answered(
      await oauth.protectedResourceRequest(
        own.access_token,
        'DELETE',
        new URL(`${api}/consents/${consent.consent_id}`),
        undefined,
        null,
        options,
      ),
      204,
    );

    say('The very next call is refused');
    const refusal = await fetch(`${api}/accounts`, {
      headers: { authorization: `Bearer ${refreshed.access_token}`, 'x-consent-id': consent.consent_id },
    });
    expect((await answered(refusal, 401)).code === 'consent_revoked', 'a revoked consent opens nothing');

    return { registration, consent, tokens, accounts, balances, transactions };
  } finally {
    say('Tidy up: the demo deletes its client (RFC 7592)');
    await answered(
      await fetch(registration.registration_client_uri, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${registration.registration_access_token}` },
      }),
      204,
    );
  }
}
