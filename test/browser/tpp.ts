/** A TPP with a callback of its own: registers, creates consents, and keeps what arrives at its redirect URI. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { LocalServer } from '../node/local-server.ts';

export interface BrowserTpp {
  readonly clientId: string;
  readonly redirectUri: string;
  /** What the callback was given for a consent. */
  arrivalOf(consentId: string): URLSearchParams | undefined;
  /** A new consent, to the accounts or as the body says, and where its customer is sent. */
  start(body?: object): Promise<{ readonly consentId: string; readonly startUrl: string }>;
  /** An access token for a consent whose code has arrived. */
  tokenOf(consentId: string): Promise<string>;
  /** The status of an answer to reading accounts. */
  read(consentId: string, token: string): Promise<number>;
  /** The status of a consent. */
  statusOf(consentId: string): Promise<string>;
  close(): void;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, () => resolve((server.address() as AddressInfo).port));
  });
}

async function asked(answer: Promise<Response>, status: number): Promise<Record<string, string>> {
  const response = await answer;
  const text = await response.text();
  if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, string>;
}

/** The `state` that a consent's request carries. */
function stateOf(consentId: string): string {
  return `state-${consentId.slice(-16)}`;
}

const ACCESS = {
  consent_type: 'account-access',
  permissions: ['ReadAccounts', 'ReadBalances', 'ReadTransactions'],
  transaction_from_date: '2026-01-01T00:00:00Z',
};

/** Its callback, on one origin, sends the browser on to its front page, on another. */
export async function browserTpp({
  baseUrl,
  apiKey,
  roles = ['AISP'],
  name = 'Acorn Finance',
}: Pick<LocalServer, 'baseUrl' | 'apiKey'> & {
  readonly roles?: readonly string[];
  readonly name?: string;
}): Promise<BrowserTpp> {
  const arrivals: URL[] = [];
  const front = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Acorn</title><h1>Welcome back</h1>');
  });
  const frontPort = await listen(front);
  const callback = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (url.pathname === '/callback') arrivals.push(url);
    response.writeHead(303, { location: `http://127.0.0.1:${frontPort}/` }).end();
  });
  const redirectUri = `http://127.0.0.1:${await listen(callback)}/callback`;

  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'browser-1', use: 'sig', alg: 'ES256' };
  const json = { 'content-type': 'application/json' };
  const { software_statement } = await asked(
    fetch(`${baseUrl}/sandbox/software-statements`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({
        software_client_name: name,
        software_redirect_uris: [redirectUri],
        software_roles: roles,
        software_jwks: { keys: [jwk] },
      }),
    }),
    201,
  );
  const { client_id = '' } = await asked(
    fetch(`${baseUrl}/register`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        software_statement,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      }),
    }),
    201,
  );
  async function tokenFor(parameters: Readonly<Record<string, string>>): Promise<string> {
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(baseUrl)
      .setJti(crypto.randomUUID())
      .setExpirationTime('1 minute')
      .sign(privateKey);
    const { access_token = '' } = await asked(
      fetch(`${baseUrl}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...parameters,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      }),
      200,
    );
    return access_token;
  }
  const access_token = await tokenFor({ grant_type: 'client_credentials', scope: 'consents' });
  const own = { ...json, authorization: `Bearer ${access_token}` };

  const arrivalOf: BrowserTpp['arrivalOf'] = (consentId) =>
    arrivals.find(({ searchParams }) => searchParams.get('state') === stateOf(consentId))?.searchParams;

  return {
    clientId: client_id,
    redirectUri,
    arrivalOf,
    tokenOf: (consentId) =>
      tokenFor({
        grant_type: 'authorization_code',
        code: arrivalOf(consentId)?.get('code') ?? '',
        redirect_uri: redirectUri,
      }),
    async read(consentId, token) {
      const headers = { authorization: `Bearer ${token}`, 'x-consent-id': consentId };
      return (await fetch(`${baseUrl}/open-banking/v1/accounts`, { headers })).status;
    },
    async start(body = ACCESS) {
      const { consent_id = '', authorization_url = '' } = await asked(
        fetch(`${baseUrl}/open-banking/v1/consents`, {
          method: 'POST',
          headers: own,
          body: JSON.stringify(body),
        }),
        201,
      );
      const url = new URL(authorization_url);
      url.searchParams.set('client_id', client_id);
      url.searchParams.set('redirect_uri', redirectUri);
      url.searchParams.set('response_type', 'code');
      url.searchParams.set('state', stateOf(consent_id));
      return { consentId: consent_id, startUrl: url.href };
    },
    async statusOf(consentId) {
      const { status = '' } = await asked(
        fetch(`${baseUrl}/open-banking/v1/consents/${consentId}`, { headers: own }),
        200,
      );
      return status;
    },
    close() {
      front.close();
      callback.close();
    },
  };
}
