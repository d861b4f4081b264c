/** The sandbox's stand-in for a customer: the same answers as the pages', without them. */
import { describe, expect, it } from 'vitest';
import { readConsentWithHistory } from '#consents/read-consent.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import {
  answerOf,
  beginJourney,
  ISSUER,
  type Journey,
  MAIN_ACCOUNT,
  REDIRECT_URI,
} from '../support/journey.ts';
import { testScope } from '../support/scope.ts';

const DENIED = { at: REDIRECT_URI, error: 'access_denied', state: 'state-1', iss: ISSUER };

async function begin(): Promise<Journey & { readonly apiKey: string }> {
  const { organisationId, apiKey } = await insertOrganisationWithKey();
  return { ...(await beginJourney({ organisationId })), apiKey };
}

type Begun = Awaited<ReturnType<typeof begin>>;

function authorize(
  journey: Begun,
  members: object = {},
  { consentId = journey.consentId, apiKey = journey.apiKey } = {},
) {
  return journey.app.sendJson(
    `/sandbox/consents/${consentId}/authorize`,
    { customer: 'hazel', accounts: [MAIN_ACCOUNT], decision: 'approve', ...journey.parameters(), ...members },
    { headers: { authorization: `Bearer ${apiKey}` } },
  );
}

async function answered(answer: Response): Promise<Record<string, string>> {
  expect(answer.status).toBe(200);
  const { redirect_uri } = await answer.json<{ redirect_uri: string }>();
  return answerOf({ location: redirect_uri });
}

it('gives the URL with the code, and the history says who stood in', async () => {
  const journey = await begin();
  expect(await answered(await authorize(journey))).toEqual({
    at: REDIRECT_URI,
    code: expect.stringMatching(/^c\./),
    state: 'state-1',
    iss: ISSUER,
  });
  const reading = await readConsentWithHistory(testScope(), journey.consentId);
  expect(reading?.consent).toMatchObject({
    status: 'authorized',
    customerId: 'cus_hazel',
    accountIds: [MAIN_ACCOUNT],
  });
  expect(reading?.history.at(-1)).toMatchObject({
    event: 'authorized',
    note: expect.stringContaining('sandbox'),
  });
});

it('takes the client and the consent from its path', async () => {
  const journey = await begin();
  const answer = await authorize(journey, { client_id: undefined, consent_id: undefined, scope: undefined });
  expect(await answered(answer)).toHaveProperty('code');
});

it('takes a pushed request, once', async () => {
  const journey = await begin();
  const { request_uri } = await (await journey.push()).json<{ request_uri: string }>();
  const members = { customer: 'hazel', accounts: [MAIN_ACCOUNT], decision: 'cancel', request_uri };
  const send = () =>
    journey.app.sendJson(`/sandbox/consents/${journey.consentId}/authorize`, members, {
      headers: { authorization: `Bearer ${journey.apiKey}` },
    });
  expect(await answered(await send())).toEqual(expect.objectContaining(DENIED));
  const again = await send();
  expect(again.status).toBe(400);
  expect(await again.json()).toMatchObject({ code: 'invalid_request_uri' });
});

it.each([
  ['deny', { decision: 'deny' }, 'rejected'],
  ['cancel', { decision: 'cancel' }, 'awaiting_authorization'],
  ['a locked customer', { customer: 'sorrel', decision: 'deny' }, 'awaiting_authorization'],
  ['a customer without accounts', { customer: 'teasel' }, 'awaiting_authorization'],
])('tells the client access_denied: %s', async (_name, members, status) => {
  const journey = await begin();
  expect(await answered(await authorize(journey, members))).toMatchObject(DENIED);
  expect(await journey.consent()).toMatchObject({ status });
});

it.each([
  ['invalid_scope', { scope: 'openid payments' }],
  ['unsupported_response_type', { response_type: 'token' }],
  ['interaction_required', { prompt: 'none' }],
])('tells the client %s', async (error, members) => {
  const journey = await begin();
  expect(await answered(await authorize(journey, members))).toMatchObject({ at: REDIRECT_URI, error });
});

it('tells the client invalid_request once the consent is decided', async () => {
  const journey = await begin();
  await authorize(journey);
  expect(await answered(await authorize(journey))).toMatchObject({ error: 'invalid_request' });
});

it.each([
  ['an unknown customer', { customer: 'nobody' }, 'customer'],
  ['no account', { accounts: [] }, 'accounts'],
  ['an account of somebody else', { accounts: ['acc_3456789012'] }, 'accounts'],
  ['another decision', { decision: 'yes' }, 'decision'],
  ['no customer', { customer: undefined }, 'customer'],
])('refuses %s and changes nothing', async (_name, members, field) => {
  const journey = await begin();
  const answer = await authorize(journey, members);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  expect(await journey.consent()).toMatchObject({ status: 'awaiting_authorization' });
});

it.each([
  ['no redirect URI', { redirect_uri: undefined }],
  ['a redirect URI of somebody else', { redirect_uri: 'https://other.example/callback' }],
  ['another client', { client_id: crypto.randomUUID() }],
  ['claims without a consent', { consent_id: undefined, claims: '{}', scope: 'openid' }],
])('refuses a request with %s', async (_name, members) => {
  const journey = await begin();
  expect((await authorize(journey, members)).status).toBe(400);
});

it('refuses a request about another consent of the client', async () => {
  const journey = await begin();
  const consent_id = await journey.addConsent();
  expect((await authorize(journey, { consent_id })).status).toBe(400);
});

describe('only what the organisation owns', () => {
  it('is found', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const answer = await authorize(mine, theirs.parameters(), { consentId: theirs.consentId });
    expect(answer.status).toBe(404);
    expect(await theirs.consent()).toMatchObject({ status: 'awaiting_authorization' });
  });

  it.each([`consent_ais_${'0'.repeat(64)}`, 'consent_1'])('is found, not %s', async (consentId) => {
    expect((await authorize(await begin(), {}, { consentId })).status).toBe(404);
  });

  it('needs a key', async () => {
    expect((await authorize(await begin(), {}, { apiKey: 'sk_sandbox_nobody' })).status).toBe(401);
  });
});

it('of 50 at once exactly one gets a code', async () => {
  const journey = await begin();
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => answered(await authorize(journey))),
  );
  expect(answers.filter((answer) => 'code' in answer)).toHaveLength(1);
  expect(answers.filter((answer) => answer['error'] === 'invalid_request')).toHaveLength(49);
});

it('of 50 with one request_uri exactly one is answered', async () => {
  const journey = await begin();
  const { request_uri } = await (await journey.push()).json<{ request_uri: string }>();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      journey.app.sendJson(
        `/sandbox/consents/${journey.consentId}/authorize`,
        { customer: 'hazel', decision: 'cancel', request_uri },
        { headers: { authorization: `Bearer ${journey.apiKey}` } },
      ),
    ),
  );
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  expect(answers.filter((answer) => answer.status === 400)).toHaveLength(49);
});
