/** A TPP pays and asks about funds with an independent OAuth client: at home, abroad, twice with one key, and yes or no. */
import * as oauth from 'oauth4webapi';
import { openBrowser, passJourney } from './customer-browser.mjs';
import { answered, expect } from './walk-guide.mjs';

const REDIRECT_URI = 'https://your-app.com/callback';
const MAIN_ACCOUNT = { scheme: 'SortCodeAccountNumber', id: '608371-12345678' };
/** Longest wait for an international payment, and how often to ask, milliseconds. */
const SETTLED_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 500;

const DOMESTIC = {
  type: 'domestic',
  instructed_amount: { amount: '1.65', currency: 'GBP' },
  creditor: { name: 'Acorn Stores Ltd', account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' } },
  reference: 'INV 2026/117',
  end_to_end_id: 'ACORN-2026-117',
};

const INTERNATIONAL = {
  type: 'international',
  instructed_amount: { amount: '10.00', currency: 'GBP' },
  creditor: { name: 'Nussbaum GmbH', account: { scheme: 'IBAN', id: 'DE89370400440532013000' } },
  debtor_account: MAIN_ACCOUNT,
  reference: 'Rechnung 42',
  end_to_end_id: 'NUSS-42',
  currency_of_transfer: 'EUR',
};

/** Registers software with both roles; returns what the steps of the walk are made of. */
async function openTpp({ baseUrl, apiKey, fetch, say }) {
  const options = {
    [oauth.customFetch]: (url, init) => fetch(url, init),
    [oauth.allowInsecureRequests]: new URL(baseUrl).protocol === 'http:',
  };
  say('Discovery: what this authorization server can do');
  const issuer = new URL(baseUrl);
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' }),
  );

  say('Register software that may initiate payments (PISP) and confirm funds (CBPII)');
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  const kid = 'demo-1';
  const sendJson = (url, body, headers = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const statement = {
    software_client_name: 'Acorn Pay',
    software_redirect_uris: [REDIRECT_URI],
    software_roles: ['PISP', 'CBPII'],
    software_jwks: { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }] },
  };
  const withKey = { authorization: `Bearer ${apiKey}` };
  const { software_statement } = await answered(
    await sendJson(`${baseUrl}/sandbox/software-statements`, statement, withKey),
    201,
  );
  const registration = await answered(
    await sendJson(server.registration_endpoint, {
      software_statement,
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    }),
    201,
  );
  expect(registration.scope === 'openid payments fundsconfirmations', 'the roles give their scopes');
  const client = { client_id: registration.client_id };
  const authentication = oauth.PrivateKeyJwt({ key: keys.privateKey, kid });
  const whose = [server, client, authentication];

  async function call(token, method, path, { consentId, body, key } = {}) {
    const headers = new Headers({
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(consentId === undefined ? {} : { 'x-consent-id': consentId }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    });
    const url = new URL(`${baseUrl}/open-banking/v1${path}`);
    // A refusal has to be read like any other answer, which oauth4webapi leaves to its caller by throwing.
    try {
      return await oauth.protectedResourceRequest(
        token,
        method,
        url,
        headers,
        body === undefined ? null : JSON.stringify(body),
        options,
      );
    } catch (error) {
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response;
      throw error;
    }
  }

  return {
    registration,
    call,
    async ownToken() {
      const grant = oauth.clientCredentialsGrantRequest(...whose, { scope: 'consents' }, options);
      const answer = await oauth.processClientCredentialsResponse(server, client, await grant);
      return answer.access_token;
    },
    /** Sends hazel through the bank's own pages and exchanges the code. */
    async authorize(consentId, scope) {
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const nonce = oauth.generateRandomNonce();
      const request = {
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        consent_id: consentId,
      };
      const { request_uri } = await oauth.processPushedAuthorizationResponse(
        server,
        client,
        await oauth.pushedAuthorizationRequest(...whose, request, options),
      );
      const start = new URL(server.authorization_endpoint);
      start.searchParams.set('client_id', client.client_id);
      start.searchParams.set('request_uri', request_uri);
      const end = await passJourney(openBrowser({ fetch, homes: [issuer.origin] }), start, {
        username: 'hazel',
        password: 'hamster-wheel',
        code: '123456',
        decision: 'approve',
        accounts: ['acc_1234567890'],
      });
      expect(end.left?.href.startsWith(`${REDIRECT_URI}?`), 'the customer comes back to the application');
      const callback = oauth.validateAuthResponse(server, client, end.left, state);
      const tokens = await oauth.processAuthorizationCodeResponse(
        server,
        client,
        await oauth.authorizationCodeGrantRequest(...whose, callback, REDIRECT_URI, verifier, options),
        { expectedNonce: nonce, requireIdToken: true },
      );
      expect(tokens.consent_id === consentId, 'the token names its consent');
      return tokens;
    },
    async leave() {
      const authorization = `Bearer ${registration.registration_access_token}`;
      const gone = await fetch(registration.registration_client_uri, {
        method: 'DELETE',
        headers: { authorization },
      });
      await answered(gone, 204);
    },
  };
}

async function payAtHome(tpp, own, say) {
  say('Create a consent to one domestic payment');
  const body = { consent_type: 'payment', payment: DOMESTIC };
  const consent = await answered(await tpp.call(own, 'POST', '/consents', { body }), 201);
  const consentId = consent.consent_id;

  say("The customer picks the account and approves amount and payee, on the bank's own pages");
  const { access_token: token } = await tpp.authorize(consentId, 'openid payments');

  say('Pay, once');
  const key = crypto.randomUUID();
  const order = { consentId, body: { payment: DOMESTIC }, key };
  const payment = await answered(await tpp.call(token, 'POST', '/payments', order), 201);
  expect(payment.status === 'completed', 'a domestic payment is completed at once');

  say('The answer was lost? The same key gets it again, and pays nothing');
  const again = await tpp.call(token, 'POST', '/payments', order);
  expect(again.headers.get('idempotency-replayed') === 'true', 'a replay says that it is one');
  const replayed = await answered(again, 201);
  expect(replayed.payment_id === payment.payment_id, 'a replay is of the same payment');

  say('Another key cannot pay under this consent again');
  const second = { ...order, key: crypto.randomUUID() };
  const refusal = await answered(await tpp.call(token, 'POST', '/payments', second), 409);
  expect(refusal.code === 'consent_consumed', 'a consent pays once');

  say('Read the payment, and the consent that it consumed');
  const read = await answered(await tpp.call(own, 'GET', `/payments/${payment.payment_id}`), 200);
  expect(read.status === 'completed', 'what is completed stays so');
  const used = await answered(await tpp.call(own, 'GET', `/consents/${consentId}`), 200);
  expect(
    used.status === 'consumed' && used.payment_id === payment.payment_id,
    'the consent names its payment',
  );
  return payment;
}

async function payAbroad(tpp, own, say) {
  say('Create a consent to an international payment: rate, charges and total debit hold for 15 minutes');
  const body = { consent_type: 'payment', payment: INTERNATIONAL };
  const consent = await answered(await tpp.call(own, 'POST', '/consents', { body }), 201);
  expect(
    consent.exchange_rate?.to === 'EUR' && consent.total_debit !== undefined,
    'the quote is in the answer',
  );
  const { access_token: token } = await tpp.authorize(consent.consent_id, 'openid payments');

  say('Pay: pending until the payee’s bank has it');
  const order = { consentId: consent.consent_id, body: { payment: INTERNATIONAL }, key: crypto.randomUUID() };
  const payment = await answered(await tpp.call(token, 'POST', '/payments', order), 201);
  expect(
    payment.status === 'pending' && payment.uetr !== undefined,
    'an international payment begins pending',
  );

  say('Ask until it is settled');
  const path = `/payments/${payment.payment_id}`;
  let read = payment;
  for (
    let waitedMs = 0;
    read.status === 'pending' && waitedMs < SETTLED_WITHIN_MS;
    waitedMs += ASK_EVERY_MS
  ) {
    if (waitedMs > 0) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    read = await answered(await tpp.call(own, 'GET', path), 200);
  }
  expect(read.status === 'completed', `the payment is completed, not ${read.status}`);
  return read;
}

async function confirmFunds(tpp, own, say) {
  say('Create a consent to ask about one account');
  const body = { consent_type: 'funds-confirmation', debtor_account: MAIN_ACCOUNT };
  const consent = await answered(await tpp.call(own, 'POST', '/consents', { body }), 201);
  const consentId = consent.consent_id;
  const { access_token: token } = await tpp.authorize(consentId, 'openid fundsconfirmations');

  async function ask(amount) {
    const question = { reference: 'TILL 4 RECEIPT 1187', instructed_amount: { amount, currency: 'GBP' } };
    const answer = await tpp.call(token, 'POST', '/funds-confirmations', { consentId, body: question });
    return answered(answer, 201);
  }
  say('Is there a penny? Yes');
  expect((await ask('0.01')).funds_available === true, 'the Main Account holds a penny');
  say('Is there a fortune? No, and nothing else is told');
  const no = await ask('9999999.99');
  expect(no.funds_available === false, 'the Main Account holds no fortune');
  return no;
}

/**
 * Pays at home and abroad and asks about funds, against `baseUrl`; throws a Surprise on anything unexpected. `fetch` sends
 * each request, `say` takes a heading for each step. Returns what it saw.
 */
export async function walkPayment(setting) {
  const { say } = setting;
  const tpp = await openTpp(setting);
  try {
    say('A token for the client itself, to create consents');
    const own = await tpp.ownToken();
    const domestic = await payAtHome(tpp, own, say);
    const international = await payAbroad(tpp, own, say);
    const funds = await confirmFunds(tpp, own, say);
    return { domestic, international, funds };
  } finally {
    say('Tidy up: the demo deletes its client (RFC 7592)');
    await tpp.leave();
  }
}
