/** Who gets through the dashboard's guard, and where the others are sent. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import type { MemberAction, MemberRole } from '#developers/role.ts';
import { parseNext, pathBefore } from '#developers/session.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { testApp } from '../support/app.ts';
import { signUpMember } from '../support/developers.ts';
import { TEST_NOW_MS, testScope } from '../support/scope.ts';

const PAGE = '/dashboard/things?a=1';

function guarded(action: MemberAction, options: { confirmed?: true } = {}, scope: Scope = testScope()) {
  const routes = makeRoutes<MemberEnv>();
  routes.use(async (c, next) => {
    c.set('scope', scope);
    await next();
  });
  routes.on(['GET', 'POST'], '/dashboard/things', requireMember(action, options), (c) => {
    const { member } = c.var;
    return c.json({
      developer: member.developer.developerId,
      organisation: member.organisation.organisationId,
    });
  });
  return (init: RequestInit = {}) =>
    routes.fetch(new Request(new URL(PAGE, scope.settings.issuer), init), env);
}

describe('a member', () => {
  it('gets through with account, organisation and role', async () => {
    const { headers, developer, organisation } = await signUpMember();
    const answer = await guarded('applications.read')({ headers });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      developer: developer.developerId,
      organisation: organisation.organisationId,
    });
  });

  it('whose session names an organisation they left works for another of theirs', async () => {
    const { headers, developer, organisation } = await signUpMember();
    const other = await signUpMember();
    await env.DB.prepare('UPDATE memberships SET organisation_id = ?1 WHERE developer_id = ?2')
      .bind(other.organisation.organisationId, developer.developerId)
      .run();
    const answer = await guarded('applications.read')({ headers });
    expect(await answer.json()).toMatchObject({ organisation: other.organisation.organisationId });
    expect(other.organisation.organisationId).not.toBe(organisation.organisationId);
  });

  it('may send so many forms, whatever their address, and read as much as they like', async () => {
    const { headers, developer } = await signUpMember();
    const used = new Map<string, number>();
    const limit = ({ key }: { key: string }) => {
      used.set(key, (used.get(key) ?? 0) + 1);
      return Promise.resolve({ success: !key.startsWith('developer ') || (used.get(key) ?? 0) <= 3 });
    };
    const limits = { SOURCE_LIMIT: { limit }, LOCAL_SOURCE_LIMIT: { limit } };
    const request = guarded('applications.change', {}, testScope({ bindings: limits }));
    const post = async (of: Readonly<Record<string, string>>) =>
      request({ method: 'POST', headers: { ...of, origin: env.ISSUER } });
    for (const _ of [1, 2, 3]) expect((await post(headers)).status).toBe(200);
    const refused = await post(headers);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.text()).toContain('Nothing was changed.');
    expect((await request({ headers })).status).toBe(200);
    expect((await post((await signUpMember()).headers)).status).toBe(200);
    expect(used.get(`developer ${developer.developerId}`)).toBe(4);
  });

  it('of no organisation any more gets a page that says so', async () => {
    const { headers, developer } = await signUpMember();
    await env.DB.prepare('DELETE FROM memberships WHERE developer_id = ?').bind(developer.developerId).run();
    const answer = await guarded('applications.read')({ headers });
    expect(answer.status).toBe(403);
    const text = await answer.text();
    expect(text).toContain('You belong to no organisation');
    expect(text).toContain('href="/docs/dashboard#when-a-page-goes-no-further"');
  });

  it.each<[MemberRole, MemberAction, number]>([
    ['viewer', 'applications.read', 200],
    ['viewer', 'applications.change', 403],
    ['developer', 'applications.change', 200],
    ['developer', 'members.change', 403],
    ['owner', 'members.change', 200],
  ])('as %s asking for %s is answered %i', async (role, action, status) => {
    const { headers } = await signUpMember({ role });
    expect((await guarded(action)({ headers })).status).toBe(status);
  });
});

describe('a stranger', () => {
  it.each([
    ['no cookie', {}],
    ['a cookie of another form', { cookie: 'developer=x' }],
    ['an unknown cookie', { cookie: `developer=${'A'.repeat(43)}` }],
  ])('with %s is sent to sign in and back', async (_name, headers) => {
    const answer = await guarded('usage.read')({ headers });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/dashboard/sign-in?next=%2Fdashboard%2Fthings%3Fa%3D1');
  });

  it.each([
    ['idle for 12 hours', 12 * 3_600, 12 * 3_600],
    ['a week old, though in use', 7 * 86_400, 0],
  ])('is who comes with a session %s', async (_name, age, idle) => {
    const now = TEST_NOW_MS / 1000;
    const { headers, sessionId } = await signUpMember();
    const visit = () => guarded('usage.read')({ headers });
    const set = (createdAt: number, lastUsedAt: number) =>
      env.DB.prepare('UPDATE developer_sessions SET created_at = ?, last_used_at = ? WHERE session_id = ?')
        .bind(createdAt, lastUsedAt, sessionId)
        .run();
    await set(now - age + 1, now - idle + (idle === 0 ? 0 : 1));
    expect((await visit()).status).toBe(200);
    await set(now - age, now - idle);
    expect((await visit()).status).toBe(303);
  });

  it('is who comes with a session that was ended', async () => {
    const { headers, sessionId } = await signUpMember();
    const visit = guarded('usage.read');
    expect((await visit({ headers })).status).toBe(200);
    await env.DB.prepare('UPDATE developer_sessions SET ended_at = 1 WHERE session_id = ?')
      .bind(sessionId)
      .run();
    expect((await visit({ headers })).status).toBe(303);
  });
});

describe('a post', () => {
  it.each([
    ['without Origin', undefined],
    ['from another origin', 'https://evil.example'],
    ['from a sandboxed frame', 'null'],
  ])('%s is refused', async (_name, origin) => {
    const { cookie } = await signUpMember();
    const headers = origin === undefined ? { cookie } : { cookie, origin };
    expect((await guarded('usage.read')({ method: 'POST', headers })).status).toBe(403);
  });

  it('comes back to the page that held the form', async () => {
    const origin = env.ISSUER;
    const headers = { origin, referer: `${origin}/dashboard/form?b=2` };
    const answer = await guarded('usage.read')({ method: 'POST', headers });
    expect(answer.headers.get('location')).toBe(
      '/dashboard/sign-in?next=%2Fdashboard%2Fform%3Fb%3D2&done=unsent',
    );
  });

  it('that comes too late is told that it was not taken, by sign-in and by the proof anew', async () => {
    const { headers } = await signUpMember({ confirmed: false });
    const answer = await guarded('api_keys.change', { confirmed: true })({ method: 'POST', headers });
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe('/dashboard/confirm?next=%2Fdashboard%2Fthings&done=unsent');
    const app = testApp();
    for (const path of [location, '/dashboard/sign-in?done=unsent']) {
      expect(await (await app.request(path, { headers })).text()).toContain('What you sent was not taken');
    }
  });
});

describe('what needs a fresh proof', () => {
  it('sends to prove it when the last is older than 15 minutes', async () => {
    const { headers } = await signUpMember({ confirmed: false });
    const answer = await guarded('api_keys.change', { confirmed: true })({ headers });
    expect(answer.headers.get('location')).toBe('/dashboard/confirm?next=%2Fdashboard%2Fthings%3Fa%3D1');
  });

  it.each([
    [899, 200],
    [900, 303],
  ])('after %i seconds answers %i', async (age, status) => {
    const { headers } = await signUpMember();
    const scope = testScope({ nowMs: TEST_NOW_MS + age * 1000 });
    const answer = await guarded('api_keys.change', { confirmed: true }, scope)({ headers });
    expect(answer.status).toBe(status);
  });
});

describe('where to go on to', () => {
  it.each([
    ['/dashboard', '/dashboard'],
    ['/dashboard/api-keys/key_1?x=%20y&z=1', '/dashboard/api-keys/key_1?x=%20y&z=1'],
    ['https://evil.example/dashboard', '/dashboard'],
    ['//evil.example/dashboard', '/dashboard'],
    ['/dashboard//evil.example', '/dashboard'],
    ['/dashboard/../oauth/authorize', '/dashboard'],
    ['/dashboard/%2e%2e/oauth/authorize', '/dashboard'],
    ['/dashboard/.%2E/oauth/authorize?x=1', '/dashboard'],
    ['/dashboardish', '/dashboard'],
    ['/dashboard/\\evil', '/dashboard'],
    ['/dashboard/a\r\nSet-Cookie: x', '/dashboard'],
    [`/dashboard/${'a'.repeat(500)}`, '/dashboard'],
    [undefined, '/dashboard'],
  ])('%j is %j', (text, next) => {
    expect(parseNext(text)).toBe(next);
  });

  it('is not written out for the beginning', () => {
    expect(pathBefore('sign-in', '/elsewhere')).toBe('/dashboard/sign-in');
  });
});
