/** Invitations: who gets one, what its link opens, once, for one address; and how it ends. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { followAudit } from '#developers/audit.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { newSecret } from '#kernel/ids.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { mailTo, newAddress, NEW_PASSWORD as PASSWORD, tokenIn } from '../support/accounts.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

const PAGE = '/dashboard/organisation';
const LINK = '/dashboard/invitation';
const LONG = env.TEST_LENGTH === 'long';

const post = (
  app: TestApp,
  member: Pick<TestMember, 'headers'>,
  path: string,
  fields: Record<string, string> = {},
) => app.sendForm(path, fields, { headers: member.headers, redirect: 'manual' });
const open = (app: TestApp, token: string, headers: Readonly<Record<string, string>> = {}) =>
  app.request(`${LINK}?token=${token}`, { headers, redirect: 'manual' });

const invite = (app: TestApp, owner: TestMember, email: string, role = 'developer') =>
  post(app, owner, `${PAGE}/invite`, { email, role });

/** The token of the last mail to an address. */
async function tokenFor(email: string): Promise<string> {
  return tokenIn((await mailTo(email)).at(-1));
}

async function invited(app: TestApp, owner: TestMember, email: string, role = 'developer'): Promise<string> {
  expect((await invite(app, owner, email, role)).status).toBe(303);
  return tokenFor(email);
}

async function rolesIn({ organisation }: TestMember): Promise<Record<string, string>> {
  const { results } = await env.DB.prepare('SELECT * FROM memberships WHERE organisation_id = ?')
    .bind(organisation.organisationId)
    .all<{ developer_id: string; role: string }>();
  return Object.fromEntries(results.map((row) => [row.developer_id, row.role]));
}

const actionsOf = async ({ organisation }: TestMember) =>
  (await deedsOf(organisation.organisationId)).map(({ action }) => action);

const STRANGER = { headers: { origin: env.ISSUER } };

describe('an invitation', () => {
  it('is mailed with a link, listed, and written down', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const email = newAddress();
    const answer = await invite(app, owner, ` ${email.toUpperCase()} `, 'viewer');
    expect(answer.headers.get('location')).toBe(`${PAGE}?done=invited`);
    const [mail] = await mailTo(email);
    expect(mail?.body).toContain(owner.developer.email);
    expect(mail?.body).toContain('as viewer');
    const page = await (await app.request(PAGE, { headers: owner.headers })).text();
    expect(page).toContain(email);
    expect(page).not.toContain(await tokenFor(email));
    expect(await deedsOf(owner.organisation.organisationId)).toMatchObject([
      { action: 'invitation.create', detail: JSON.stringify({ email, role: 'viewer' }) },
    ]);
  });

  it('says the same whether the address has an account or not', async () => {
    const app = testApp();
    const [owner, other] = [await signUpMember(), await signUpMember()];
    const known = await invite(app, owner, other.developer.email);
    const unknown = await invite(app, owner, newAddress());
    const seen = async (answer: Response) => [
      answer.status,
      answer.headers.get('location'),
      await answer.text(),
    ];
    expect(await seen(known)).toEqual(await seen(unknown));
  });

  it('is for no member, no malformed address, no invented role', async () => {
    const app = testApp();
    const owner = await signUpMember();
    expect((await invite(app, owner, owner.developer.email)).status).toBe(409);
    for (const [email, role] of [
      ['ada', 'viewer'],
      ['a@b\r\nBcc: c@d.example', 'viewer'],
      ['', 'viewer'],
      [newAddress(), 'admin'],
    ] as const) {
      expect([email, (await invite(app, owner, email, role)).status]).toEqual([email, 400]);
    }
    expect(await actionsOf(owner)).toEqual([]);
  });

  it('carries nothing of the organisation’s name that a mail program makes a link of', async () => {
    const app = testApp();
    const owner = await signUpMember();
    await post(app, owner, `${PAGE}/rename`, { name: 'Win at https://evil.example/x now' });
    const email = newAddress();
    await invite(app, owner, email);
    const [mail] = await mailTo(email);
    expect(mail?.body).toContain('"Win at https evil example x now"');
    expect(`${mail?.subject}${mail?.body}`).not.toContain('evil.example');
  });

  it('cuts a long name between characters', async () => {
    const app = testApp();
    const owner = await signUpMember();
    await post(app, owner, `${PAGE}/rename`, { name: `a${'𠮷'.repeat(70)}` });
    const email = newAddress();
    await invite(app, owner, email);
    expect((await mailTo(email))[0]?.body).toContain(`"a${'𠮷'.repeat(59)}"`);
  });

  it('comes again when sent again: the last link counts', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const email = newAddress();
    const first = await invited(app, owner, email);
    const second = await invited(app, owner, email, 'viewer');
    expect((await open(app, first)).status).toBe(404);
    expect(await (await open(app, second)).text()).toContain('as viewer');
  });

  it('is limited: open at once, in a day, and to one address', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const email = newAddress();
    for (let n = 0; n < 5; n += 1) expect((await invite(app, owner, email)).status).toBe(303);
    expect((await invite(app, owner, email)).status).toBe(409);
    for (let n = 0; n < 19; n += 1) expect((await invite(app, owner, newAddress())).status).toBe(303);
    const twentyFirst = newAddress();
    expect((await invite(app, owner, twentyFirst)).status).toBe(409);
    expect(await mailTo(twentyFirst)).toEqual([]);
  });

  it('is taken back by an owner, with its link', async () => {
    const app = testApp();
    const [owner, stranger] = [await signUpMember(), await signUpMember()];
    const email = newAddress();
    const token = await invited(app, owner, email);
    const page = await (await app.request(PAGE, { headers: owner.headers })).text();
    const path = /\/dashboard\/organisation\/invitations\/[\w-]{43}\/revoke/.exec(page)?.[0] ?? '';
    expect((await post(app, stranger, path)).status).toBe(404);
    expect((await open(app, token)).status).toBe(200);
    expect((await post(app, owner, path)).headers.get('location')).toBe(`${PAGE}?done=revoked`);
    expect((await open(app, token)).status).toBe(404);
    expect((await post(app, owner, path)).status).toBe(404);
    expect(await actionsOf(owner)).toEqual(['invitation.create', 'invitation.revoke']);
  });

  it.each(['remove', 'role'])('ends with its sender’s being an owner (%s)', async (how) => {
    const app = testApp();
    const owner = await signUpMember();
    const second = await signUpMember({ organisationId: owner.organisation.organisationId });
    const token = await invited(app, second, newAddress(), 'owner');
    const path = `${PAGE}/members/${second.developer.developerId}`;
    await (how === 'remove'
      ? post(app, owner, `${path}/remove`)
      : post(app, owner, path, { role: 'viewer' }));
    expect((await open(app, token)).status).toBe(404);
  });
});

describe('its link', () => {
  it('changes nothing when it is looked at', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const other = await signUpMember();
    const token = await invited(app, owner, other.developer.email);
    for (const headers of [{}, other.headers, owner.headers]) await open(app, token, headers);
    expect(Object.keys(await rolesIn(owner))).toHaveLength(1);
    expect(await actionsOf(owner)).toEqual(['invitation.create']);
  });

  it('lets the account of its address join, once', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const other = await signUpMember();
    const token = await invited(app, owner, other.developer.email, 'viewer');
    expect(await (await open(app, token)).text()).toContain('Sign in');
    expect(await (await open(app, token, other.headers)).text()).toContain(owner.organisation.name);
    const joined = await post(app, other, LINK, { token });
    expect(joined.headers.get('location')).toBe(`${PAGE}?done=joined`);
    const page = await (await app.request(PAGE, { headers: other.headers })).text();
    expect(page).toContain(owner.developer.email);
    expect((await rolesIn(owner))[other.developer.developerId]).toBe('viewer');
    expect((await post(app, other, LINK, { token })).status).toBe(404);
    expect(await deedsOf(owner.organisation.organisationId)).toMatchObject([
      { action: 'invitation.create' },
      { action: 'member.join', actor: other.developer.email, subject: other.developer.developerId },
    ]);
  });

  it('is for its address alone, and does not tell it to another', async () => {
    const app = testApp();
    const [owner, thief] = [await signUpMember(), await signUpMember()];
    const email = newAddress();
    const token = await invited(app, owner, email);
    for (const answer of [await open(app, token, thief.headers), await post(app, thief, LINK, { token })]) {
      expect(answer.status).toBe(403);
      const text = await answer.text();
      expect(text).toContain(thief.developer.email);
      expect(text).not.toContain(email);
    }
    expect(Object.keys(await rolesIn(owner))).toHaveLength(1);
  });

  it('holds 7 days', async () => {
    const owner = await signUpMember();
    const other = await signUpMember();
    const token = await invited(testApp(), owner, other.developer.email);
    const at = (seconds: number) => testApp({ nowMs: TEST_NOW_MS + seconds * 1000 });
    expect((await open(at(7 * DAY_SECONDS - 1), token)).status).toBe(200);
    expect((await open(at(7 * DAY_SECONDS), token)).status).toBe(404);
  });

  it('says the same of links used, taken back, mistyped and invented', async () => {
    const app = testApp();
    const texts = await Promise.all(
      ['', 'x', 'a'.repeat(43), `${'b'.repeat(43)}'`].map(async (token) => {
        const answer = await open(app, encodeURIComponent(token));
        expect(answer.status).toBe(404);
        return (await answer.text()).replace(/[0-9a-f-]{36}/g, '');
      }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it.each(Array.from({ length: LONG ? 20 : 3 }, (_, round) => round))(
    'makes one member of all that race with it (round %i)',
    async () => {
      const app = testApp();
      const owner = await signUpMember();
      const other = await signUpMember();
      const token = await invited(app, owner, other.developer.email);
      const answers = await Promise.all(Array.from({ length: 4 }, () => post(app, other, LINK, { token })));
      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      const deeds = await deedsOf(owner.organisation.organisationId);
      expect(deeds.map(({ action }) => action)).toEqual(['invitation.create', 'member.join']);
      expect(await followAudit(EMPTY_CHAIN, deeds)).toHaveProperty('end.sequence', 2);
    },
  );

  it('joins or is taken back, never both', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const other = await signUpMember();
    const token = await invited(app, owner, other.developer.email);
    const page = await (await app.request(PAGE, { headers: owner.headers })).text();
    const path = /\/dashboard\/organisation\/invitations\/[\w-]{43}\/revoke/.exec(page)?.[0] ?? '';
    await Promise.all([post(app, other, LINK, { token }), post(app, owner, path)]);
    const [, ...ends] = await actionsOf(owner);
    expect(ends).toHaveLength(1);
    expect(Object.keys(await rolesIn(owner))).toHaveLength(ends[0] === 'member.join' ? 2 : 1);
  });
});

describe('signing up with it', () => {
  const signUp = (app: TestApp, fields: Record<string, string>) =>
    post(app, STRANGER, `${LINK}/sign-up`, fields);

  it('makes the account, its address proved by the mail, and the membership', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const email = newAddress();
    const token = await invited(app, owner, email);
    const form = await (await open(app, token)).text();
    expect(form).toContain(email);
    const answer = await signUp(app, { token, name: 'Bo', password: PASSWORD });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard']);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await (await app.request(PAGE, { headers: { cookie } })).text();
    expect(page).toContain(owner.organisation.name);
    expect(page).toContain(email);
    expect(Object.values(await rolesIn(owner)).toSorted()).toEqual(['developer', 'owner']);
    expect(await actionsOf(owner)).toEqual(['invitation.create', 'member.join']);
    expect((await signUp(app, { token, name: 'Eve', password: PASSWORD })).status).toBe(404);
  });

  it('refuses a weak password and a missing name, and the link still works', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const token = await invited(app, owner, newAddress());
    for (const fields of [
      { token, name: 'Bo', password: 'password1234' },
      { token, name: '', password: PASSWORD },
    ]) {
      expect((await signUp(app, fields)).status).toBe(400);
    }
    expect((await open(app, token)).status).toBe(200);
  });

  it('takes no account’s place', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const other = await signUpMember();
    const token = await invited(app, owner, other.developer.email);
    const answer = await signUp(app, { token, name: 'Eve', password: PASSWORD });
    expect(answer.status).toBe(409);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(Object.keys(await rolesIn(owner))).toHaveLength(1);
  });
});

describe('who belongs to no organisation', () => {
  it('makes one of their own, or accepts an invitation', async () => {
    const app = testApp();
    const [owner, alone] = [await signUpMember(), await signUpMember()];
    await env.DB.prepare('DELETE FROM memberships WHERE developer_id = ?')
      .bind(alone.developer.developerId)
      .run();
    const stop = await app.request(PAGE, { headers: alone.headers });
    expect(stop.status).toBe(403);
    expect(await stop.text()).toContain(`${PAGE}/new`);
    const token = await invited(app, owner, alone.developer.email);
    expect((await post(app, alone, LINK, { token })).status).toBe(303);
    expect((await post(app, alone, `${PAGE}/leave`)).headers.get('location')).toBe('/dashboard');
    expect((await post(app, alone, `${PAGE}/new`, { name: 'Own', nonce: newSecret() })).status).toBe(303);
    expect(await (await app.request(PAGE, { headers: alone.headers })).text()).toContain('Own');
  });
});
