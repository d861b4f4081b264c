/** Applications in production: no directory of its own, statements of trusted directories alone, clients that join as they are made. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { organisationIdOf } from '#clients/organisation.ts';
import { testApp } from '../support/app.ts';
import { browse, clientIdIn, hidden, tokenIn } from '../support/applications.ts';
import { signUpMember } from '../support/developers.ts';
import { testDirectory } from '../support/directory.ts';
import { PRODUCTION } from '../support/production.ts';
import { productionRing } from '../support/production-ring.ts';
import { makeKey } from '../support/test-client.ts';
import { REDIRECT_URI } from '../support/tpp.ts';

const SOFTWARE = { name: 'Nutkin', redirect_uris: REDIRECT_URI };

async function begin() {
  const directory = await testDirectory();
  const bindings = { ...PRODUCTION, ...directory.bindings, KEY_RING: productionRing() };
  const app = testApp({ origin: PRODUCTION.ISSUER, bindings });
  const member = await signUpMember({ issuer: PRODUCTION.ISSUER });
  const browser = browse(app, member);
  const key = await makeKey();
  const toStatement = async (fields: Record<string, string> = {}) => {
    await browser.post('/new', { ...SOFTWARE, ...fields });
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    await browser.post('/new/keys', {
      draft,
      key_source: 'jwks',
      jwks: JSON.stringify({ keys: [key.publicJwk] }),
    });
    return draft;
  };
  return { app, member, browser, directory, key, toStatement };
}

describe('a statement of a trusted directory', () => {
  it('registers a client that joins the organisation in the same moment', async () => {
    const { app, member, browser, directory, key, toStatement } = await begin();
    const first = await browser.open('/new');
    expect(first.html).not.toContain('role_AISP');
    const draft = await toStatement();
    const step = await browser.open('/new/statement');
    expect(step.html).toContain('Your public keys');
    expect(step.html).not.toContain('Get the statement');
    const claims = directory.claims(key);
    const software_statement = await directory.sign(claims);
    const taken = await browser.post('/new/statement', { draft, software_statement });
    expect(taken.location).toBe('/dashboard/applications/new/review');
    const review = await browser.open('/new/review');
    expect(review.html).toContain('Nutkin Money Ltd');
    const { html } = await browser.post('/new/review', { form: hidden(review.html, 'form') });
    const clientId = clientIdIn(html);
    expect(html).not.toContain('/sandbox/');
    expect(html).not.toContain('hamster-wheel');
    const read = await app.request(`/register/${clientId}`, {
      headers: { authorization: `Bearer ${tokenIn(html)}` },
    });
    expect(read.status).toBe(200);
    expect((await browser.open('')).html).toContain('Joined');
    const row = await env.DB.prepare('SELECT * FROM organisation_clients WHERE client_id = ?')
      .bind(clientId)
      .first();
    expect(row).toMatchObject({
      organisation_id: member.organisation.organisationId,
      joined_by: member.developer.developerId,
    });
    // Its statement's organisation is another.
    expect(await organisationIdOf(directory.issuer, String(claims['org_id']))).not.toBe(
      member.organisation.organisationId,
    );
  });

  it('may alone name the keys', async () => {
    const { browser, directory, key } = await begin();
    await browser.post('/new', SOFTWARE);
    const draft = hidden((await browser.open('/new/keys')).html, 'draft');
    await browser.post('/new/keys', { draft, key_source: 'statement' });
    const software_statement = await directory.sign(directory.claims(key));
    await browser.post('/new/statement', { draft, software_statement });
    const review = await browser.open('/new/review');
    const { html } = await browser.post('/new/review', { form: hidden(review.html, 'form') });
    expect(clientIdIn(html)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['nothing', '', 'The software statement is missing.'],
    ['no JWT', 'nope', 'The software statement is not a JWT.'],
  ])('is asked for again where it is %s', async (_, software_statement, message) => {
    const { browser, toStatement } = await begin();
    const draft = await toStatement();
    const answer = await browser.post('/new/statement', { draft, software_statement });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain(message);
    expect((await browser.open('/new/review')).location).toBe('/dashboard/applications/new/statement');
  });

  it.each([
    ['of another directory', { iss: 'https://unknown.example' }, 'not a directory that this bank trusts'],
    ['expired', { exp: 5 }, 'The software statement has expired.'],
    ['without the redirect URI', { software_redirect_uris: [] }, `does not name ${REDIRECT_URI}`],
    ['without keys', { software_jwks: undefined }, 'The software statement has no keys.'],
    ['without a role', { software_roles: ['ASPSP'] }, 'none of the roles AISP, PISP and CBPII'],
  ])('is refused in plain words where it is %s', async (_, changes, message) => {
    const { browser, directory, key, toStatement } = await begin();
    const draft = await toStatement();
    const software_statement = await directory.sign({ ...directory.claims(key), ...changes });
    const answer = await browser.post('/new/statement', { draft, software_statement });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain(message);
  });

  it('is refused where it does not hold the key of step 2, or is signed by another', async () => {
    const { browser, directory, key, toStatement } = await begin();
    const draft = await toStatement();
    const other = await directory.sign(directory.claims(await makeKey()));
    const missing = await browser.post('/new/statement', { draft, software_statement: other });
    expect(missing.html).toContain('The key of step 2 is not in the software statement.');
    const forged = await directory.sign(directory.claims(key), {
      key: { ...(await makeKey('PS256')), publicJwk: directory.key.publicJwk },
    });
    const answer = await browser.post('/new/statement', { draft, software_statement: forged });
    expect(answer.html).toContain('is not signed by its directory');
  });
});

describe('a newer statement of the same software', () => {
  it('leaves the scope as it was registered, less what its roles no longer allow and with what new ones open', async () => {
    const { app, browser, directory, key } = await begin();
    const claims = { ...directory.claims(key), software_roles: ['AISP', 'CBPII'] };
    const registered = await app.request('/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        software_statement: await directory.sign(claims),
        redirect_uris: [REDIRECT_URI],
        scope: 'openid accounts fundsconfirmations',
      }),
    });
    const { client_id, registration_access_token } = await registered.json<Record<string, string>>();
    const fields = { client_id: client_id ?? '', registration_access_token: registration_access_token ?? '' };
    expect((await browser.post('/join', fields)).status).toBe(303);
    const version = hidden((await browser.open(`/${client_id}/edit`)).html, 'version');
    const software_statement = await directory.sign({
      ...claims,
      jti: crypto.randomUUID(),
      software_roles: ['PISP', 'AISP'],
    });
    const changed = await browser.post(`/${client_id}/edit`, { ...SOFTWARE, version, software_statement });
    expect(changed.location).toContain('done=changed');
    const read = await app.request(`/register/${client_id}`, {
      headers: { authorization: `Bearer ${registration_access_token}` },
    });
    const after = await read.json<Record<string, unknown>>();
    expect(after).toMatchObject({ scope: 'openid accounts payments', software_statement });
    expect((await browser.open(`/${client_id}`)).html).toContain('openid accounts payments');
    // The same again is no newer one, whatever its age; blanks are none.
    for (const again of [software_statement, '  ']) {
      const next = hidden((await browser.open(`/${client_id}/edit`)).html, 'version');
      const posted = { ...SOFTWARE, name: 'Nut', version: next, software_statement: again };
      expect((await browser.post(`/${client_id}/edit`, posted)).status).toBe(303);
    }
  });
});
