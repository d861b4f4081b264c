/**
 * Prints a client assertion: a JWT, good for a minute, by which your software proves itself at the token endpoint. Your private
 * key signs it here and goes nowhere. Takes its settings from the environment, as the dashboard's .env names them.
 *
 *     set -a; . ./.env; set +a; node assertion.mjs
 */
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';

const { BASE_URL, CLIENT_ID, KEY_FILE, KEY_ID, KEY_ALGORITHM } = process.env;
const HOW = {
  ES256: { digest: 'sha256', dsaEncoding: 'ieee-p1363' },
  PS256: { digest: 'sha256', padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  EdDSA: { digest: null },
};

const ALGORITHMS = { ec: 'ES256', rsa: 'PS256', ed25519: 'EdDSA' };

const key = crypto.createPrivateKey(readFileSync(KEY_FILE));
const alg = KEY_ALGORITHM || ALGORITHMS[key.asymmetricKeyType];
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const iat = Math.floor(Date.now() / 1000);
const claims = {
  iss: CLIENT_ID,
  sub: CLIENT_ID,
  aud: `${BASE_URL}/oauth/token`,
  jti: crypto.randomUUID(),
  iat,
  exp: iat + 60,
};
const text = `${encode(KEY_ID ? { alg, kid: KEY_ID } : { alg })}.${encode(claims)}`;
const { digest, ...how } = HOW[alg];
const signature = crypto.sign(digest, Buffer.from(text), { key, ...how });
console.log(`${text}.${signature.toString('base64url')}`);
