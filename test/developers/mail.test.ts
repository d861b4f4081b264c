/** E-mail: through the platform in deployments, on a page in a local sandbox, and sign-up closed where there is none. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { deliverLater } from '#developers/deliver-message.flow.ts';
import type { Mailer } from '#developers/mailer.ts';
import { invitationMessage, writeMessage } from '#developers/messages.ts';
import { ok } from '#kernel/result.ts';
import { localMailer } from '#sandbox/mailbox.flow.ts';
import { NEW_PASSWORD, newAddress, postSignUp } from '../support/accounts.ts';
import { testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { signUpMember } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';

const ISSUER = 'https://sandbox.api.hamsterbank.ai';
const EMAIL_FROM = 'no-reply@sandbox.hamsterbank.ai';

interface Sent {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly from: unknown;
}

/** A deployed sandbox whose platform takes mail, or fails to. */
function deployed(send: (message: Sent) => Promise<unknown>) {
  const bindings = { ISSUER, EMAIL_FROM, EMAIL: { send } };
  const app = testApp({ origin: ISSUER, bindings });
  const browser = testBrowser(app);
  const post = (path: string, fields: Record<string, string>) =>
    browser.post(path, fields, { origin: ISSUER });
  return { app, post };
}

const SIGN_UP = { name: 'Ada', organisation: 'Engines', password: NEW_PASSWORD };

describe('a mail', () => {
  it('is begun after the answer, whose time would tell that there is an account', async () => {
    const sent: string[] = [];
    const mailer: Mailer = {
      send: (_scope, { to }) => {
        sent.push(to);
        return Promise.resolve(ok(undefined));
      },
    };
    deliverLater(testScope(), ok(mailer), 'ada@example.com', { subject: 'Reset', lines: [] });
    expect(sent).toEqual([]);
    await expect.poll(() => sent).toEqual(['ada@example.com']);
  });

  it('makes links of paths alone, not of a sentence that begins with an address such as /ada@example.com', () => {
    const asked = { organisation: 'Engines', inviter: '/ada@example.com', role: 'viewer' } as const;
    const { text } = writeMessage(testScope().settings, 'b@example.com', invitationMessage('secret', asked));
    expect(text).toMatch(/^\/ada@example\.com invites you/);
    expect(text).toContain(`\n${env.ISSUER}/dashboard/invitation?token=secret\n`);
  });
});

describe('a deployment', () => {
  it('sends through the platform, with links of its own address', async () => {
    const sent: Sent[] = [];
    const { post } = deployed(async (message) => void sent.push(message));
    const email = newAddress();
    const page = await post('/dashboard/sign-up', { email, ...SIGN_UP });
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('/dev/mail');
    expect(sent).toMatchObject([{ to: email, from: { name: 'Hamster Bank', email: EMAIL_FROM } }]);
    expect(sent[0]?.text).toMatch(
      /^https:\/\/sandbox\.api\.hamsterbank\.ai\/dashboard\/confirm-email\?token=[\w-]{43}$/m,
    );
  });

  it('answers the same when the platform fails, and logs its code without the address', async () => {
    const { app, post } = deployed(() =>
      Promise.reject(Object.assign(new Error('x@example.com is not verified'), { code: 'E_RECIPIENT' })),
    );
    const email = newAddress();
    expect((await post('/dashboard/sign-up', { email, ...SIGN_UP })).status).toBe(200);
    const failed = app.lines.find(({ event }) => event === 'mail_failed');
    expect(failed?.reason).toBe('EMAIL: E_RECIPIENT');
    expect(JSON.stringify(app.lines)).not.toContain('@example.com');
  });

  it.each([
    ['binding', { EMAIL_FROM }],
    ['address', { EMAIL: { send: () => Promise.resolve() } }],
  ])('without the %s says that sign-up and reset are closed, and why', async (_name, bindings) => {
    const app = testApp({ origin: ISSUER, bindings: { ISSUER, ...bindings } });
    for (const [path, what] of [
      ['sign-up', 'Sign-up is closed'],
      ['reset-password', 'Password reset is closed'],
    ]) {
      const page = await app.request(`/dashboard/${path}`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(what);
      const posted = await app.sendForm(
        `/dashboard/${path}`,
        { email: newAddress() },
        { headers: { origin: ISSUER } },
      );
      expect(posted.status).toBe(503);
    }
    expect((await app.request('/dashboard/sign-in')).status).toBe(200);
  });
});

describe('the local mailbox', () => {
  it('shows messages with their links, the newest first', async () => {
    const browser = testBrowser(testApp());
    const email = newAddress();
    const answer = await postSignUp(browser, email);
    expect(answer.html).toContain('href="/dev/mail"');
    const { html, status } = await browser.get('/dev/mail');
    expect(status).toBe(200);
    expect(html).toContain(`To ${email}`);
    expect(html).toMatch(/<a href="http:\/\/localhost:8787\/dashboard\/confirm-email\?token=[\w-]{43}">/);
  });

  it('shows text, whatever is in it', async () => {
    const to = newAddress();
    const text = '<script>alert(1)</script>';
    await localMailer.send(testScope(), { to, subject: '<b>', text });
    const { html } = await testBrowser(testApp()).get('/dev/mail');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain(text);
  });

  it('keeps a message for a day', async () => {
    const to = newAddress();
    const message = { to, subject: 'old', text: 'old' };
    await localMailer.send(testScope({ nowMs: Date.UTC(2026, 0, 1) }), message);
    await localMailer.send(testScope({ nowMs: Date.UTC(2026, 0, 2) }), { ...message, subject: 'new' });
    await localMailer.send(testScope({ nowMs: Date.UTC(2026, 0, 2, 0, 0, 1) }), {
      ...message,
      subject: 'newer',
    });
    const { results } = await env.DB.prepare('SELECT subject FROM local_messages WHERE recipient = ?')
      .bind(to)
      .all();
    expect(results.map(({ subject }) => subject)).toEqual(['new', 'newer']);
  });

  it.each([
    ['a deployed sandbox', ISSUER, { ISSUER }],
    ['a local sandbox called by another name', 'http://bank.example', {}],
  ])('is not in %s', async (_name, origin, bindings) => {
    expect((await testApp({ origin, bindings }).request('/dev/mail')).status).toBe(404);
    const scope = testScope({ url: `${origin}/`, bindings });
    expect((await localMailer.send(scope, { to: newAddress(), subject: '', text: '' })).ok).toBe(false);
  });
});

it('answers for a known and an unknown address after the same round trips', async () => {
  const { app, post } = deployed(() => Promise.resolve());
  const known = (await signUpMember()).developer.email;
  const hops: unknown[] = [];
  for (const email of [known, newAddress()]) {
    await post('/dashboard/sign-up', { email, ...SIGN_UP });
    await post('/dashboard/reset-password', { email });
    const answered = app.lines.filter(({ event }) => event === 'request').slice(-2);
    hops.push(answered.map(({ status, d1, objects }) => [status, d1, objects]));
  }
  expect(hops).toEqual([
    [
      [200, 1, 0],
      [200, 1, 0],
    ],
    [
      [200, 1, 0],
      [200, 1, 0],
    ],
  ]);
});
