/** The statements on consents: no full scan, no sort, whatever page is asked for. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { type ConsentPageQuery, consentPageStatement } from '#consents/consent.store.ts';
import { openDatabase } from '#edge/database.ts';

const database = openDatabase(env.DB);
const POSITION = { createdAt: 1, id: 'consent' };

const PAGES: readonly [string, ConsentPageQuery['position']][] = [
  ['the first page', undefined],
  ['a later page', { ...POSITION, direction: 'next' }],
  ['an earlier page', { ...POSITION, direction: 'prev' }],
];

it.each(PAGES)('reads %s along the index', async (_what, position) => {
  const { sql, params } = consentPageStatement(database, { clientId: 'c', limit: 26, position })
    .prepare()
    .getQuery();
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  const details = plan.results.map(({ detail }) => detail);
  expect(details).toHaveLength(2);
  expect(details[0]).toMatch(
    position === undefined
      ? /^SEARCH consents USING INDEX consents_by_client \(client_id=\?\)$/
      : /^SEARCH consents USING INDEX consents_by_client \(client_id=\? AND \(created_at,consent_id\)[<>]\(\?,\?\)\)$/,
  );
  expect(details[1]).toMatch(/^SEARCH payment_consent_ends USING INDEX \S+ \(consent_id=\?\) LEFT-JOIN$/);
});
