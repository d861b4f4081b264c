/** The issuer in authorization responses: one test a MUST of RFC 9207. */
import { expect, it } from 'vitest';
import {
  answerOf,
  beginJourney,
  ISSUER,
  postDecision,
  postLogin,
  reachCode,
  reachConsent,
} from '../support/journey.ts';

it('2: in authorization responses, a server supporting this specification MUST indicate its identity by including the iss parameter', async () => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const answer = answerOf(await postDecision(browser, await reachConsent(browser, journey.url())));
  expect(answer).toMatchObject({ code: expect.any(String), iss: ISSUER });
});

it.each<[string, Readonly<Record<string, string>>]>([
  ['invalid_request', { response_mode: 'fragment' }],
  ['invalid_scope', { scope: 'payments' }],
  ['unsupported_response_type', { response_type: 'token' }],
  ['request_not_supported', { request: 'x' }],
  ['interaction_required', { prompt: 'none' }],
])('2: iss MUST be in error responses too: %s', async (error, changes) => {
  const journey = await beginJourney();
  expect(answerOf(await journey.browser().get(journey.url(changes)))).toMatchObject({ error, iss: ISSUER });
});

it.each(['deny', 'cancel'])('2: iss MUST be in the error response to %s', async (decision) => {
  const journey = await beginJourney();
  const browser = journey.browser();
  const consent = await reachConsent(browser, journey.url());
  expect(answerOf(await postDecision(browser, consent, decision))).toMatchObject({
    error: 'access_denied',
    iss: ISSUER,
  });
});

it('2: iss MUST be in the error response to a time-out and to too many failures', async () => {
  const journey = await beginJourney();
  const [late, clumsy] = [journey.browser(), journey.browser()];
  const login = await clumsy.get(journey.url());
  for (let index = 0; index < 4; index += 1)
    await postLogin(clumsy, login, { password: 'wrong', username: 'x' });
  const failed = await postLogin(clumsy, login, { password: 'wrong', username: 'x' });
  expect(answerOf(failed)).toMatchObject({ error: 'access_denied', iss: ISSUER });
  const code = await reachCode(late, journey.url());
  journey.app.advance(600_000);
  const answer = await late.post('/oauth/authorize/code', { interaction: code.interaction, otp: '123456' });
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied', iss: ISSUER });
});

it('2: the value MUST be the issuer identifier, without query or fragment, identical to the metadata’s', async () => {
  const journey = await beginJourney();
  const metadata = await (await journey.app.request('/.well-known/oauth-authorization-server')).json<{
    issuer: string;
    authorization_response_iss_parameter_supported: boolean;
  }>();
  const { iss } = answerOf(await journey.browser().get(journey.url({ prompt: 'none' })));
  expect(iss).toBe(metadata.issuer);
  expect(new URL(iss ?? '').search + new URL(iss ?? '').hash).toBe('');
});

it('3: the metadata says that iss is there', async () => {
  const { app } = await beginJourney();
  const metadata = await app.request('/.well-known/oauth-authorization-server');
  expect(await metadata.json()).toMatchObject({ authorization_response_iss_parameter_supported: true });
});
