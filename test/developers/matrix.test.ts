/**
 * Who may do what: role by route by own or another organisation, over the routes that are really mounted. A route that is
 * not in the table fails.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWholeApp } from '#app.ts';
import { KEY_SCOPES } from '#clients/api-key.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import {
  type Domain,
  insertKey,
  KEY_TABLE,
  makeDomain,
  ROLES,
  type Row,
  snapshotOf,
  TABLE,
} from '../support/matrix.ts';

const ROWS = Object.entries(TABLE).map(([route, row]) => {
  const [method = '', path = ''] = route.split(' ');
  return { route, method, path, row };
});

let app: TestApp;
/** Two that nothing is changed in. */
let still: Domain;
let stillOther: Domain;
let removed: TestMember;
beforeAll(async () => {
  app = testApp();
  [still, stillOther] = await Promise.all([makeDomain(), makeDomain()]);
  removed = await signUpMember({ organisationId: still.organisationId });
  await leaveAll(removed);
});

it('has each mounted route of the dashboard, and no other', async () => {
  const { routes } = await createWholeApp();
  const mounted = routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/dashboard(?:\/|$)/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(mounted)].toSorted()).toEqual(Object.keys(TABLE).toSorted());
});

/** A member of an organisation of their own. */
const newMember = (role: (typeof ROLES)[number]) => signUpMember({ role });

async function leaveAll({ developer }: TestMember): Promise<void> {
  await env.DB.prepare('DELETE FROM memberships WHERE developer_id = ?').bind(developer.developerId).run();
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly row: Row;
  /** Whose ids and values the request names. */
  readonly about: Domain;
  readonly headers: Readonly<Record<string, string>>;
}

function send({ method, path, row, about, headers }: Call): Promise<Response> {
  const address = path.replace(/:(\w+)/g, (_, name: string) => about.ids[name] ?? `no-${name}`);
  if (method === 'GET') return app.request(address, { headers, redirect: 'manual' });
  return app.sendForm(address, { ...row.fields?.(about) }, { headers, redirect: 'manual' });
}

/** What an answer says of whether the request was let through. */
type Verdict = 'let through' | 'sign in' | 'prove it' | 'role' | 'nothing there' | `status ${number}`;

/** A form that the table does not fill in, and that is shown again with what is missing, was let through. */
function isFormAgain(answer: Response, row: Row): boolean {
  return row.fields === undefined && [400, 409, 422].includes(answer.status);
}

async function verdictOf(answer: Response, row: Row): Promise<Verdict> {
  const location = answer.headers.get('location') ?? '';
  if (location.startsWith('/dashboard/sign-in')) return 'sign in';
  if (location.startsWith('/dashboard/confirm?')) return 'prove it';
  if (answer.status === 404) return 'nothing there';
  if (answer.status === 403 && (await answer.clone().text()).includes('Your role does not include this')) {
    return 'role';
  }
  return answer.status < 400 || isFormAgain(answer, row) ? 'let through' : `status ${answer.status}`;
}

const IS_NAMED = /:\w/;

describe.each(ROWS.filter(({ row }) => Array.isArray(row.may)))('$route', ({ method, path, row }) => {
  const isAllowed = (role: (typeof ROLES)[number]) => row.may.includes(role);
  const call = (about: Domain, { headers }: Pick<TestMember, 'headers'>) =>
    send({ method, path, row, about, headers });

  it('lets through its roles in their own organisation, and nobody else', async () => {
    let own = method === 'GET' ? still : await makeDomain();
    for (const role of ROLES.toSorted((a, b) => Number(isAllowed(a)) - Number(isAllowed(b)))) {
      const before = await snapshotOf(own);
      const verdict = await verdictOf(await call(own, own.members[role]), row);
      expect([role, verdict]).toEqual([role, isAllowed(role) ? 'let through' : 'role']);
      if (!isAllowed(role) || method === 'GET') expect(await snapshotOf(own)).toBe(before);
      else own = await makeDomain();
    }
  });

  it('changes and shows nothing of another organisation, whatever the role there', async () => {
    const [own, other] = [method === 'GET' ? still : await makeDomain(), stillOther];
    for (const role of ROLES) {
      const before = await snapshotOf(other);
      const answer = await call(other, own.members[role]);
      const text = await answer.clone().text();
      for (const secret of other.secrets)
        expect([role, secret, text.includes(secret)]).toEqual([role, secret, false]);
      if (!isAllowed(role)) expect([role, await verdictOf(answer, row)]).toEqual([role, 'role']);
      else if (IS_NAMED.test(path))
        expect([role, await verdictOf(answer, row)]).toEqual([role, 'nothing there']);
      expect(await snapshotOf(other)).toBe(before);
    }
  });

  it('refuses strangers, removed members, keys, and posts of other sites', async () => {
    const own = still;
    const before = await snapshotOf(own);
    const { origin = '', cookie = '' } = own.members.owner.headers;
    const attempts: readonly (readonly [string, Record<string, string>, Verdict])[] = [
      ['nobody', { origin }, 'sign in'],
      ['an invented cookie', { origin, cookie: cookie.replace(/=.*/, `=${'a'.repeat(43)}`) }, 'sign in'],
      ['an API key', { origin, authorization: `Bearer ${own.apiKey}` }, 'sign in'],
      ['a removed member', { ...removed.headers }, 'status 403'],
      ...(method === 'GET'
        ? []
        : ([
            ['another site', { cookie, origin: 'https://evil.example' }, 'status 403'],
            ['no origin', { cookie }, 'status 403'],
          ] as const)),
    ];
    for (const [who, headers, expected] of attempts) {
      const verdict = await verdictOf(await call(own, { headers }), row);
      expect([who, verdict]).toEqual([who, expected]);
    }
    expect(await snapshotOf(own)).toBe(before);
  });

  it(`asks ${row.confirmed === true ? '' : 'no one '}for a late proof`, async () => {
    const own = method === 'GET' ? still : await makeDomain();
    const role = ROLES.find(isAllowed) ?? 'owner';
    const late = await signUpMember({ organisationId: own.organisationId, role, confirmed: false });
    const verdict = await verdictOf(await call(own, late), row);
    expect(verdict).toBe(row.confirmed === true ? 'prove it' : 'let through');
  });
});

describe.each(ROWS.filter(({ row }) => row.may === 'signed_in'))('$route', ({ method, path, row }) => {
  const ask = async ({ headers }: Pick<TestMember, 'headers'>) =>
    verdictOf(await send({ method, path, row, about: still, headers }), row);
  /** What the page itself says, past the guard: empty forms name nothing that is there. */
  const PAST_GUARD = ['let through', 'nothing there'];

  it('lets through whoever is signed in, whatever they belong to, and nobody else', async () => {
    const before = await snapshotOf(still);
    for (const role of ROLES) expect(PAST_GUARD).toContain(await ask(await newMember(role)));
    const alone = await newMember('viewer');
    await leaveAll(alone);
    expect(PAST_GUARD).toContain(await ask(alone));
    const { origin = '', cookie = '' } = still.members.owner.headers;
    expect(await ask({ headers: { origin } })).toBe('sign in');
    expect(await ask({ headers: { origin, authorization: `Bearer ${still.apiKey}` } })).toBe('sign in');
    if (method !== 'GET')
      expect(await ask({ headers: { cookie, origin: 'https://evil.example' } })).toBe('status 403');
    expect(await snapshotOf(still)).toBe(before);
  });

  it(`asks ${row.confirmed === true ? '' : 'no one '}for a late proof`, async () => {
    const late = await signUpMember({ confirmed: false });
    const verdict = await ask(late);
    if (row.confirmed === true) expect(verdict).toBe('prove it');
    else expect(PAST_GUARD).toContain(verdict);
  });
});

describe.each(ROWS.filter(({ row }) => row.may === 'open'))('$route', ({ method, path, row }) => {
  it('is there for strangers, and takes no post from elsewhere', async () => {
    const { origin = '' } = still.members.owner.headers;
    const ask = async (headers: Record<string, string>) =>
      verdictOf(await send({ method, path, row, about: still, headers }), row);
    // Leaving leads to the page of signing in.
    if (path !== '/dashboard/sign-out') {
      expect(['let through', 'nothing there']).toContain(await ask({ origin }));
    }
    if (method !== 'GET') expect(await ask({ origin: 'https://evil.example' })).toBe('status 403');
  });
});

describe('API keys', () => {
  const KEY_ROWS = Object.entries(KEY_TABLE).map(([route, scope]) => {
    const [method = '', path = ''] = route.split(' ');
    return { route, method, path, scope };
  });

  it('have each route that takes one in the table, and no other', async () => {
    const { routes } = await createWholeApp();
    const mounted = routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(?:developer|sandbox)\//.test(path))
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => route !== 'GET /sandbox/directory/jwks');
    expect([...new Set(mounted)].toSorted()).toEqual(Object.keys(KEY_TABLE).toSorted());
  });

  it.each(KEY_ROWS)('open $route with the scope "$scope" alone', async ({ method, path, scope }) => {
    const { organisationId } = await makeDomain();
    const ask = (apiKey: string) =>
      app.request(
        path.replace(/:(\w+)/g, (_, name: string) => stillOther.ids[name] ?? `no-${name}`),
        {
          method,
          headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          ...(method === 'POST' ? { body: '{}' } : {}),
        },
      );
    const before = await snapshotOf(stillOther);
    for (const given of [[], ...KEY_SCOPES.map((one) => [one]), KEY_SCOPES]) {
      const { apiKey } = await insertKey(organisationId, given);
      const answer = await ask(apiKey);
      const isOpen = scope === 'any' || given.includes(scope);
      const body = await answer.text();
      const isRefused = answer.status === 403 && body.includes('insufficient_scope');
      expect([given, answer.status < 500, isRefused]).toEqual([given, true, !isOpen]);
      // An id of another organisation's is one that does not exist.
      if (isOpen && /:\w/.test(path)) expect([400, 404]).toContain(answer.status);
      for (const secret of stillOther.secrets) expect(body).not.toContain(secret);
    }
    expect(await snapshotOf(stillOther)).toBe(before);
  });
});
