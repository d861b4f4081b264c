/** Imports: whole or not at all, the same again without effect, every fault named, and money that comes to zero. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { BANK_TENANT_ID } from '#bank/bank-tenant.ts';
import { parseImport } from '#operator/import.schema.ts';
import { testApp } from '../support/app.ts';
import { type ImportLines, importLinesOf } from '../support/import-lines.ts';
import { insertOperator } from '../support/operator.ts';

type Line = Record<string, unknown>;

async function send(lines: readonly Line[], app = testApp()) {
  const { headers } = await insertOperator();
  const answer = await app.request('/operator/v1/imports', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  return { status: answer.status, body: await answer.json<Record<string, unknown>>() };
}

function all({ customer, account, holder }: ImportLines): Line[] {
  return [customer, account, holder];
}

async function accountOf({ accountId }: ImportLines) {
  return env.DB.prepare(
    'SELECT booked_minor, held_minor, joint FROM accounts WHERE tenant_id = ? AND account_id = ?',
  )
    .bind(BANK_TENANT_ID, accountId)
    .first();
}

async function sumOfLedger(): Promise<number> {
  const row = await env.DB.prepare('SELECT sum(amount_minor) AS sum FROM transactions WHERE tenant_id = ?')
    .bind(BANK_TENANT_ID)
    .first<{ sum: number | null }>();
  return row?.sum ?? 0;
}

describe('an import', () => {
  it('brings in customers and accounts with balanced opening entries, once', async () => {
    const [rich, poor, empty] = [
      importLinesOf('1250.50'),
      importLinesOf('-20.00', '50.00'),
      importLinesOf('0.00'),
    ];
    const lines = [rich, poor, empty].flatMap(all);
    const counts = { customers: 3, accounts: 3, holders: 3 };
    expect(await send(lines)).toEqual({ status: 200, body: { ...counts, already: 0 } });
    expect(await send(lines)).toEqual({
      status: 200,
      body: { customers: 0, accounts: 0, holders: 0, already: 9 },
    });
    expect(await accountOf(rich)).toEqual({ booked_minor: 125_050, held_minor: 0, joint: 0 });
    expect(await accountOf(poor)).toEqual({ booked_minor: -2_000, held_minor: 0, joint: 0 });
    expect(await sumOfLedger()).toBe(0);
    const { results } = await env.DB.prepare(
      'SELECT amount_minor, balance_after_minor, journal_id FROM transactions WHERE tenant_id = ? AND account_id = ?',
    )
      .bind(BANK_TENANT_ID, rich.accountId)
      .all();
    expect(results).toEqual([
      { amount_minor: 125_050, balance_after_minor: 125_050, journal_id: `jrn_opening_${rich.accountId}` },
    ]);
    const audited = await env.DB.prepare("SELECT detail FROM operator_actions WHERE action = 'import'").all();
    expect(audited.results).toEqual([{ detail: JSON.stringify(counts) }]);
  });

  it('makes an account joint when it gets a second holder, in this batch or a later one', async () => {
    const [first, second] = [importLinesOf(), importLinesOf()];
    await send([...all(first), ...all(second)]);
    const line = { type: 'holder', customer_id: second.customerId, account_id: first.accountId };
    expect((await send([line])).body).toMatchObject({ holders: 1 });
    expect(await accountOf(first)).toMatchObject({ joint: 1 });
    expect(await accountOf(second)).toMatchObject({ joint: 0 });
  });

  it('adds what is new of a file that was imported in part', async () => {
    const [first, second] = [importLinesOf(), importLinesOf()];
    await send(all(first));
    expect((await send([...all(first), ...all(second)])).body).toEqual({
      customers: 1,
      accounts: 1,
      holders: 1,
      already: 3,
    });
  });
});

describe('a line against what is there', () => {
  it.each<[string, (first: ImportLines, second: ImportLines) => Line, string]>([
    [
      'another username',
      ({ customer }, { customer: other }) => ({ ...customer, username: other['username'] }),
      'username',
    ],
    [
      'a username that is taken',
      (first, { customer }) => ({ ...customer, username: first.customer['username'] }),
      'username',
    ],
    [
      'another opening balance',
      ({ account }) => ({ ...account, opening_balance: '99.00' }),
      'opening_balance',
    ],
    ['another type', ({ account }) => ({ ...account, account_type: 'savings' }), 'account_type'],
    [
      'numbers that are taken',
      ({ account }, { accountId }) => ({ ...account, account_id: accountId }),
      'iban',
    ],
    ['a holder of nothing', ({ holder }) => ({ ...holder, account_id: 'acc_nothing' }), 'account_id'],
    ['a holder that is nobody', ({ holder }) => ({ ...holder, customer_id: 'cus_nobody' }), 'customer_id'],
  ])('is refused with %s, and nothing beside it is imported', async (_name, make, member) => {
    const [first, second, third] = [importLinesOf(), importLinesOf(), importLinesOf()];
    await send(all(first));
    const { status, body } = await send([...all(third), make(first, second)]);
    expect([status, body['code']]).toEqual([409, 'conflict']);
    expect(body['errors']).toContainEqual(expect.objectContaining({ field: `lines.4.${member}` }));
    expect(await accountOf(third)).toBeNull();
    expect(await sumOfLedger()).toBe(0);
  });

  it('of two racing imports one brings it in', async () => {
    const lines = all(importLinesOf());
    const answers = await Promise.all([send(lines), send(lines), send(lines)]);
    const brought = answers.filter(({ body }) => body['accounts'] === 1);
    expect(brought).toHaveLength(1);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect((await send(lines)).body).toMatchObject({ already: 3 });
    expect(await sumOfLedger()).toBe(0);
  });
});

describe('a line that is not as it has to be', () => {
  const { customer, account, holder } = importLinesOf();
  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'lines.1'],
    ['no object', '[]', 'lines.1.type'],
    ['another type', { type: 'loan' }, 'lines.1.type'],
    ['an unknown member', { ...holder, colour: 'red' }, 'lines.1.colour'],
    ['a missing member', { ...account, iban: undefined }, 'lines.1.iban'],
    ['an id of another form', { ...customer, customer_id: 'cus_ x' }, 'lines.1.customer_id'],
    ['an internal account', { ...account, account_id: 'internal:opening:GBP' }, 'lines.1.account_id'],
    ['a username in capitals', { ...customer, username: 'Hazel' }, 'lines.1.username'],
    ['a password in clear', { ...customer, password_digest: 'hamster-wheel' }, 'lines.1.password_digest'],
    [
      'a digest too dear',
      { ...customer, password_digest: String(customer['password_digest']).replace('16384', '1048576') },
      'lines.1.password_digest',
    ],
    ['a name nobody sees', { ...customer, display_name: 'A\u200bB' }, 'lines.1.display_name'],
    ['a wrong check digit', { ...account, iban: 'GB00HMBK60837170000001' }, 'lines.1.iban'],
    ['an IBAN of another account', { ...account, account_number: '12345678' }, 'lines.1.iban'],
    ['another currency', { ...account, currency: 'JPY' }, 'lines.1.currency'],
    ['an amount as a number', { ...account, opening_balance: 100 }, 'lines.1.opening_balance'],
    ['too many decimals', { ...account, opening_balance: '1.000' }, 'lines.1.opening_balance'],
    ['a balance beyond the overdraft', { ...account, opening_balance: '-0.01' }, 'lines.1.opening_balance'],
    ['an overdraft below zero', { ...account, overdraft_limit: '-1.00' }, 'lines.1.overdraft_limit'],
  ])('%s', (_name, line, field) => {
    const parsed = parseImport(typeof line === 'string' ? line : JSON.stringify(line));
    expect(parsed).toMatchObject({ faults: [expect.objectContaining({ field })] });
  });

  it('is told beside every other, by its number in the batch; blank lines count', async () => {
    const { status, body } = await send([customer, {}, account, { type: 'holder' }]);
    expect(status).toBe(400);
    const fields = (body['errors'] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(['lines.2.type', 'lines.4.customer_id', 'lines.4.account_id']);
    const blank = parseImport(`\n${JSON.stringify(holder)}\n\n{}`);
    expect(blank).toMatchObject({ faults: [{ field: 'lines.4.type' }] });
  });

  it('or one too many', () => {
    const text = Array.from({ length: 201 }, () => JSON.stringify(holder)).join('\n');
    expect(parseImport(text)).toMatchObject({ faults: [{ field: 'lines' }] });
  });
});
