/** The script by which an application's commands sign: in the algorithm of the private key unless it is told one. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'assertion-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

it.each<[string, Pair]>([
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['PS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['EdDSA', generateKeyPairSync('ed25519')],
])('%s', async (algorithm, { publicKey, privateKey }) => {
  const KEY_FILE = join(folder, `${algorithm}.pem`);
  writeFileSync(KEY_FILE, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const settings = { BASE_URL: 'https://bank.example', CLIENT_ID: 'me', KEY_FILE, KEY_ID: '' };
  for (const KEY_ALGORITHM of ['', algorithm]) {
    const assertion = execFileSync(process.execPath, ['public/assets/assertion.mjs'], {
      env: { ...settings, KEY_ALGORITHM },
      encoding: 'utf8',
    }).trim();
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: algorithm });
    const { payload } = await jwtVerify(assertion, publicKey, {
      issuer: 'me',
      subject: 'me',
      audience: 'https://bank.example/oauth/token',
    });
    expect(payload['jti']).toHaveLength(36);
  }
});
