/** The audit log as members see it: filters, pages, and a CSV file that is whole and verifies. */
import { describe, expect, it } from 'vitest';
import { followAudit } from '#developers/audit.ts';
import { parseAuditCsv } from '#developers/audit-csv.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { testApp } from '../support/app.ts';
import { deedsOf } from '../support/deeds.ts';
import { signUpMember, type TestMember } from '../support/developers.ts';
import { testScope } from '../support/scope.ts';

const AUDIT = '/dashboard/audit';

const ask = (member: TestMember, path = AUDIT) => testApp().request(path, { headers: member.headers });

async function write({ organisation }: TestMember, count: number, actor = 'ada@example.com'): Promise<void> {
  const { organisationId } = organisation;
  for (let n = 0; n < count; n += 1) {
    await recordDeed(
      testScope(),
      { organisationId, actorId: 'dev_ada', actor },
      n % 2 === 0
        ? {
            action: 'member.change_role',
            subject: `dev_${n}`,
            detail: { email: `n${n}@example.com`, to: 'owner' },
          }
        : { action: 'organisation.rename', subject: organisationId, detail: { to: `=cmd|'${n}'!A1` } },
    );
  }
}

const sequencesIn = (text: string) =>
  [...text.matchAll(/<td class="amount">(\d+)<\/td><\/tr>/g)].map(([, sequence]) => Number(sequence));

describe('the page', () => {
  it('says who did what, when and from where, the latest first', async () => {
    const owner = await signUpMember();
    await write(owner, 3);
    const text = await (await ask(owner)).text();
    expect(sequencesIn(text)).toEqual([3, 2, 1]);
    expect(text).toContain('changed a role');
    expect(text).toContain('email: n0@example.com, to: owner');
    expect(text).toContain('ada@example.com');
    const [, , last] = await deedsOf(owner.organisation.organisationId);
    expect(text).toContain(last?.hash);
  });

  it('says instants, lists and what lies within in words', async () => {
    const owner = await signUpMember();
    await recordDeed(
      testScope(),
      { organisationId: owner.organisation.organisationId, actorId: 'dev_ada', actor: 'ada@example.com' },
      {
        action: 'api_key.roll',
        subject: 'key_1',
        detail: {
          scopes: ['sandbox', 'usage'],
          allowed_ips: [],
          expires_at: 1_805_119_500,
          new_key: { name: 'B', expires_at: null },
        },
      },
    );
    expect(await (await ask(owner)).text()).toContain(
      'scopes: sandbox usage, allowed ips: any, expires at: 15 March 2027, 14:05:00 UTC, new key: (name: B, expires at: never)',
    );
  });

  it('is walked back a page at a time', async () => {
    const owner = await signUpMember();
    await write(owner, 53);
    const first = await (await ask(owner)).text();
    expect(sequencesIn(first)).toEqual(Array.from({ length: 50 }, (_, n) => 53 - n));
    const older = /href="([^"]*before=\d+)"/.exec(first)?.[1] ?? '';
    const second = await (await ask(owner, older)).text();
    expect(sequencesIn(second)).toEqual([3, 2, 1]);
    expect(second).not.toContain('before=');
    expect(second).toContain('The latest');
  });

  it('is filtered by action and by actor, which go along from page to page', async () => {
    const owner = await signUpMember();
    await write(owner, 4);
    await write(owner, 104, 'bob@example.com');
    const filtered = await (
      await ask(owner, `${AUDIT}?action=organisation.rename&actor=Ada%40Example.COM`)
    ).text();
    expect(sequencesIn(filtered)).toEqual([4, 2]);
    const bobs = await (
      await ask(owner, `${AUDIT}?action=member.change_role&actor=bob%40example.com`)
    ).text();
    const older = (/href="([^"]*before=\d+)"/.exec(bobs)?.[1] ?? '').replaceAll('&amp;', '&');
    expect(older).toContain('actor=bob%40example.com');
    expect(sequencesIn(await (await ask(owner, older)).text())).toEqual([7, 5]);
    expect(await (await ask(owner, `${AUDIT}?actor=nobody`)).text()).toContain('No such rows');
    for (const odd of ['?before=-1', '?before=x', '?action=none', "?actor=' OR 1=1 --"]) {
      expect((await ask(owner, AUDIT + odd)).status).toBe(200);
    }
  });

  it('shows and exports nothing of another organisation', async () => {
    const [acorn, birch] = [await signUpMember(), await signUpMember()];
    await write(acorn, 2, 'secret@example.com');
    for (const path of [AUDIT, `${AUDIT}?actor=secret%40example.com`, `${AUDIT}.csv`]) {
      const answer = await ask(birch, path);
      expect(answer.status).toBe(200);
      expect((await answer.text()).replaceAll('value="secret@example.com"', '')).not.toContain(
        'secret@example',
      );
    }
    expect(await (await ask(birch)).text()).toContain('Nothing is written down yet');
  });
});

describe('the file', () => {
  it('is the whole log in its order, verifies, and has no cell that a spreadsheet would run', async () => {
    const owner = await signUpMember();
    await write(owner, 40);
    const answer = await ask(owner, `${AUDIT}.csv`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toContain('audit.csv');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const rows = parseAuditCsv(await answer.text());
    if ('fault' in rows) throw new Error(rows.fault);
    expect(rows).toEqual(await deedsOf(owner.organisation.organisationId));
    expect(await followAudit(EMPTY_CHAIN, rows)).toHaveProperty('end.sequence', rows.length);
  });
});
