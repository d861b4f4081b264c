/** Accounts in D1: who they belong to, what is kept of them and for how long, and how their rows are found. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createDeveloper } from '#developers/create-developer.flow.ts';
import { findMailed } from '#developers/find-mailed.flow.ts';
import { findSignedIn } from '#developers/find-member.flow.ts';
import { forgetEnded } from '#developers/forget-accounts.flow.ts';
import { newOrganisation } from '#developers/new-organisation.ts';
import { confirmDeveloperSession, openDeveloperSession } from '#developers/open-session.flow.ts';
import { askReset, carryOutReset, setPassword } from '#developers/set-password.flow.ts';
import { endSessions, readSecurity, signIn, signOut } from '#developers/sign-in.flow.ts';
import { confirmSignUp, signUp } from '#developers/sign-up.flow.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok } from '#kernel/result.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import {
  mailTo,
  NEW_PASSWORD,
  newAddress,
  newPasswordDigest,
  postSignIn,
  signUpWhole,
  tokenIn,
} from '../support/accounts.ts';
import { testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { signUpMember } from '../support/developers.ts';
import { PRODUCTION } from '../support/production.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const NOW = TEST_NOW_MS / 1000;
const VISIT = { cookie: undefined, agent: 'Firefox' };

/** A token as a mail of that purpose would have left it. */
async function insertToken(
  email: string,
  purpose: 'confirm' | 'invite',
): Promise<{ digest: string; purpose: typeof purpose }> {
  const digest = await digestOf(newSecret());
  await env.DB.prepare(
    `INSERT INTO developer_tokens (digest, purpose, email, detail, created_at, expires_at) VALUES (?, ?, ?, '{}', ?, ?)`,
  )
    .bind(digest, purpose, email, NOW, NOW + 60)
    .run();
  return { digest, purpose };
}

describe('an account', () => {
  it('made by an invitation joins that organisation, and makes none', async () => {
    const { organisation } = await signUpMember();
    const email = newAddress();
    const wanted = {
      token: await insertToken(email, 'invite'),
      email,
      name: 'Grace',
      passwordDigest: null,
      organisationId: organisation.organisationId,
      role: 'viewer' as const,
    };
    const created = await createDeveloper(testScope(), wanted);
    if (created === undefined) throw new Error('refused');
    const { results } = await env.DB.prepare(
      'SELECT organisation_id, role FROM memberships WHERE developer_id = ?',
    )
      .bind(created.developerId)
      .all();
    expect(results).toEqual([{ organisation_id: organisation.organisationId, role: 'viewer' }]);
    expect(await createDeveloper(testScope(), wanted)).toBeUndefined();
  });

  it('of production belongs to an organisation of no directory', async () => {
    const email = newAddress();
    const scope = testScope({ bindings: PRODUCTION, url: `${PRODUCTION.ISSUER}/` });
    const token = await insertToken(email, 'confirm');
    const made = await newOrganisation('production', 'Engines', NOW);
    const created = await createDeveloper(scope, {
      token,
      email,
      name: 'Ada',
      passwordDigest: null,
      organisationId: made.organisationId,
      role: 'owner',
      made,
    });
    if (created === undefined) throw new Error('refused');
    const issuer = await env.DB.prepare(
      `SELECT directory_issuer FROM organisations JOIN memberships USING (organisation_id) WHERE developer_id = ?`,
    )
      .bind(created.developerId)
      .first('directory_issuer');
    expect(issuer).toBe('dashboard');
  });

  it('signed in anew goes on in the organisation it worked for last', async () => {
    const { developer, sessionId } = await signUpMember();
    const other = await signUpMember();
    const { organisationId } = other.organisation;
    await env.DB.batch([
      env.DB.prepare("INSERT INTO memberships VALUES (?, ?, 'viewer', ?)").bind(
        organisationId,
        developer.developerId,
        NOW,
      ),
      env.DB.prepare('UPDATE developer_sessions SET organisation_id = ? WHERE session_id = ?').bind(
        organisationId,
        sessionId,
      ),
    ]);
    const scope = testScope({ nowMs: TEST_NOW_MS + 60_000 });
    const found = await findSignedIn(scope, await openDeveloperSession(scope, developer, VISIT));
    expect(found).toMatchObject({ value: { member: { organisation: { organisationId }, role: 'viewer' } } });
  });
});

describe('the schedule', () => {
  it('forgets links a week after their end, and sessions a week after their beginning', async () => {
    const email = newAddress();
    const { digest } = await insertToken(email, 'confirm');
    const { sessionId } = await signUpMember();
    const counts = async () => [
      await env.DB.prepare('SELECT count(*) AS n FROM developer_tokens WHERE digest = ?')
        .bind(digest)
        .first('n'),
      await env.DB.prepare('SELECT count(*) AS n FROM developer_sessions WHERE session_id = ?')
        .bind(sessionId)
        .first('n'),
    ];
    const run = (after: number) => forgetEnded(testScope({ nowMs: (NOW + after) * 1000 }));
    await run(7 * DAY_SECONDS);
    expect(await counts()).toEqual([1, 1]);
    await run(7 * DAY_SECONDS + 61);
    expect(await counts()).toEqual([0, 0]);
  });
});

describe('secrets', () => {
  it('are in no row and no log line: passwords, cookies, and tokens but in the local mailbox', async () => {
    const app = testApp();
    const { browser, email } = await signUpWhole(app);
    const first = browser.cookies.get('developer') ?? '';
    await postSignIn(browser, email, 'canary-wrong-password');
    await browser.post('/dashboard/confirm', { password: NEW_PASSWORD });
    await browser.post('/dashboard/reset-password', { email });
    const tokens = (await mailTo(email)).map(tokenIn).filter((token) => token !== '');
    expect(tokens).toHaveLength(2);
    await browser.post('/dashboard/reset-password/new', {
      token: tokens[1] ?? '',
      password: 'canary new password',
    });
    await postSignIn(browser, email, 'canary new password');
    const canaries = [
      NEW_PASSWORD,
      'canary-wrong-password',
      'canary new password',
      first,
      browser.cookies.get('developer') ?? '',
      ...tokens,
    ];
    const { results } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('local_messages') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>();
    const rows = await Promise.all(
      results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()),
    );
    const kept = JSON.stringify([rows.map((table) => table.results), app.lines]);
    for (const canary of canaries) {
      expect(canary.length).toBeGreaterThan(10);
      expect(kept).not.toContain(canary);
    }
    expect(JSON.stringify(app.lines)).not.toContain(email);
  });
});

it('finds every row by an index', { timeout: 60_000 }, async () => {
  const { developer, organisation } = await signUpMember({ passwordDigest: await newPasswordDigest() });
  const { developerId, email } = developer;
  let mailed = '';
  const mailer = ok({
    send(_scope: unknown, { text }: { text: string }) {
      mailed = text;
      return Promise.resolve(ok(undefined));
    },
  });
  /** The token of the next mail that has one. */
  const mailedToken = async () => {
    const read = () => tokenIn({ subject: '', body: mailed });
    await expect.poll(read).not.toBe('');
    const token = read();
    mailed = '';
    return token;
  };
  const plans = await plansOf(async (binding) => {
    const scope = testScope({ bindings: { DB: binding } });
    const wanted = { email: newAddress(), name: 'Ada', organisationName: 'Engines', password: NEW_PASSWORD };
    await signUp(scope, mailer, wanted);
    await confirmSignUp(scope, { token: await mailedToken(), password: NEW_PASSWORD }, VISIT);
    const signed = await signIn(scope, { email, password: NEW_PASSWORD }, VISIT);
    const cookie = (signed.ok ? signed.value : undefined) ?? '';
    const found = await findSignedIn(scope, cookie);
    if (!found.ok || found.value === undefined) throw new Error('not signed in');
    const { session } = found.value;
    await confirmDeveloperSession(scope, session, cookie);
    await readSecurity(scope, developerId);
    await endSessions(scope, session, 'others');
    await endSessions(scope, { ...session, sessionId: 'ses_none' }, 'this');
    await setPassword(scope, mailer, { developer, session }, NEW_PASSWORD);
    await askReset(scope, mailer, email);
    const token = await mailedToken();
    const reset = await findMailed(scope, token, 'reset');
    if (reset === undefined) throw new Error('no reset');
    await carryOutReset(scope, mailer, reset, NEW_PASSWORD);
    await signOut(scope, cookie);
    await forgetEnded(scope);
  });
  expect(plans.length).toBeGreaterThan(20);
  expect(organisation.organisationId).not.toBe('');
  for (const plan of plans) expect([plan.text, costlySteps(plan)]).toEqual([plan.text, []]);
});

it('lists what a browser is called in words', async () => {
  const app = testApp();
  const { developer } = await signUpMember({ passwordDigest: await newPasswordDigest() });
  const browser = testBrowser(app);
  const agent =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
  await browser.post(
    '/dashboard/sign-in',
    { email: developer.email, password: NEW_PASSWORD },
    { 'user-agent': agent },
  );
  expect((await browser.get('/dashboard/security')).html).toContain('Chrome on Linux');
});
