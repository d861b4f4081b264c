/** The authorization code flow: one test a MUST of OpenID Connect Core 1.0 that concerns the authorization endpoint. */
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingKeys } from '#edge/signing-keys.ts';
import { codeOf, tokensOf } from '../support/authorized-code.ts';
import { answerOf, beginJourney, ISSUER, type Journey, reachConsent } from '../support/journey.ts';
import { testScope } from '../support/scope.ts';

const IDENTITY = { consent_id: undefined, scope: 'openid' };

type Changes = Readonly<Record<string, string | undefined>>;

async function errorOf(journey: Journey, changes: Changes): Promise<string | undefined> {
  return answerOf(await journey.browser().get(journey.url(changes)))['error'];
}

async function formOf(journey: Journey, changes: Changes): Promise<string | undefined> {
  return (await journey.browser().get(journey.url(changes))).form;
}

describe('3.1.2.1 authentication request', () => {
  it('servers MUST support the use of the HTTP GET and POST methods', async () => {
    const journey = await beginJourney();
    expect(await formOf(journey, {})).toBe('login');
    expect((await journey.app.sendForm('/oauth/authorize', journey.parameters())).status).toBe(200);
  });

  it('openid without a consent is an authentication request', async () => {
    const journey = await beginJourney();
    expect(await formOf(journey, IDENTITY)).toBe('login');
  });

  it('redirect_uri MUST exactly match one of the Redirection URI values for the Client', async () => {
    const journey = await beginJourney();
    const landed = await journey
      .browser()
      .get(journey.url({ redirect_uri: 'https://client.example/callback?' }));
    expect(landed).toMatchObject({ status: 400, location: undefined });
  });

  it('state is returned as it came, up to 4,096 characters', async () => {
    const journey = await beginJourney();
    const state = `ü&=#+% ${'s'.repeat(4000)}`;
    const landed = await journey.browser().get(journey.url({ state, prompt: 'none' }));
    expect(answerOf(landed)['state']).toBe(state);
  });

  it.each(['nonce', 'n'.repeat(384)])('nonce is passed through unmodified', async (nonce) => {
    const journey = await beginJourney();
    expect(decodeJwt((await tokensOf(journey, { nonce })).id_token)['nonce']).toBe(nonce);
  });

  it('a request without nonce leads to an ID Token without nonce', async () => {
    const journey = await beginJourney();
    expect(decodeJwt((await tokensOf(journey, { nonce: undefined })).id_token)).not.toHaveProperty('nonce');
  });

  it.each(['page', 'popup', 'touch', 'wap'])('display=%s is no error', async (display) => {
    expect(await formOf(await beginJourney(), { display })).toBe('login');
  });

  it('prompt=none MUST NOT display any page, and returns an error', async () => {
    const journey = await beginJourney();
    expect(await errorOf(journey, { ...IDENTITY, prompt: 'none' })).toBe('login_required');
    expect(await errorOf(journey, { prompt: 'none' })).toBe('interaction_required');
  });

  it('prompt=none with any other value is an error', async () => {
    expect(await errorOf(await beginJourney(), { prompt: 'none consent' })).toBe('invalid_request');
  });

  it.each(['login', 'consent', 'select_account'])(
    'prompt=%s is met: the customer logs in and decides',
    async (prompt) => {
      const journey = await beginJourney();
      expect((await reachConsent(journey.browser(), journey.url({ prompt }))).form).toBe('consent');
    },
  );

  it('with max_age the ID Token MUST include auth_time, and the customer is authenticated anew', async () => {
    const journey = await beginJourney();
    const { auth_time } = decodeJwt((await tokensOf(journey, { max_age: '1' })).id_token);
    expect(auth_time).toBe(Math.floor(journey.app.nowMs() / 1000));
  });

  it.each(['ui_locales', 'claims_locales', 'login_hint', 'acr_values'])('%s is no error', async (name) => {
    expect(await formOf(await beginJourney(), { [name]: 'cy unknown' })).toBe('login');
  });

  it('unknown parameters SHOULD be ignored', async () => {
    expect(await formOf(await beginJourney(), { extra: 'foobar' })).toBe('login');
  });
});

describe('3.1.2.1 id_token_hint', () => {
  it('of this customer, even expired, is met', async () => {
    const journey = await beginJourney();
    const { id_token } = await tokensOf(journey, IDENTITY);
    journey.app.advance(86_400_000);
    expect(await codeOf(journey, { ...IDENTITY, id_token_hint: id_token })).toMatch(/^i\./);
  });

  it('of another customer is answered with login_required', async () => {
    const journey = await beginJourney();
    const { id_token } = await tokensOf(journey, IDENTITY);
    const landed = await reachConsent(
      journey.browser(),
      journey.url({ ...IDENTITY, id_token_hint: id_token }),
      'basil',
    );
    expect(answerOf(landed)['error']).toBe('login_required');
  });

  it('issued to another client, or an access token, is refused', async () => {
    const [mine, theirs] = [await beginJourney(), await beginJourney()];
    const { id_token } = await tokensOf(theirs, IDENTITY);
    const { access_token } = await tokensOf(mine, IDENTITY);
    expect(await errorOf(mine, { ...IDENTITY, id_token_hint: id_token })).toBe('invalid_request');
    expect(await errorOf(mine, { ...IDENTITY, id_token_hint: access_token })).toBe('invalid_request');
  });

  it('of another issuer, or unsigned, is refused', async () => {
    const journey = await beginJourney();
    const keys = await signingKeys(testScope());
    const exp = testScope().now + 60;
    const claims = { iss: 'https://evil.example', aud: journey.client.clientId, sub: 'x', exp };
    const foreign = await keys.sign(claims, { algorithm: 'ES256', typ: 'JWT' });
    expect(await errorOf(journey, { ...IDENTITY, id_token_hint: foreign })).toBe('invalid_request');
    const unsigned = `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify({ ...claims, iss: ISSUER })).replaceAll('=', '')}.`;
    expect(await errorOf(journey, { ...IDENTITY, id_token_hint: unsigned })).toBe('invalid_request');
  });
});

describe('3.1.2.2 request validation', () => {
  it('if the sub claim is requested with a value, the server MUST NOT answer for a different user', async () => {
    const journey = await beginJourney();
    const { sub } = decodeJwt((await tokensOf(journey, IDENTITY)).id_token);
    const claims = JSON.stringify({ id_token: { sub: { value: sub } } });
    expect(await codeOf(journey, { ...IDENTITY, claims })).toMatch(/^i\./);
    const landed = await reachConsent(journey.browser(), journey.url({ ...IDENTITY, claims }), 'basil');
    expect(answerOf(landed)['error']).toBe('login_required');
  });

  it('names one subject at most', async () => {
    const journey = await beginJourney();
    const { id_token } = await tokensOf(journey, IDENTITY);
    const claims = JSON.stringify({ id_token: { sub: { value: 'another' } } });
    expect(await errorOf(journey, { ...IDENTITY, claims, id_token_hint: id_token })).toBe('invalid_request');
  });

  it('MUST verify that all the REQUIRED parameters are present', async () => {
    const journey = await beginJourney();
    expect(await errorOf(journey, { response_type: undefined })).toBe('invalid_request');
    for (const name of ['client_id', 'redirect_uri']) {
      const landed = await journey.browser().get(journey.url({ [name]: undefined }));
      expect(landed).toMatchObject({ status: 400, location: undefined });
    }
  });
});

describe('3.1.2.3 authentication of the end-user', () => {
  it('MUST attempt to authenticate when the user is not authenticated, or prompt=login, or by our rule always', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    await reachConsent(browser, journey.url());
    expect((await browser.get(journey.url(IDENTITY))).form).toBe('login');
  });

  it('MUST employ measures against cross-site request forgery and clickjacking', async () => {
    const journey = await beginJourney();
    const login = await journey.browser().get(journey.url());
    expect(login.headers.get('x-frame-options')).toBe('DENY');
    const forged = await journey
      .browser()
      .post('/oauth/authorize/login', { interaction: login.interaction }, { origin: 'https://evil.example' });
    expect(forged.status).toBe(403);
  });
});

describe('3.1.2.4 consent', () => {
  it('MUST obtain an authorization decision before releasing information', async () => {
    const journey = await beginJourney();
    const consent = await reachConsent(journey.browser(), journey.url(IDENTITY));
    expect(consent.form).toBe('consent');
    expect(consent.html).toContain('Nutkin');
  });
});

describe('3.1.2.6 authentication error response', () => {
  it('invalid redirection URIs MUST NOT be redirected to', async () => {
    const journey = await beginJourney();
    const landed = await journey
      .browser()
      .get(journey.url({ redirect_uri: 'https://evil.example/', scope: 'x' }));
    expect(landed).toMatchObject({ status: 400, location: undefined });
  });

  it('state is REQUIRED in the error if it was in the request', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(journey.url({ state: 'abc', scope: 'payments' }));
    expect(answerOf(landed)).toMatchObject({ error: 'invalid_scope', state: 'abc' });
  });
});

describe('5.5 claims', () => {
  it('members that are not understood MUST be ignored', async () => {
    const claims = JSON.stringify({
      id_token: { pet: { essential: true } },
      userinfo: { name: null },
      other: {},
    });
    expect(await formOf(await beginJourney(), { claims })).toBe('login');
  });

  it('5.5.1.1: an essential acr that cannot be met MUST be treated as a failed authentication', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:example:gold'] } } });
    expect(await errorOf(await beginJourney(), { claims })).toBe('access_denied');
  });

  it('5.5.1.1: an essential acr that is met stands in the ID Token', async () => {
    const acr = 'urn:openbanking:psd2:sca';
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: [acr] } } });
    const { id_token } = await tokensOf(await beginJourney(), { claims });
    expect(decodeJwt(id_token)['acr']).toBe(acr);
  });

  it('without an essential acr, a voluntary one is no error', async () => {
    const claims = JSON.stringify({ id_token: { acr: { value: 'urn:example:gold' } } });
    expect(await formOf(await beginJourney(), { claims })).toBe('login');
  });
});

describe('6 requests as JWTs', () => {
  it('6: a server that does not support request MUST return request_not_supported', async () => {
    expect(await errorOf(await beginJourney(), { request: 'e30.e30.' })).toBe('request_not_supported');
  });

  it('6.2: a request_uri that is a URL is not fetched', async () => {
    const journey = await beginJourney();
    const landed = await journey.browser().get(journey.url({ request_uri: 'https://client.example/r.jwt' }));
    expect(landed).toMatchObject({ status: 400, location: undefined });
  });
});

describe('8 subjects', () => {
  it('8.1: pairwise: the same for one organisation, another for the next', async () => {
    const [one, other] = [await beginJourney(), await beginJourney()];
    const sub = async (journey: Journey) => decodeJwt((await tokensOf(journey, IDENTITY)).id_token).sub;
    expect(await sub(one)).toBe(await sub(one));
    expect(await sub(one)).not.toBe(await sub(other));
  });
});

describe('11 offline access', () => {
  it('is asked of the customer like all else', async () => {
    const scopes = ['openid', 'offline_access', 'accounts'];
    const journey = await beginJourney({ client: { scopes } });
    const changes = { consent_id: undefined, scope: 'openid offline_access' };
    expect((await reachConsent(journey.browser(), journey.url(changes))).html).toContain('without you');
    expect((await tokensOf(journey, changes)).scope).toBe('openid offline_access');
  });
});
