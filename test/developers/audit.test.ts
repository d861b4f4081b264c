/** The audit log: one chain an organisation whatever happens at once, rows nobody changes, changes made with their row. */
import { env } from 'cloudflare:workers';
import { type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { organisationStatement } from '#clients/organisation.statements.ts';
import { changeTenantStatement } from '#clients/organisation-tenant.statements.ts';
import { type AuditRow, type Doer, followAudit, nextAuditRow } from '#developers/audit.ts';
import {
  type AuditHead,
  readAuditEnd,
  readAuditHeads,
  readDeedsAfter,
  readLatestDeeds,
} from '#developers/developer-deed.store.ts';
import { logAuditHeads } from '#developers/log-audit-heads.flow.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import type { LogLine } from '#edge/log.ts';
import { EMPTY_CHAIN } from '#kernel/chain.ts';
import { deedsOf } from '../support/deeds.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';

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

  it('keeps of a long list the beginning, and how many there are beside', async () => {
    const doer = newDoer();
    const uris = Array.from({ length: 60 }, (_, n) => `https://tpp.example/${n}/${'x'.repeat(970)}`);
    const deed = { ...DEED, detail: { name: 'Acorn', redirect_uris: uris } };
    await recordDeed(testScope(), doer, deed);
    const [row] = await deedsOf(doer.organisationId);
    expect(JSON.parse(row?.detail ?? '')).toEqual({
      name: 'Acorn',
      redirect_uris: [...uris.slice(0, 4), 'and 56 more'],
    });
    expect(await followAudit(EMPTY_CHAIN, row === undefined ? [] : [row])).toHaveProperty('end.sequence', 1);
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
          changeTenantStatement(
            scope.database,
            { organisationId: doer.organisationId, from: 'tnt_before', to: null },
            isRecorded,
          ),
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

describe('the hourly line', () => {
  const headsOf = (lines: readonly LogLine[]) =>
    lines.filter(({ event }) => event === 'audit_heads').flatMap(({ heads }) => heads ?? []);

  it('tells where each log that grew ends, and once a day where each does', async () => {
    const [grown, quiet] = [newDoer(), newDoer()];
    const hour = 3_600_000;
    await recordDeed(testScope({ nowMs: TEST_NOW_MS - 3 * hour }), quiet, DEED);
    await recordDeed(testScope(), grown, DEED);
    await recordDeed(testScope(), grown, DEED);
    const { log, lines } = listLog();
    await logAuditHeads(testScope({ log, nowMs: TEST_NOW_MS + hour }));
    const [, last] = await deedsOf(grown.organisationId);
    expect(headsOf(lines)).toContain(`${grown.organisationId}:2:${last?.hash}`);
    expect(headsOf(lines).join()).not.toContain(quiet.organisationId);
    const daily = listLog();
    // Of the tick of three o'clock, which came late.
    await logAuditHeads(testScope({ log: daily.log, nowMs: Date.UTC(2026, 10, 23, 3, 41) }));
    const [only] = await deedsOf(quiet.organisationId);
    expect(headsOf(daily.lines)).toContain(`${quiet.organisationId}:1:${only?.hash}`);
    expect(headsOf(daily.lines)).toContain(`${grown.organisationId}:2:${last?.hash}`);
  });

  it('goes from organisation to organisation, a page at a time', async () => {
    const doers = Array.from({ length: 4 }, newDoer);
    for (const doer of doers) await recordDeed(testScope(), doer, DEED);
    const { database } = testScope();
    const all = await readAuditHeads(database, '', 500);
    expect(all.map(({ organisationId }) => organisationId)).toEqual(
      expect.arrayContaining(doers.map(({ organisationId }) => organisationId)),
    );
    const paged: AuditHead[] = [];
    for (;;) {
      const page = await readAuditHeads(database, paged.at(-1)?.organisationId ?? '', 3);
      paged.push(...page);
      if (page.length < 3) break;
    }
    expect(paged).toEqual(all);
  });

  it('reads no log through', async () => {
    const plans = await plansOf(async (DB) => {
      const { database } = testScope({ bindings: { DB } });
      await readAuditHeads(database, '', 3);
      for (const filter of [{}, { action: 'x' }, { actor: 'x' }, { action: 'x', actor: 'y' }]) {
        await readLatestDeeds(database, { organisationId: 'org_x', before: 9, limit: 3, ...filter });
      }
      await readDeedsAfter(database, 'org_x', 0, 10);
    });
    // The walk from organisation to organisation is a list of its own making, not a stored table.
    for (const plan of plans) {
      expect({ text: plan.text, costly: costlySteps(plan).filter((step) => step !== 'SCAN logs') }).toEqual({
        text: plan.text,
        costly: [],
      });
    }
  });
});
