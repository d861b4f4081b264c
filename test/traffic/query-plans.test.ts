/** No statement of the request log or usage reads a whole table: each begins with one organisation's rows or the oldest ones. */
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#edge/database.ts';
import { readCallsOfRequest, readErrorGroups, readRequestPage } from '#traffic/logged-request.store.ts';
import { cutLog, findOverfull, forgetSums, writeTakings } from '#traffic/request-log.store.ts';
import { takingsOf } from '#traffic/takings.ts';
import { readUsageSums } from '#traffic/usage.store.ts';
import { spanOf } from '#traffic/usage.ts';
import { foldUsage } from '#traffic/usage-fold.store.ts';
import { plansOf, type QueryPlan } from '../support/query-plans.ts';
import { entryOf, messageOf } from '../support/requests.ts';

/** Steps that read a whole stored table; sums of one organisation's rows may be sorted. */
function scans({ details }: QueryPlan): string[] {
  return details.filter((detail) =>
    /^SCAN (?!CONSTANT ROW|row VIRTUAL TABLE|json_each VIRTUAL TABLE|\d)/.test(detail),
  );
}

const FILTER = {
  clientId: 'c',
  status: [400, 499] as const,
  code: 'x',
  method: 'GET',
  route: '/',
  fromMs: 1,
  toMs: 2,
};
const ROW = { createdAt: 1, id: 'e' };

describe('reading', () => {
  it.each([
    ['a page', {}, undefined],
    ['a later page', {}, { ...ROW, direction: 'next' as const }],
    ['an earlier page', {}, { ...ROW, direction: 'prev' as const }],
    ['a filtered page', FILTER, { ...ROW, direction: 'next' as const }],
  ])('%s is by index, in its order', async (_name, filter, cursor) => {
    const plans = await plansOf(async (binding) =>
      readRequestPage(openDatabase(binding), 'org', filter, cursor, 25),
    );
    expect(plans).toHaveLength(1);
    const details = plans.flatMap((plan) => plan.details);
    expect(details).toEqual([
      expect.stringContaining('SEARCH request_log USING INDEX sqlite_autoindex_request_log'),
    ]);
    expect(details.join('\n')).toContain('organisation_id=?');
  });

  it('calls by their id are by index', async () => {
    const plans = await plansOf(async (binding) => {
      await readRequestPage(openDatabase(binding), 'org', { requestId: 'id' }, undefined, 25);
    });
    for (const { details } of plans) {
      expect(details[0]).toContain('request_log_by_request (organisation_id=? AND request_id=?');
    }
  });

  it('calls of one id, for the bank, are by index in each organisation’s', async () => {
    const [plan] = await plansOf(async (binding) => readCallsOfRequest(openDatabase(binding), 'id', 20));
    expect(plan?.details[1]).toContain('request_log_by_request (organisation_id=? AND request_id=?');
  });

  it('groups and usage read one organisation’s rows', async () => {
    const plans = await plansOf(async (binding) => {
      const database = openDatabase(binding);
      await readErrorGroups(database, 'org', {}, 50);
      await readUsageSums(database, 'org', spanOf('30d', 1_795_000_000), undefined);
      await readUsageSums(database, 'org', spanOf('30d', 1_795_000_000), 'client');
    });
    expect(plans).toHaveLength(11);
    for (const plan of plans) {
      expect(scans(plan)).toEqual([]);
      expect(plan.details[0]).toMatch(/^SEARCH \w+ USING INDEX \w+ \(organisation_id=\?/);
    }
  });
});

describe('writing', () => {
  it('finds rows by their keys', async () => {
    const takings = takingsOf([messageOf([entryOf({ organisationId: 'org' })])], new Map());
    const plans = await plansOf(async (binding) =>
      writeTakings(openDatabase(binding), takings, { attempt: crypto.randomUUID(), cutAbove: 10 }),
    );
    expect(plans).toHaveLength(7);
    for (const plan of plans) expect(scans(plan)).toEqual([]);
  });

  it('folds usage by its age', async () => {
    const fold = { fromHour: 1, toHour: 2, stretchHours: 6, limit: 10 };
    const plans = await plansOf(async (binding) => foldUsage(openDatabase(binding), fold));
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(scans(plan)).toEqual([]);
      expect(plan.details.join('\n')).toContain('usage_hours_by_age (hour>? AND hour<?');
    }
  });

  it('removes what is over or old by index', async () => {
    const plans = await plansOf(async (binding) => {
      const database = openDatabase(binding);
      await cutLog(database, 'org', { keep: 10_000, fromMs: 1 });
      await findOverfull(database, { keep: 10_000, fromMs: 1, limit: 50 });
      await forgetSums(database, { hour: 1, minute: 1, messageId: '0', limit: 10 });
    });
    expect(plans).toHaveLength(7);
    for (const plan of plans) expect(scans(plan)).toEqual([]);
  });
});
