/** Passkeys by a software authenticator with real keys: what adds one, what signs in and confirms, and what does not. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { removePasskey } from '#developers/own-passkeys.flow.ts';
import { addPasskey } from '#developers/passkey-ceremony.flow.ts';
import { AsnParser, ECDSASigValue } from '#developers/webauthn-asn1.ts';
import base64 from '#developers/webauthn-base64.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';
import { refuse } from '#kernel/result.ts';
import { newPasswordDigest } from '../support/accounts.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Authenticator, type Lies, makeAuthenticator, toDer } from '../support/authenticator.ts';
import { type Browser, type Landed, testBrowser } from '../support/browser.ts';
import { signUpMember, type TestMember, type TestMemberParts } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';

const HERE = { origin: env.ISSUER, rpId: new URL(env.ISSUER).hostname };
const SECURITY = '/dashboard/security';
const PASSKEYS = '/dashboard/security/passkeys';
const QUARTER_HOUR_MS = 15 * 60_000;

function browserOf(app: TestApp, { cookie }: TestMember): Browser {
  const [name = '', value = ''] = cookie.split('=');
  return testBrowser(app, new Map([[name, value]]));
}

/** What a page asks the authenticator. */
function askedOf({ html }: Landed): { sealed: string; challenge: string; options: Record<string, unknown> } {
  const sealed = /name="sealed" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const text = /data-options="([^"]+)"/.exec(html)?.[1] ?? '{}';
  const options = JSON.parse(text.replaceAll('&quot;', '"')) as Record<string, unknown>;
  return { sealed, challenge: String(options['challenge']), options };
}

async function add(
  browser: Browser,
  authenticator: Authenticator,
  { lies = {}, asked = {} }: { lies?: Lies; asked?: Partial<typeof HERE> } = {},
): Promise<Landed> {
  const { sealed, challenge } = askedOf(await browser.get(PASSKEYS));
  const response = await authenticator.register({ ...HERE, ...asked, challenge }, lies);
  return browser.post(PASSKEYS, { sealed, response, name: 'Test key' });
}

async function signIn(
  browser: Browser,
  authenticator: Authenticator,
  { lies = {}, asked = {} }: { lies?: Lies; asked?: Partial<typeof HERE> } = {},
): Promise<Landed> {
  const { sealed, challenge } = askedOf(await browser.get('/dashboard/sign-in'));
  const response = await authenticator.sign({ ...HERE, ...asked, challenge }, lies);
  return browser.post('/dashboard/sign-in/passkey', { sealed, response });
}

async function memberWithPasskey(app: TestApp, parts: TestMemberParts = {}) {
  const member = await signUpMember(parts);
  const authenticator = await makeAuthenticator();
  const browser = browserOf(app, member);
  const added = await add(browser, authenticator);
  expect(added.location).toBe(`${SECURITY}?done=passkey`);
  return { member, authenticator, browser };
}

describe('adding a passkey', () => {
  it('asks for a key that verifies its owner, and lists it afterwards', async () => {
    const app = testApp();
    const member = await signUpMember();
    const { options } = askedOf(await browserOf(app, member).get(PASSKEYS));
    expect(options).toMatchObject({
      rp: { id: HERE.rpId },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      user: { id: toBase64Url(utf8(member.developer.developerId)), name: member.developer.email },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: [],
    });
    const { authenticator, browser } = await memberWithPasskey(app);
    expect((await browser.get(SECURITY)).html).toContain('Test key');
    const { options: again, challenge } = askedOf(await browser.get(PASSKEYS));
    expect(again['excludeCredentials']).toMatchObject([
      { type: 'public-key', id: authenticator.credentialId },
    ]);
    // 32 random bytes, others for each page.
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(challenge).not.toBe(options['challenge']);
  });

  it('needs a proof of the last 15 minutes', async () => {
    const app = testApp();
    const browser = browserOf(app, await signUpMember({ confirmed: false }));
    expect((await browser.get(PASSKEYS)).location).toMatch(/^\/dashboard\/confirm\?next=/);
    expect((await browser.post(PASSKEYS, { name: 'x' })).location).toMatch(/^\/dashboard\/confirm/);
  });

  it.each<[string, { lies?: Lies; asked?: Partial<typeof HERE> }]>([
    ['another attestation', { lies: { format: 'fido-u2f' } }],
    ['an attestation that is long', { lies: { format: 'android-safetynet' } }],
    ['nobody verified', { lies: { verified: false } }],
    ['the answer of a sign-in', { lies: { type: 'webauthn.get' } }],
    ['another origin', { asked: { origin: 'https://evil.example' } }],
    ['a port that is not ours', { asked: { origin: `${new URL(env.ISSUER).protocol}//${HERE.rpId}:1` } }],
    ['another relying party', { asked: { rpId: 'evil.example' } }],
  ])('is refused for %s', async (_what, wrong) => {
    const app = testApp();
    const browser = browserOf(app, await signUpMember());
    const landed = await add(browser, await makeAuthenticator(), wrong);
    expect(landed.status).toBe(400);
    expect(landed.html).toContain('not accepted');
    expect((await browser.get(SECURITY)).html).not.toContain('Test key');
  });

  it('takes a challenge once, for the account it was given to, and not after 15 minutes', async () => {
    const app = testApp();
    const browser = browserOf(app, await signUpMember());
    const asked = askedOf(await browser.get(PASSKEYS));
    const post = async (who: Browser) =>
      who.post(PASSKEYS, {
        sealed: asked.sealed,
        response: await (await makeAuthenticator()).register({ ...HERE, challenge: asked.challenge }),
        name: 'Test key',
      });
    expect((await post(browserOf(app, await signUpMember()))).status).toBe(400);
    const both = await Promise.all([post(browser), post(browser)]);
    expect(both.filter(({ status }) => status === 303)).toHaveLength(1);
    const late = askedOf(await browser.get(PASSKEYS));
    app.advance(QUARTER_HOUR_MS - 1_000);
    const fresh = browserOf(app, await signUpMember({ now: Math.floor(app.nowMs() / 1000) }));
    const kept = askedOf(await fresh.get(PASSKEYS));
    app.advance(2_000);
    const response = await (await makeAuthenticator()).register({ ...HERE, challenge: late.challenge });
    expect((await fresh.post(PASSKEYS, { sealed: late.sealed, response })).status).toBe(400);
    const good = await (await makeAuthenticator()).register({ ...HERE, challenge: kept.challenge });
    expect((await fresh.post(PASSKEYS, { sealed: kept.sealed, response: good })).status).toBe(303);
  });

  it('refuses a credential that somebody has', async () => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    const other = browserOf(app, await signUpMember());
    expect((await add(other, authenticator)).status).toBe(400);
  });

  it.each([5, {}, 'usb', [5, null, 'usb']])('keeps of %j as transports words alone', async (transports) => {
    const app = testApp();
    const browser = browserOf(app, await signUpMember());
    const { sealed, challenge } = askedOf(await browser.get(PASSKEYS));
    const answer = JSON.parse(await (await makeAuthenticator()).register({ ...HERE, challenge }));
    answer.response.transports = transports;
    const added = await browser.post(PASSKEYS, { sealed, response: JSON.stringify(answer), name: 'x' });
    expect(added.status).toBe(303);
    expect((await browser.get(PASSKEYS)).status).toBe(200);
  });

  it.each([
    '',
    'no JSON',
    '[]',
    'null',
    '{"id":1,"response":{}}',
    '{"id":"x","response":{}}',
    'x'.repeat(20_000),
  ])('refuses %j', async (response) => {
    const app = testApp();
    const browser = browserOf(app, await signUpMember());
    const { sealed } = askedOf(await browser.get(PASSKEYS));
    expect((await browser.post(PASSKEYS, { sealed, response, name: 'x' })).status).toBe(400);
    expect((await browser.post('/dashboard/sign-in/passkey', { sealed, response })).status).toBe(400);
  });
});

describe('signing in by passkey', () => {
  it('opens a session of the owner, without a name', async () => {
    const app = testApp();
    const { member, authenticator } = await memberWithPasskey(app);
    const browser = testBrowser(app);
    const page = askedOf(await browser.get('/dashboard/sign-in'));
    expect(page.options['allowCredentials']).toBeUndefined();
    const signed = await signIn(browser, authenticator, {
      lies: { userHandle: toBase64Url(utf8(member.developer.developerId)) },
    });
    expect([signed.status, signed.location]).toEqual([303, '/dashboard']);
    expect((await browser.get(SECURITY)).html).toContain(member.developer.email);
  });

  it('goes on to the page that was asked for, and nowhere else', async () => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    for (const [next, location] of [
      ['/dashboard/usage', '/dashboard/usage'],
      ['https://evil.example/', '/dashboard'],
    ] as const) {
      const browser = testBrowser(app);
      const { sealed, challenge } = askedOf(await browser.get('/dashboard/sign-in'));
      const response = await authenticator.sign({ ...HERE, challenge });
      const signed = await browser.post('/dashboard/sign-in/passkey', { sealed, response, next });
      expect(signed.location).toBe(location);
    }
  });

  it.each<[string, { lies?: Lies; asked?: Partial<typeof HERE> }]>([
    ['nobody verified', { lies: { verified: false } }],
    ['the answer of an addition', { lies: { type: 'webauthn.create' } }],
    ['another origin', { asked: { origin: 'https://evil.example' } }],
    ['another relying party', { asked: { rpId: 'evil.example' } }],
    ['another owner', { lies: { userHandle: toBase64Url(utf8('dev_other')) } }],
    ['a counter that stands still', { lies: { counter: 1 } }],
  ])('is refused for %s', async (_what, wrong) => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    const browser = testBrowser(app);
    expect((await signIn(browser, authenticator, wrong)).status).toBe(400);
    expect(browser.cookies.size).toBe(0);
  });

  it('is refused for a key nobody added, with the same words', async () => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    const wrong = await signIn(testBrowser(app), authenticator, { lies: { verified: false } });
    const unknown = await signIn(testBrowser(app), await makeAuthenticator());
    const words = ({ html }: Landed) =>
      html.replace(/name="sealed" value="[^"]+"/, '').replace(/data-options="[^"]+"/, '');
    expect(words(unknown)).toBe(words(wrong));
  });

  it('takes one answer once, however often and wherever it is sent', async () => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    const { sealed, challenge } = askedOf(await testBrowser(app).get('/dashboard/sign-in'));
    const response = await authenticator.sign({ ...HERE, challenge });
    const sent = await Promise.all(
      Array.from({ length: 10 }, () =>
        testBrowser(app).post('/dashboard/sign-in/passkey', { sealed, response }),
      ),
    );
    expect(sent.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('is refused a post from elsewhere', async () => {
    const app = testApp();
    const { authenticator } = await memberWithPasskey(app);
    const { sealed, challenge } = askedOf(await testBrowser(app).get('/dashboard/sign-in'));
    const response = await authenticator.sign({ ...HERE, challenge });
    const fields = { sealed, response };
    const forged = await testBrowser(app).post('/dashboard/sign-in/passkey', fields, {
      origin: 'https://evil.example',
    });
    expect(forged.status).toBe(403);
  });
});

describe('confirming by passkey', () => {
  it('counts for 15 minutes, by the account’s own passkey alone', async () => {
    const app = testApp();
    const { authenticator, browser } = await memberWithPasskey(app);
    const stranger = await memberWithPasskey(app);
    app.advance(QUARTER_HOUR_MS);
    expect((await browser.get(PASSKEYS)).location).toMatch(/^\/dashboard\/confirm/);
    const confirm = async (by: Authenticator) => {
      const { sealed, challenge } = askedOf(await browser.get('/dashboard/confirm'));
      const response = await by.sign({ ...HERE, challenge });
      return browser.post('/dashboard/confirm/passkey', { sealed, response, next: PASSKEYS });
    };
    expect((await confirm(stranger.authenticator)).status).toBe(400);
    expect((await confirm(authenticator)).location).toBe(PASSKEYS);
    expect((await browser.get(PASSKEYS)).status).toBe(200);
  });

  it('does not take a challenge of the page to sign in', async () => {
    const app = testApp();
    const { authenticator, browser } = await memberWithPasskey(app);
    const { sealed, challenge } = askedOf(await testBrowser(app).get('/dashboard/sign-in'));
    const response = await authenticator.sign({ ...HERE, challenge });
    expect((await browser.post('/dashboard/confirm/passkey', { sealed, response })).status).toBe(400);
  });
});

describe('removing a passkey', () => {
  const remove = (browser: Browser, credentialId: string) =>
    browser.post(`${PASSKEYS}/remove`, { credential_id: credentialId });

  it('ends it at once', async () => {
    const app = testApp();
    const { authenticator, browser } = await memberWithPasskey(app, {
      passwordDigest: await newPasswordDigest(),
    });
    const removed = await remove(browser, authenticator.credentialId);
    expect(removed.location).toBe(`${SECURITY}?done=passkey-removed`);
    expect((await signIn(testBrowser(app), authenticator)).status).toBe(400);
    const twice = await remove(browser, authenticator.credentialId);
    expect(twice.location).toBe(`${SECURITY}?done=passkey-gone`);
    expect((await browser.get(twice.location ?? '')).html).toContain('That passkey was removed before.');
  });

  it('leaves the last way in, and another’s passkey', async () => {
    const app = testApp();
    const { authenticator, browser } = await memberWithPasskey(app);
    const second = await makeAuthenticator();
    await add(browser, second);
    const other = await memberWithPasskey(app);
    expect((await remove(other.browser, second.credentialId)).location).toContain('passkey-gone');
    expect((await signIn(testBrowser(app), second)).status).toBe(303);
    const both = await Promise.all([
      remove(browser, authenticator.credentialId),
      remove(browser, second.credentialId),
    ]);
    const kept = both.filter(({ location }) => location?.endsWith('passkey-kept'));
    expect(kept).toHaveLength(1);
  });
});

const NO_MAILER = refuse('service_unavailable', 'no mailer');

it('is neither added nor removed by a session that was ended meanwhile', async () => {
  const app = testApp();
  const { member, authenticator, browser } = await memberWithPasskey(app, {
    passwordDigest: await newPasswordDigest(),
  });
  const scope = testScope();
  const { developer, organisation, sessionId } = member;
  const { developerId } = developer;
  const times = { createdAt: scope.now, lastUsedAt: scope.now, confirmedAt: scope.now };
  const account = {
    developer,
    session: { sessionId, developerId, organisationId: organisation.organisationId, ...times },
  };
  const { sealed, challenge } = askedOf(await browser.get(PASSKEYS));
  const response = await (await makeAuthenticator()).register({ ...HERE, challenge });
  await env.DB.prepare('UPDATE developer_sessions SET ended_at = 1 WHERE session_id = ?')
    .bind(sessionId)
    .run();
  const post = (field: 'sealed' | 'response') => ({ sealed, response })[field];
  expect(await addPasskey(scope, NO_MAILER, account, 'x', post)).toBe(false);
  expect(await removePasskey(scope, NO_MAILER, account, authenticator.credentialId)).toBe('kept');
  expect((await signIn(testBrowser(app), authenticator)).status).toBe(303);
});

it('reads and writes base64url, and nothing else', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const text = base64.fromArrayBuffer(bytes.buffer);
  expect(text).toBe(toBase64Url(bytes));
  expect(new Uint8Array(base64.toArrayBuffer(text))).toEqual(bytes);
  expect(base64.toString(toBase64Url(utf8('{"é":1}')))).toBe('{"é":1}');
  for (const other of ['+/+/', 'AA==', 'A', 'AB', 'A A', 'é']) {
    expect(base64.validate(other)).toBe(false);
    expect(() => base64.toArrayBuffer(other)).toThrow();
  }
  expect(base64.validate(text)).toBe(true);
});

it('reads an ECDSA signature as DER has it, and nothing else', () => {
  const raw = (first: number) =>
    Uint8Array.from({ length: 64 }, (_, index) => (index % 32 === 0 ? first : 7));
  for (const first of [0, 1, 0x7f, 0x80, 0xff]) {
    const { r, s } = AsnParser.parse(toDer(raw(first)), ECDSASigValue);
    const expected = first === 0 ? 31 : first < 0x80 ? 32 : 33;
    expect([r.byteLength, s.byteLength]).toEqual([expected, expected]);
    expect(new Uint8Array(r).at(-1)).toBe(7);
  }
  const der = toDer(raw(1));
  for (let length = 0; length < der.length; length += 1) {
    expect(() => AsnParser.parse(der.subarray(0, length), ECDSASigValue)).toThrow();
  }
  const longer = new Uint8Array([...der, 0]);
  expect(() => AsnParser.parse(longer, ECDSASigValue)).toThrow();
  expect(() => AsnParser.parse(der, undefined)).toThrow();
});
