/** A new deployment has no RSA key for a moment: a code that needs one is not spent meanwhile. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { authorizedConsent, REDIRECT_URI } from '../support/consents.ts';
import { testScope } from '../support/scope.ts';
import { makeClient } from '../support/test-client.ts';

it('answers 503 while the key is missing, and tokens for the same code afterwards', async () => {
  const app = testApp();
  const ring = env.KEY_RING.get(env.KEY_RING.idFromName('ring'));
  await app.request('/oauth/jwks');
  await runInDurableObject(ring, (_object, state) => state.storage.deleteAlarm());
  const client = await makeClient({ idTokenAlgorithm: 'PS256' });
  const { code } = await authorizedConsent(testScope(), { clientId: client.clientId });
  const redeem = async () =>
    app.sendForm('/oauth/token', {
      ...(await client.credentials()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
    });
  const early = await redeem();
  expect(early.status).toBe(503);
  expect(early.headers.has('retry-after')).toBe(true);
  expect(await early.json()).toMatchObject({ code: 'service_unavailable' });
  await runInDurableObject(ring, (_object, state) => state.storage.setAlarm(Date.now() + 60_000));
  await runDurableObjectAlarm(ring);
  app.advance(2_000);
  expect((await redeem()).status).toBe(200);
});
