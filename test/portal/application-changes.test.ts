/** An application's changes from the dashboard: RFC 7592 by forms, the registration token, deletion, joining and leaving. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { type Browse, browse, hidden, makeApplication, SOFTWARE, tokenIn } from '../support/applications.ts';
import { signUpMember } from '../support/developers.ts';
import { makeKey, signAssertion } from '../support/test-client.ts';
import { newTpp } from '../support/tpp.ts';

async function begin() {
  const app = testApp();
  const member = await signUpMember();
  const browser = browse(app, member);
  const key = await makeKey();
  const { clientId, registrationToken } = await makeApplication(browser, SOFTWARE, key);
  const read = (token = registrationToken) =>
    app.request(`/register/${clientId}`, { headers: { authorization: `Bearer ${token}` } });
  const deeds = async () => {
    const { results } = await env.DB.prepare(
      'SELECT action FROM developer_deeds WHERE organisation_id = ? ORDER BY sequence',
    )
      .bind(member.organisation.organisationId)
      .all<{ action: string }>();
    return results.map(({ action }) => action.replace('application.', ''));
  };
  return { app, member, browser, key, clientId, registrationToken, read, deeds };
}

async function versionOf(browser: Browse, clientId: string): Promise<string> {
  return hidden((await browser.open(`/${clientId}/edit`)).html, 'version');
}

describe('changing', () => {
  it('replaces what the form names under a new statement, and leaves the rest', async () => {
    const { app, browser, key, clientId, read, deeds } = await begin();
    const version = await versionOf(browser, clientId);
    const answer = await browser.post(`/${clientId}/edit`, {
      version,
      name: 'Acorn Two',
      redirect_uris: 'https://acorn.example/callback\nhttps://acorn.example/second',
      role_AISP: 'on',
      role_PISP: 'on',
      key_source: 'keep',
    });
    expect(answer).toMatchObject({
      status: 303,
      location: `/dashboard/applications/${clientId}?done=changed`,
    });
    const registered = await (await read()).json<Record<string, unknown>>();
    expect(registered).toMatchObject({
      client_name: 'Acorn Two',
      redirect_uris: ['https://acorn.example/callback', 'https://acorn.example/second'],
      scope: 'openid accounts transactions payments',
      jwks: { keys: [key.publicJwk] },
    });
    expect(registered).not.toHaveProperty('logo_uri');
    expect((await browser.open(`/${clientId}`)).html).toContain('Acorn Two');
    expect(await deeds()).toEqual(['register', 'change']);

    // Its key still proves it, and the new scope is there at the next request.
    const token = await app.sendForm('/oauth/token', {
      grant_type: 'client_credentials',
      scope: 'payments',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion(clientId, key),
    });
    expect(token.status).toBe(200);
  });

  it('brings other keys, and the old ones are refused at the next request', async () => {
    const { app, browser, key, clientId } = await begin();
    const other = await makeKey('PS256');
    const { status } = await browser.post(`/${clientId}/edit`, {
      ...SOFTWARE,
      version: await versionOf(browser, clientId),
      key_source: 'jwks',
      jwks: JSON.stringify({ keys: [other.publicJwk] }),
    });
    expect(status).toBe(303);
    const statuses = [];
    for (const used of [key, other]) {
      const answer = await app.sendForm('/oauth/token', {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signAssertion(clientId, used),
      });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([401, 200]);
  });

  it('says what is wrong, and does nothing', async () => {
    const { browser, clientId, deeds } = await begin();
    const version = await versionOf(browser, clientId);
    for (const [fields, message] of [
      [{ redirect_uris: 'http://a.example' }, 'Redirect URI 1 is not an https URI.'],
      [{ role_AISP: '' }, 'Choose at least one role.'],
      [{ key_source: 'jwks', jwks: '{}' }, 'must hold 1 to 20 keys'],
      // As a form without scripts leaves it, whose choice nobody changed.
      [{ jwks: '{"keys":[]}' }, 'You chose to keep the keys'],
      [{ jwks_uri: 'https://keys.acorn.example/jwks' }, 'You chose to keep the keys'],
      [{ version: '7' }, 'changed meanwhile'],
    ] as const) {
      const answer = await browser.post(`/${clientId}/edit`, {
        ...SOFTWARE,
        version,
        key_source: 'keep',
        ...fields,
      });
      expect(answer.status).toBe(400);
      expect(answer.html).toContain(message);
    }
    expect(await deeds()).toEqual(['register']);
  });

  it('leaves a client name that differs from the software’s, until the name is changed', async () => {
    const { app, browser, clientId, registrationToken, read } = await begin();
    const { redirect_uris, software_statement } = await (await read()).json<Record<string, unknown>>();
    const put = await app.request(`/register/${clientId}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${registrationToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris, software_statement, client_name: 'Acorn for phones' }),
    });
    expect(put.status).toBe(200);
    for (const [name, expected] of [
      [SOFTWARE.name, 'Acorn for phones'],
      ['Acorn Two', 'Acorn Two'],
    ] as const) {
      const fields = { ...SOFTWARE, name, version: await versionOf(browser, clientId), key_source: 'keep' };
      expect((await browser.post(`/${clientId}/edit`, fields)).status).toBe(303);
      expect((await (await read()).json<{ client_name: string }>()).client_name).toBe(expected);
    }
  });

  it('of two at once makes one, written down once', async () => {
    const { browser, clientId, deeds } = await begin();
    const fields = { ...SOFTWARE, version: await versionOf(browser, clientId), key_source: 'keep' };
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) => browser.post(`/${clientId}/edit`, { ...fields, name })),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      303, 400, 400,
    ]);
    expect(await deeds()).toEqual(['register', 'change']);
  });
});

describe('the registration token', () => {
  it('is rotated: the old one is refused at once, the new one is shown once', async () => {
    const { app, browser, clientId, registrationToken, read, deeds } = await begin();
    const form = hidden((await browser.open(`/${clientId}/token`)).html, 'form');
    const answers = await Promise.all([
      browser.post(`/${clientId}/token`, { form }),
      browser.post(`/${clientId}/token`, { form }),
    ]);
    answers.push(await browser.post(`/${clientId}/token`, { form }));
    const [token = ''] = answers.map(({ html }) => tokenIn(html));
    expect(answers.map(({ html }) => tokenIn(html))).toEqual([token, token, token]);
    expect(token).not.toBe(registrationToken);
    expect([(await read()).status, (await read(token)).status]).toEqual([401, 200]);
    expect(await deeds()).toEqual(['register', 'rotate_token']);
    const row = await env.DB.prepare('SELECT * FROM clients WHERE client_id = ?').bind(clientId).first();
    expect(JSON.stringify([row, app.lines])).not.toContain(token.slice(10));
  });

  it('is not brought back by a change that was read before', async () => {
    const { app, browser, clientId, registrationToken, read } = await begin();
    const registered = await (await read()).json<Record<string, unknown>>();
    const form = hidden((await browser.open(`/${clientId}/token`)).html, 'form');
    const [put, rotated] = await Promise.all([
      app.sendJson(`/register/${clientId}`, registered, {
        method: 'PUT',
        headers: { authorization: `Bearer ${registrationToken}` },
      }),
      browser.post(`/${clientId}/token`, { form }),
    ]);
    expect([200, 401, 409]).toContain(put.status);
    const stands = rotated.status === 200 ? tokenIn(rotated.html) : registrationToken;
    expect((await read(stands)).status).toBe(200);
  });

  it('asks for a proof that is not old', async () => {
    const { app, member, clientId } = await begin();
    const { organisationId } = member.organisation;
    const tired = browse(app, await signUpMember({ organisationId, confirmed: false }));
    for (const page of ['token', 'delete']) {
      expect((await tired.open(`/${clientId}/${page}`)).location).toContain('/dashboard/confirm');
      expect((await tired.post(`/${clientId}/${page}`)).location).toContain('/dashboard/confirm');
    }
  });
});

describe('deleting', () => {
  it('takes the name, ends everything, and shows the application as deleted', async () => {
    const { app, browser, key, clientId, read, deeds } = await begin();
    for (const confirmation of ['', 'acorn finance', 'Acorn']) {
      const refused = await browser.post(`/${clientId}/delete`, { confirmation });
      expect(refused.status).toBe(400);
      expect(refused.html).toContain('Type the name exactly');
    }
    expect((await read()).status).toBe(200);
    const deleted = await browser.post(`/${clientId}/delete`, { confirmation: 'Acorn Finance' });
    expect(deleted.location).toBe('/dashboard/applications?done=deleted');
    expect((await read()).status).toBe(401);
    const token = await app.sendForm('/oauth/token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion(clientId, key),
    });
    expect(token.status).toBe(401);
    expect((await browser.open('')).html).toContain('Deleted');
    const one = await browser.open(`/${clientId}`);
    expect(one.status).toBe(200);
    expect(one.html).not.toContain(`${clientId}/edit`);
    expect(one.html).not.toContain('it lapses 24 hours');
    for (const page of ['edit', 'token', 'delete']) {
      expect((await browser.open(`/${clientId}/${page}`)).status).toBe(303);
      // From the page of a colleague who was not as quick.
      const { location } = await browser.post(`/${clientId}/${page}`, { confirmation: 'Acorn Finance' });
      expect(location).toBe(`/dashboard/applications/${clientId}?done=stopped`);
    }
    expect((await browser.open(`/${clientId}?done=stopped`)).html).toContain('nothing more was changed');
    expect(await deeds()).toEqual(['register', 'delete']);
  });

  it('takes the name as keyboards write it: of names we keep no joiners and variants, letters are composed or not', async () => {
    const { browser } = await begin();
    const name = 'Caf\u0065\u0301 \u2764\ufe0f \u{1f469}\u200d\u{1f4bb}';
    const { clientId } = await makeApplication(browser, { ...SOFTWARE, name });
    const confirmation = ' Caf\u00e9  \u2764\ufe0f \u{1f469}\u200d\u{1f4bb}';
    expect((await browser.post(`/${clientId}/delete`, { confirmation })).location).toContain('done=deleted');
  });
});

describe('joining', () => {
  async function outside() {
    const app = testApp();
    const tpp = await newTpp(app);
    const { clientId, registrationToken } = tpp;
    const fields = { client_id: clientId, registration_access_token: registrationToken };
    return { app, tpp, clientId, registrationToken, fields };
  }

  it('takes the registration token of software registered elsewhere, and leaving gives it back', async () => {
    const { app, clientId, registrationToken, fields } = await outside();
    const member = await signUpMember();
    const browser = browse(app, member);
    const joined = await browser.post('/join', fields);
    expect(joined.location).toBe(`/dashboard/applications/${clientId}?done=joined`);
    expect((await browser.open('')).html).toContain(clientId);
    expect((await browser.open(`/${clientId}`)).html).toContain('Let it leave');
    const again = await browser.post('/join', fields);
    expect(again.html).toContain('belongs to your organisation already');

    expect((await browser.post(`/${clientId}/leave`)).location).toContain('done=left');
    expect((await browser.open(`/${clientId}`)).status).toBe(404);
    const kept = await env.DB.prepare('SELECT * FROM developer_deeds WHERE organisation_id = ?')
      .bind(member.organisation.organisationId)
      .all();
    expect(kept.results.map(({ action }) => action)).toEqual(['application.join', 'application.leave']);
    expect(JSON.stringify([kept, app.lines])).not.toContain(registrationToken.slice(10));
    expect(again.html).not.toContain(registrationToken);
  });

  it('answers a wrong token, another’s, and an unknown client alike', async () => {
    const { app, clientId, registrationToken } = await outside();
    const other = await outside();
    const browser = browse(app, await signUpMember());
    const answers = await Promise.all(
      [
        [clientId, `reg_token_${'a'.repeat(43)}`],
        [clientId, other.registrationToken],
        [crypto.randomUUID(), registrationToken],
        ['x', registrationToken],
        [clientId, 'x'],
        [clientId, ''],
      ].map(([client_id = '', registration_access_token = '']) =>
        browser.post('/join', { client_id, registration_access_token }),
      ),
    );
    const told = answers.map(({ status, html }) => [
      status,
      html.replace(/value="[^"]*"/g, '').replace(/[0-9a-f-]{36}/g, ''),
    ]);
    for (const one of told) expect(one).toEqual(told[0]);
    expect(told[0]?.[0]).toBe(400);
  });

  it('lets a client into one organisation, however many ask at once', async () => {
    const { app, clientId, fields } = await outside();
    const members = await Promise.all([1, 2, 3, 4, 5].map(() => signUpMember()));
    const answers = await Promise.all(members.map((member) => browse(app, member).post('/join', fields)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      303, 400, 400, 400, 400,
    ]);
    expect(answers.filter(({ html }) => html.includes('has joined another organisation'))).toHaveLength(4);
    const pages = await Promise.all(members.map((member) => browse(app, member).open(`/${clientId}`)));
    expect(pages.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 404, 404, 404, 404,
    ]);
    const { results } = await env.DB.prepare(
      "SELECT organisation_id FROM developer_deeds WHERE action = 'application.join' AND subject = ?",
    )
      .bind(clientId)
      .all();
    expect(results).toHaveLength(1);
  });

  it('shows and changes a joined client; what its directory says stays its directory’s', async () => {
    const { app, tpp, clientId, fields } = await outside();
    const browser = browse(app, await signUpMember());
    // As some tools write a UUID.
    await browser.post('/join', { ...fields, client_id: ` ${clientId.toUpperCase()}` });
    const edit = await browser.open(`/${clientId}/edit`);
    expect(edit.html).toContain('New software statement');
    const [uri = ''] = /https:\/\/[^\s<]+callback/.exec(edit.html) ?? [];
    const version = hidden(edit.html, 'version');
    const beyond = await browser.post(`/${clientId}/edit`, {
      version,
      name: 'Joined',
      redirect_uris: 'https://elsewhere.example/callback',
    });
    const problem = 'Redirect URI 1 is not in the software statement.';
    expect(beyond.html).toContain(`<a href="#redirect_uris">${problem}</a>`);
    expect(beyond.html).toContain(`id="redirect_uris-error">${problem}<`);
    const changed = await browser.post(`/${clientId}/edit`, { version, name: 'Joined', redirect_uris: uri });
    expect(changed.status).toBe(303);
    const read = await app.request(`/register/${clientId}`, {
      headers: { authorization: `Bearer ${tpp.registrationToken}` },
    });
    expect(await read.json()).toMatchObject({ client_name: 'Joined', redirect_uris: [uri] });
  });

  it('lets stay what was registered elsewhere: a redirect URI of one’s own machine, a logo by http', async () => {
    const app = testApp();
    const tpp = await newTpp(app, {
      redirectUris: ['http://localhost:3000/callback'],
      metadata: { logo_uri: 'http://acorn.example/logo' },
    });
    const { clientId, registrationToken } = tpp;
    const browser = browse(app, await signUpMember());
    await browser.post('/join', { client_id: clientId, registration_access_token: registrationToken });
    const name = 'Joined '.repeat(28).trim();
    const fields = {
      name,
      redirect_uris: 'http://localhost:3000/callback',
      version: await versionOf(browser, clientId),
    };
    const changed = await browser.post(`/${clientId}/edit`, {
      ...fields,
      logo_uri: 'http://acorn.example/logo',
    });
    expect(changed.location).toBe(`/dashboard/applications/${clientId}?done=changed`);
    const other = await browser.post(`/${clientId}/edit`, {
      ...fields,
      logo_uri: 'http://acorn.example/other',
    });
    expect(other.html).toContain('must begin with https://');
  });
});
