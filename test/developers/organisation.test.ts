/** Organisations: their members, roles and names; an owner remains whatever happens at once, and a removal bites at once. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { followAudit } from '#developers/audit.ts';
import type { MemberRole } from '#developers/role.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { newSecret } from '#kernel/ids.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';

const PAGE = '/dashboard/organisation';

const LONG = env.TEST_LENGTH === 'long';

const get = (app: TestApp, member: TestMember, path = PAGE) =>
  app.request(path, { headers: member.headers, redirect: 'manual' });
const post = (app: TestApp, member: TestMember, path: string, fields: Record<string, string> = {}) =>
  app.sendForm(`${PAGE}${path}`, fields, { headers: member.headers, redirect: 'manual' });

/** Posts the form for a new organisation as a page just shown has it. */
const makeOne = (app: TestApp, member: TestMember, name: string, nonce = newSecret()) =>
  post(app, member, '/new', { name, nonce });

async function join(owner: TestMember, role: MemberRole): Promise<TestMember> {
  return signUpMember({ role, organisationId: owner.organisation.organisationId });
}

async function rolesOf({ organisation }: TestMember): Promise<Record<string, string>> {
  const { results } = await env.DB.prepare('SELECT * FROM memberships WHERE organisation_id = ?')
    .bind(organisation.organisationId)
    .all<{ developer_id: string; role: string }>();
  return Object.fromEntries(results.map((row) => [row.developer_id, row.role]));
}

const actionsOf = async ({ organisation }: TestMember) =>
  (await deedsOf(organisation.organisationId)).map(({ action }) => action);

describe('the page', () => {
  it('lists members and roles for everyone, and what to change for owners alone', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const viewer = await join(owner, 'viewer');
    const seen = await (await get(app, viewer)).text();
    for (const { developer } of [owner, viewer]) expect(seen).toContain(developer.email);
    expect(seen).not.toContain('/organisation/invite');
    expect(seen).not.toContain(`/members/${owner.developer.developerId}`);
    const own = await (await get(app, owner)).text();
    expect(own).toContain('/organisation/invite');
    expect(own).toContain(`/members/${viewer.developer.developerId}`);
  });

  it('shows no member of another organisation', async () => {
    const [acorn, birch] = [await signUpMember(), await signUpMember()];
    const app = testApp();
    expect(await (await get(app, acorn)).text()).not.toContain(birch.developer.email);
    const path = `/members/${birch.developer.developerId}`;
    expect((await get(app, acorn, PAGE + path)).status).toBe(404);
    expect((await post(app, acorn, path, { role: 'viewer' })).status).toBe(404);
    expect((await post(app, acorn, `${path}/remove`)).status).toBe(404);
    expect(await rolesOf(birch)).toEqual({ [birch.developer.developerId]: 'owner' });
  });
});

describe('a role', () => {
  it('is changed by an owner, written down, and counts at the next request', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const other = await join(owner, 'viewer');
    expect((await post(app, other, '/rename', { name: 'Mine' })).status).toBe(403);
    const path = `/members/${other.developer.developerId}`;
    const answer = await post(app, owner, path, { role: 'owner' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${PAGE}?done=role`]);
    expect((await post(app, other, '/rename', { name: 'Ours' })).status).toBe(303);
    const [first] = await deedsOf(owner.organisation.organisationId);
    expect(first).toMatchObject({
      action: 'member.change_role',
      actor: owner.developer.email,
      subject: other.developer.developerId,
      detail: JSON.stringify({ email: other.developer.email, from: 'viewer', to: 'owner' }),
    });
  });

  it('is one of the three', async () => {
    const owner = await signUpMember();
    const other = await join(owner, 'viewer');
    for (const role of ['admin', '', 'Owner']) {
      const answer = await post(testApp(), owner, `/members/${other.developer.developerId}`, { role });
      expect([role, answer.status]).toEqual([role, 400]);
    }
    expect(await actionsOf(owner)).toEqual([]);
  });

  it('asks for a password or passkey of the last 15 minutes', async () => {
    const owner = await signUpMember({ confirmed: false });
    const other = await join(owner, 'viewer');
    const path = `/members/${other.developer.developerId}`;
    const answer = await post(testApp(), owner, path, { role: 'owner' });
    expect(answer.headers.get('location')).toMatch(/^\/dashboard\/confirm\?next=/);
    expect(await rolesOf(owner)).toMatchObject({ [other.developer.developerId]: 'viewer' });
  });
});

describe('the last owner', () => {
  it('stays one: no role, no removal, no leaving', async () => {
    const app = testApp();
    const owner = await signUpMember();
    await join(owner, 'developer');
    const path = `/members/${owner.developer.developerId}`;
    expect((await post(app, owner, path, { role: 'viewer' })).status).toBe(409);
    expect((await post(app, owner, `${path}/remove`)).headers.get('location')).toBe(`${PAGE}/leave`);
    const left = await post(app, owner, '/leave');
    expect(left.status).toBe(409);
    expect(await left.text()).toContain('An organisation always has an owner.');
    expect(await rolesOf(owner)).toMatchObject({ [owner.developer.developerId]: 'owner' });
    expect(await actionsOf(owner)).toEqual([]);
  });

  it.each(Array.from({ length: LONG ? 40 : 4 }, (_, round) => round))(
    'remains when owners go all at once (round %i)',
    async (round) => {
      const app = testApp();
      const first = await signUpMember();
      const owners = [first, await join(first, 'owner'), await join(first, 'owner')];
      const [a, b, c] = owners;
      if (a === undefined || b === undefined || c === undefined) throw new Error('no owners');
      const at = ({ developer }: TestMember) => `/members/${developer.developerId}`;
      const moves = [
        [() => post(app, a, '/leave'), () => post(app, b, '/leave'), () => post(app, c, '/leave')],
        [
          () => post(app, a, `${at(b)}/remove`),
          () => post(app, b, `${at(c)}/remove`),
          () => post(app, c, `${at(a)}/remove`),
        ],
        [
          () => post(app, a, at(b), { role: 'viewer' }),
          () => post(app, b, at(a), { role: 'developer' }),
          () => post(app, c, '/leave'),
          () => post(app, a, at(c), { role: 'viewer' }),
        ],
        [
          () => post(app, a, at(a), { role: 'viewer' }),
          () => post(app, b, at(b), { role: 'viewer' }),
          () => post(app, c, at(c), { role: 'viewer' }),
          () => post(app, b, `${at(a)}/remove`),
        ],
      ][round % 4];
      const answers = await Promise.all((moves ?? []).map((move) => move()));
      for (const { status } of answers) expect([303, 403, 404, 409]).toContain(status);
      const roles = Object.values(await rolesOf(first));
      expect(roles).toContain('owner');
      // What happened is what is written down, in one whole chain.
      const deeds = await deedsOf(first.organisation.organisationId);
      expect(await followAudit(EMPTY_CHAIN, deeds)).toHaveProperty('end.sequence', deeds.length);
      const gone = deeds.filter(({ action }) => action === 'member.leave' || action === 'member.remove');
      expect(roles).toHaveLength(3 - gone.length);
    },
  );
});

describe('a removed member', () => {
  it('is refused at the next request, and falls back to an organisation that is left', async () => {
    const app = testApp();
    const [owner, elsewhere] = [await signUpMember(), await signUpMember()];
    const other = await join(owner, 'developer');
    expect((await get(app, other)).status).toBe(200);
    await post(app, owner, `/members/${other.developer.developerId}/remove`);
    const alone = await get(app, other);
    expect(alone.status).toBe(403);
    expect(await alone.text()).toContain('You belong to no organisation');
    await env.DB.prepare("INSERT INTO memberships VALUES (?, ?, 'viewer', 0)")
      .bind(elsewhere.organisation.organisationId, other.developer.developerId)
      .run();
    const fallen = await (await get(app, other)).text();
    expect(fallen).toContain(elsewhere.organisation.name);
    expect(fallen).not.toContain(owner.developer.email);
    expect(await actionsOf(owner)).toEqual(['member.remove']);
  });

  it('is removed once, though two ask', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const second = await join(owner, 'owner');
    const other = await join(owner, 'viewer');
    const path = `/members/${other.developer.developerId}/remove`;
    const answers = await Promise.all([post(app, owner, path), post(app, second, path)]);
    expect(answers.map(({ status }) => status)).toContain(303);
    expect(await actionsOf(owner)).toEqual(['member.remove']);
  });

  it('cannot change anything with a request that was already let through', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const second = await join(owner, 'owner');
    const third = await join(owner, 'viewer');
    const [removal, promotion] = await Promise.all([
      post(app, owner, `/members/${second.developer.developerId}/remove`),
      post(app, second, `/members/${third.developer.developerId}`, { role: 'owner' }),
    ]);
    expect(removal.status).toBe(303);
    expect([303, 403]).toContain(promotion.status);
    // Whatever came first: no row of the removed one stands after their removal.
    const deeds = await deedsOf(owner.organisation.organisationId);
    const removed = deeds.findIndex(({ action }) => action === 'member.remove');
    expect(deeds.slice(removed).map(({ actorId }) => actorId)).not.toContain(second.developer.developerId);
  });
});

describe('leaving', () => {
  it('is open to everyone but the last owner', async () => {
    const app = testApp();
    const owner = await signUpMember();
    for (const role of ['viewer', 'developer', 'owner'] as const) {
      const other = await join(owner, role);
      expect((await post(app, other, '/leave')).status).toBe(303);
      expect(Object.keys(await rolesOf(owner))).toEqual([owner.developer.developerId]);
    }
    expect(await actionsOf(owner)).toEqual(['member.leave', 'member.leave', 'member.leave']);
  });
});

describe('a form shown for one organisation', () => {
  it('changes no other that was switched to in another tab', async () => {
    const app = testApp();
    const [acorn, birch] = [await signUpMember(), await signUpMember()];
    const { developerId } = acorn.developer;
    await env.DB.prepare("INSERT INTO memberships VALUES (?, ?, 'owner', 0)")
      .bind(birch.organisation.organisationId, developerId)
      .run();
    const target = `/members/${birch.developer.developerId}`;
    const forms: readonly (readonly [string, Record<string, string>])[] = [
      [`${PAGE}/leave`, {}],
      [`${PAGE}/rename`, { name: 'Elsewhere' }],
      [`${PAGE}/invite`, { email: 'ada@example.com', role: 'viewer' }],
      [`${PAGE}${target}`, { role: 'viewer' }],
      [`${PAGE}${target}/remove`, {}],
      ['/dashboard/api-keys/new', { nonce: 'n'.repeat(43) }],
      ['/dashboard/applications/join', { client_id: crypto.randomUUID() }],
    ];
    // Shown in one tab for acorn, its members' ids being birch's: an owner may well know the same people in both.
    await env.DB.prepare("INSERT INTO memberships VALUES (?, ?, 'viewer', 0)")
      .bind(acorn.organisation.organisationId, birch.developer.developerId)
      .run();
    const shown: Record<string, string>[] = [];
    for (const [path] of forms) {
      const page = await (await get(app, acorn, path)).text();
      const shownFor = /name="shown_for" value="([^"]+)"/.exec(page)?.[1] ?? '';
      expect({ path, shownFor }).toEqual({ path, shownFor: acorn.organisation.organisationId });
      shown.push({ shown_for: shownFor });
    }
    await post(app, acorn, '/switch', { organisation_id: birch.organisation.organisationId });
    for (const [index, [path, fields]] of forms.entries()) {
      const init = { headers: acorn.headers, redirect: 'manual' } as const;
      const answer = await app.sendForm(path, { ...fields, ...shown[index] }, init);
      expect({ path, status: answer.status }).toEqual({ path, status: 409 });
      expect(await answer.text()).toContain('another organisation by now');
    }
    expect(await actionsOf(birch)).toEqual([]);
    expect(await rolesOf(birch)).toEqual({ [developerId]: 'owner', [birch.developer.developerId]: 'owner' });
  });
});

describe('an organisation', () => {
  it('is renamed by an owner, its name cleaned', async () => {
    const app = testApp();
    const owner = await signUpMember();
    await post(app, owner, '/rename', { name: '  Birch \u202e & Sons <b>' });
    const text = await (await get(app, owner)).text();
    expect(text).toContain('Birch &amp; Sons &lt;b&gt;');
    expect(text).not.toContain('\u202e');
    expect(await deedsOf(owner.organisation.organisationId)).toMatchObject([
      { action: 'organisation.rename', detail: expect.stringContaining('"to":"Birch & Sons <b>"') },
    ]);
    expect((await post(app, owner, '/rename', { name: ' \u200b ' })).status).toBe(400);
  });

  it('is made by whoever is signed in, who owns it and works in it', async () => {
    const app = testApp();
    const viewer = await join(await signUpMember(), 'viewer');
    const made = await makeOne(app, viewer, 'Cedar Ltd');
    expect(made.headers.get('location')).toBe(`${PAGE}?done=made`);
    const text = await (await get(app, viewer)).text();
    expect(text).toContain('Cedar Ltd');
    expect(text).toContain('/organisation/invite');
    const id = /<dl.*?(org_[\w-]{22})/s.exec(text)?.[1] ?? '';
    expect(await deedsOf(id)).toMatchObject([
      { action: 'organisation.create', actor: viewer.developer.email, detail: '{"name":"Cedar Ltd"}' },
    ]);
    const row = await env.DB.prepare('SELECT directory_issuer FROM organisations WHERE organisation_id = ?')
      .bind(id)
      .first('directory_issuer');
    expect(row).toBe('sandbox-directory');
  });

  it('is one for each form, however often that is sent', async () => {
    const app = testApp();
    const owner = await signUpMember();
    const shown = await (await get(app, owner, `${PAGE}/new`)).text();
    const nonce = /name="nonce" value="([^"]+)"/.exec(shown)?.[1] ?? '';
    const answers = [
      ...(await Promise.all(Array.from({ length: 4 }, () => makeOne(app, owner, 'Twice', nonce)))),
      await makeOne(app, owner, 'Thrice', nonce),
    ];
    for (const answer of answers) expect(answer.headers.get('location')).toBe(`${PAGE}?done=made`);
    const { results } = await env.DB.prepare(
      `SELECT name FROM memberships JOIN organisations USING (organisation_id) WHERE developer_id = ?`,
    )
      .bind(owner.developer.developerId)
      .all();
    expect(new Set(results.map(({ name }) => name))).toEqual(new Set([owner.organisation.name, 'Twice']));
    expect(results).toHaveLength(2);
    // Another's form of the same nonce makes one of their own.
    const other = await signUpMember();
    expect((await makeOne(app, other, 'Other', nonce)).headers.get('location')).toBe(`${PAGE}?done=made`);
    for (const bad of ['', 'short', 'n'.repeat(44)]) {
      expect((await makeOne(app, owner, 'Bad', bad)).status).toBe(400);
    }
  });

  it('is not made by a form that holds too much', async () => {
    const answer = await makeOne(testApp(), await signUpMember(), 'x'.repeat(70_000));
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('more than a form may hold');
  });

  it('is switched to by its members alone', async () => {
    const app = testApp();
    const [owner, stranger] = [await signUpMember(), await signUpMember()];
    await makeOne(app, owner, 'Second');
    expect(await (await get(app, owner)).text()).toContain('Second');
    for (const [to, shown] of [
      [stranger.organisation.organisationId, 'Second'],
      [owner.organisation.organisationId, owner.organisation.name],
      ['org_none', owner.organisation.name],
    ] as const) {
      const answer = await post(app, owner, '/switch', { organisation_id: to });
      expect(answer.headers.get('location')).toBe('/dashboard');
      const facts = /<dl.*?<\/dl>/s.exec(await (await get(app, owner)).text())?.[0];
      expect(facts).toContain(shown);
    }
    expect(await (await get(app, owner)).text()).not.toContain(stranger.organisation.name);
  });

  it('is not one of too many', async () => {
    const app = testApp();
    const owner = await signUpMember();
    await env.DB.batch(
      Array.from({ length: 19 }, (_, n) =>
        env.DB.prepare(
          "INSERT INTO organisations (organisation_id, directory_issuer, org_id, name, created_at) VALUES (?1, 'x', ?1, ?1, 0)",
        ).bind(`org_${n}_${owner.developer.developerId}`),
      ),
    );
    await env.DB.batch(
      Array.from({ length: 19 }, (_, n) =>
        env.DB.prepare("INSERT INTO memberships VALUES (?, ?, 'viewer', 9999999999)").bind(
          `org_${n}_${owner.developer.developerId}`,
          owner.developer.developerId,
        ),
      ),
    );
    expect((await makeOne(app, owner, 'One more')).status).toBe(409);
  });
});
