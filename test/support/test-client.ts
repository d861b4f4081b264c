/** A client as registration leaves it (row written, object told), whose private keys the test holds. */
import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { rowOf } from '#clients/client.store.ts';
import { clientsTable } from '#clients/client.table.ts';
import type { Client, ClientAlgorithm, PublicJwk } from '#clients/client.ts';
import { openDatabase } from '#edge/database.ts';
import { TEST_NOW_MS } from './scope.ts';

export interface TestKey {
  readonly algorithm: ClientAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
}

const TEST_NOW = TEST_NOW_MS / 1000;
export const TEST_ISSUER = 'http://localhost:8787';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A fresh key pair with a kid of its own, unless `kid` is null. */
export async function makeKey(
  algorithm: ClientAlgorithm = 'ES256',
  kid: string | null = crypto.randomUUID(),
): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = (await exportJWK(publicKey)) as PublicJwk;
  return { algorithm, privateKey, publicJwk: kid === null ? jwk : { ...jwk, kid } };
}

export interface AssertionParts {
  readonly key?: TestKey;
  readonly claims?: JWTPayload | Record<string, unknown>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Epoch seconds. */
  readonly now?: number;
}

/** A client assertion that the server takes, but for what `parts` puts in its place. */
export async function signAssertion(
  clientId: string,
  key: TestKey,
  { claims = {}, header = {}, now = TEST_NOW }: Omit<AssertionParts, 'key'> = {},
): Promise<string> {
  return new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: TEST_ISSUER,
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: key.algorithm, kid: key.publicJwk.kid, ...header } as JWTHeaderParameters)
    .sign(key.privateKey);
}

export interface TestClient {
  readonly clientId: string;
  readonly client: Client;
  readonly key: TestKey;
  assertion(parts?: AssertionParts): Promise<string>;
  /** The form parameters that authenticate it. */
  credentials(parts?: AssertionParts): Promise<Record<string, string>>;
  /** Changes the record as registration does: a new version in D1, then the object told. */
  change(changes: Partial<Client>): Promise<TestClient>;
}

function testClient(client: Client, key: TestKey): TestClient {
  const { clientId } = client;
  return {
    clientId,
    client,
    key,
    assertion: ({ key: other, ...parts } = {}) => signAssertion(clientId, other ?? key, parts),
    async credentials(parts) {
      return {
        client_id: clientId,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await this.assertion(parts),
      };
    },
    async change(changes) {
      const changed = { ...client, ...changes, version: client.version + 1 };
      await store(changed);
      return testClient(changed, key);
    },
  };
}

async function store(client: Client): Promise<void> {
  const { statementId, software, organisationName, softwareName, roles, redirectUris } = client;
  const statement = {
    statementId,
    software,
    organisationName,
    softwareName,
    roles,
    redirectUris,
    keys: undefined,
    metadata: {},
  };
  const row = { ...rowOf({ client, statement }), endedAt: client.status === 'ended' ? TEST_NOW : null };
  await openDatabase(env.DB)
    .insert(clientsTable)
    .values(row)
    .onConflictDoUpdate({ target: clientsTable.clientId, set: row });
  await env.CLIENTS.get(env.CLIENTS.idFromName(client.clientId)).tell({
    version: client.version,
    status: client.status,
    scopes: client.scopes,
  });
}

/** A registered AISP with one ES256 key, but for what is given. */
export async function makeClient(
  given: Partial<Client> & { readonly key?: TestKey } = {},
): Promise<TestClient> {
  const { key = await makeKey(), ...changes } = given;
  const clientId = crypto.randomUUID();
  const client: Client = {
    clientId,
    organisationId: crypto.randomUUID(),
    software: { directoryIssuer: 'https://directory.example', orgId: crypto.randomUUID(), softwareId: 'app' },
    organisationName: 'Nutkin Money Ltd',
    softwareName: 'Nutkin',
    roles: ['AISP'],
    status: 'active',
    version: 1,
    redirectUris: ['https://client.example/callback'],
    scopes: ['openid', 'accounts', 'transactions'],
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
    keys: { by: 'value', jwks: { keys: [key.publicJwk] } },
    idTokenAlgorithm: 'ES256',
    assertionAlgorithm: undefined,
    issuedAt: TEST_NOW,
    statementId: crypto.randomUUID(),
    metadata: {},
    registrationTokenDigest: 'none',
    registeredBySignedBody: false,
    ...changes,
  };
  await store(client);
  return testClient(client, key);
}
