/** The audit log: one chain an organisation whatever happens at once, rows nobody changes, changes made with their row. */
import { env } from 'cloudflare:workers';
import { type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { organisationStatement } from '#clients/organisation.statements.ts';
import { takeTenantStatement } from '#clients/organisation-tenant.statements.ts';
import { type AuditRow, type Doer, followAudit, nextAuditRow } from '#developers/audit.ts';
import { readAuditEnd } from '#developers/developer-deed.store.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { deedsOf } from '../support/deeds.ts';
import { testScope } from '../support/scope.ts';

function newDoer(): Doer {
  return { organisationId: `org_${crypto.randomUUID()}`, actorId: 'dev_1', actor: 'ada@example.com' };
}

const DEED = { action: 'organisation.rename', subject: 'org_x', detail: { to: 'Acorn' } } as const;

async function rowsOf(count: number): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  let end = EMPTY_CHAIN;
  for (let n = 0; n < count; n += 1) {
    const row = await nextAuditRow(end, {
      organisationId: 'org_x',
      at: n,
      actorId: 'dev_1',
      actor: 'ada@example.com',
      action: 'organisation.rename',
      subject: 'org_x',
      detail: '{}',
      source: '192.0.2.1',
      requestId: `r${n}`,
    });
    rows.push(row);
    end = row;
  }
  return rows;
}

describe('the chain', () => {
  it('is followed from its beginning', async () => {
    const rows = await rowsOf(4);
    expect(await followAudit(EMPTY_CHAIN, rows)).toEqual({ end: { sequence: 4, hash: rows[3]?.hash } });
  });

  it.each([
    'organisationId',
    'at',
    'actorId',
    'actor',
    'action',
    'subject',
    'detail',
    'source',
    'requestId',
  ] as const)('tells that %s was changed', async (column) => {
    const rows = await rowsOf(3);
    Object.assign(rows[1] ?? {}, { [column]: column === 'at' ? 99 : 'other' });
    expect(await followAudit(EMPTY_CHAIN, rows)).toEqual({ fault: 'row 2 was changed' });
  });

  it('tells of rows taken out and swapped', async () => {
    const rows = await rowsOf(4);
    expect(await followAudit(EMPTY_CHAIN, rows.toSpliced(1, 1))).toHaveProperty('fault');
    const [first, second, third] = rows;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no rows');
    expect(await followAudit(EMPTY_CHAIN, [first, third, second])).toHaveProperty('fault');
    const swapped = [first, { ...third, sequence: 2 }, { ...second, sequence: 3 }];
    expect(await followAudit(EMPTY_CHAIN, swapped)).toHaveProperty('fault');
  });
});

describe('in D1', () => {
  it('stays one chain an organisation when members act at once', async () => {
    const [acorn, birch] = [newDoer(), newDoer()];
    const written = await Promise.all(
      Array.from({ length: 8 }, (_, n) => recordDeed(testScope(), n % 2 === 0 ? acorn : birch, DEED)),
    );
    expect(written).toEqual(written.map(() => true));
    for (const { organisationId } of [acorn, birch]) {
      const rows = await deedsOf(organisationId);
      expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
      expect(await followAudit(EMPTY_CHAIN, rows)).toEqual({
        end: await readAuditEnd(testScope().database, organisationId),
      });
    }
  });

  it('says who, what, when and from where', async () => {
    const scope = testScope();
    const doer = newDoer();
    await recordDeed(scope, doer, DEED);
    expect(await deedsOf(doer.organisationId)).toMatchObject([
      {
        ...doer,
        sequence: 1,
        at: scope.now,
        action: DEED.action,
        subject: DEED.subject,
        detail: '{"to":"Acorn"}',
        source: scope.sourceAddress,
        requestId: scope.requestId,
      },
    ]);
  });

  it('writes neither row nor changes where the condition does not hold, and both where it does', async () => {
    const scope = testScope();
    const doer = newDoer();
    await scope.database.batch([
      organisationStatement(scope.database, {
        organisationId: doer.organisationId,
        directoryIssuer: 'test',
        orgId: doer.organisationId,
        name: 'Acorn',
        tenantId: 'tnt_before',
        createdAt: 0,
      }),
    ]);
    const recorded = (condition: SQL) =>
      recordDeed(scope, doer, DEED, {
        condition,
        changes: (isRecorded) => [
          takeTenantStatement(scope.database, doer.organisationId, 'tnt_before', isRecorded),
        ],
      });
    const tenantNow = () =>
      env.DB.prepare('SELECT tenant_id FROM organisations WHERE organisation_id = ?')
        .bind(doer.organisationId)
        .first('tenant_id');
    expect(await recorded(sql`1 = 2`)).toBe(false);
    expect(await tenantNow()).toBe('tnt_before');
    expect(await deedsOf(doer.organisationId)).toEqual([]);
    expect(await recorded(sql`1 = 1`)).toBe(true);
    expect(await tenantNow()).toBeNull();
  });

  it.each([
    ['UPDATE developer_deeds SET actor = ?', 'deed_immutable'],
    ['DELETE FROM developer_deeds WHERE actor <> ?', 'deed_immutable'],
    [
      "INSERT INTO developer_deeds VALUES ('org_gap', 2, 0, 'd', ?, 'x', 'x', '{}', 'x', 'x', '', 'x')",
      'deed_chain',
    ],
    [
      "INSERT INTO developer_deeds VALUES ('org_gap', 1, 0, 'd', ?, 'x', 'x', '{}', 'x', 'x', 'y', 'x')",
      'deed_chain',
    ],
    [
      "INSERT OR REPLACE INTO developer_deeds SELECT organisation_id, sequence, 0, 'd', ?, 'x', 'x', '{}', 'x', 'x', previous_hash, 'x' FROM developer_deeds LIMIT 1",
      'deed_chain',
    ],
  ])('refuses %s', async (statement, word) => {
    await recordDeed(testScope(), newDoer(), DEED);
    await expect(env.DB.prepare(statement).bind('eve').run()).rejects.toThrow(word);
  });
});
