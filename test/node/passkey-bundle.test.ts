/** The passkey library as a deployment has it, without attestations: it still checks what an authenticator answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OUTPUT, optionsOf } from '../../scripts/build-worker.mjs';
import { type Authenticator, makeAuthenticator } from '../support/authenticator.ts';

type Library = typeof import('#developers/passkey-checks.flow.ts');

const HERE = { origin: 'https://developer.example.com', rpId: 'example.com' };
const ASKED = { expectedOrigin: HERE.origin, expectedRPID: HERE.rpId };
const CHALLENGE = 'Y2hhbGxlbmdl';

const scratch = mkdtempSync(join(tmpdir(), 'passkeys-'));
let library: Library;
let authenticator: Authenticator;

beforeAll(async () => {
  const file = join(scratch, 'webauthn.mjs');
  const bundler = await rolldown(
    optionsOf({ environment: 'production', entry: 'src/developers/passkey-checks.flow.ts' }),
  );
  await bundler.write({ ...OUTPUT, file });
  await bundler.close();
  library = (await import(pathToFileURL(file).href)) as Library;
  authenticator = await makeAuthenticator();
});

afterAll(() => rmSync(scratch, { recursive: true }));

async function register(format: string) {
  const response = JSON.parse(
    await authenticator.register({ ...HERE, challenge: CHALLENGE }, { format, counter: 1 }),
  );
  return library.verifyRegistrationResponse({ ...ASKED, response, expectedChallenge: CHALLENGE });
}

async function registered() {
  const { registrationInfo } = await register('none');
  if (registrationInfo === undefined) throw new Error('the passkey was not taken');
  return registrationInfo.credential;
}

async function signIn(credential: Awaited<ReturnType<typeof registered>>, by: Authenticator) {
  const response = JSON.parse(await by.sign({ ...HERE, challenge: CHALLENGE }, { counter: 2 }));
  return library.verifyAuthenticationResponse({
    ...ASKED,
    response: { ...response, id: credential.id, rawId: credential.id },
    expectedChallenge: CHALLENGE,
    credential,
  });
}

it('takes a passkey, and its signature', async () => {
  const { verified } = await signIn(await registered(), authenticator);
  expect(verified).toBe(true);
});

it('does not take the signature of another key', async () => {
  const { verified } = await signIn(await registered(), await makeAuthenticator());
  expect(verified).toBe(false);
});

it.each(['packed', 'tpm', 'android-key', 'android-safetynet', 'apple', 'fido-u2f'])(
  'takes no attestation of the format %s, whose check is left out',
  async (format) => {
    await expect(register(format)).rejects.toThrow('is not a function');
  },
);
