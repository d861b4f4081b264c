/** A directory that the bank trusts by configuration, whose key the test holds. */
import { type JWTHeaderParameters, SignJWT } from 'jose';
import { TEST_NOW_MS } from './scope.ts';
import { makeKey, type TestKey } from './test-client.ts';
import { type Members, REDIRECT_URI } from './tpp.ts';

export interface DirectoryParts {
  readonly key?: TestKey;
  /** Members of its entry in TRUSTED_DIRECTORIES beside or instead of the usual. */
  readonly settings?: Members;
}

export interface TestDirectory {
  readonly issuer: string;
  readonly key: TestKey;
  /** The bindings of a deployment that trusts it. */
  readonly bindings: { readonly TRUSTED_DIRECTORIES: string };
  /** The claims of a good statement for `softwareKey`. */
  claims(softwareKey: TestKey): Members;
  sign(claims: Members, parts?: { readonly key?: TestKey; readonly header?: Members }): Promise<string>;
}

export async function testDirectory({ key, settings = {} }: DirectoryParts = {}): Promise<TestDirectory> {
  const own = key ?? (await makeKey('PS256'));
  const issuer = `https://directory.example/${crypto.randomUUID()}`;
  const entry = { issuer, algorithms: ['PS256'], jwks: { keys: [own.publicJwk] }, ...settings };
  return {
    issuer,
    key: own,
    bindings: { TRUSTED_DIRECTORIES: JSON.stringify([entry]) },
    claims: (softwareKey) => ({
      iss: issuer,
      iat: TEST_NOW_MS / 1000,
      jti: crypto.randomUUID(),
      org_id: crypto.randomUUID(),
      org_name: 'Nutkin Money Ltd',
      software_id: 'nutkin',
      software_client_name: 'Nutkin',
      software_roles: ['AISP', 'ASPSP'],
      software_redirect_uris: [REDIRECT_URI],
      software_jwks: { keys: [softwareKey.publicJwk] },
    }),
    sign: (claims, { key: other = own, header = {} } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({
          alg: other.algorithm,
          kid: other.publicJwk.kid,
          ...header,
        } as JWTHeaderParameters)
        // Lets a test name an extension of its own as critical.
        .sign(other.privateKey, { crit: { x: true } }),
  };
}
