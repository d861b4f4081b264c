/** The ledger under load and faults: whatever is posted, held, lost or repeated, its sums hold and no limit is passed. */
import { env } from 'cloudflare:workers';
import type { BatchItem } from 'drizzle-orm/batch';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { violatedConstraint } from '#bank/constraint.ts';
import { tenantsTable } from '#bank/tenant.table.ts';
import { holdStatements, releaseHoldStatements, transferStatements } from '#bank/transfer.statements.ts';
import {
  balancedEntries,
  exchangeAccount,
  feesAccount,
  type LedgerEntry,
  openingAccount,
  settlementAccount,
} from '#bank/transfer.ts';
import { openDatabase } from '#edge/database.ts';
import type { TransferCurrency } from '#kernel/money.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { insertTestAccount, newTenantId } from '../support/bank-rows.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { insertTestOrganisation } from '../support/organisation.ts';
import { testScope } from '../support/scope.ts';

const NOW = Date.UTC(2026, 10, 22, 12) / 1000;
const LONG = env.TEST_LENGTH === 'long';
const OVER_LIMIT = 'accounts_balance_within_limit';
const POSTED_BEFORE = 'journals.tenant_id, journals.journal_id';
const database = openDatabase(env.DB);

function entry(accountId: string, amountMinor: number, currency: TransferCurrency = 'GBP'): LedgerEntry {
  return { accountId, amountMinor, currency, type: 'transfer', description: 'Transfer' };
}

function post(tenantId: string, journalId: string, now: number, entries: readonly LedgerEntry[]) {
  const balanced = balancedEntries(entries);
  return transferStatements(database, { tenantId, journalId, kind: 'payment', now, entries: balanced });
}

/** Runs a batch; what a constraint refused is its name, what was done is undefined. */
async function run(statements: readonly BatchItem<'sqlite'>[]): Promise<string | undefined> {
  const [first, ...others] = statements;
  if (first === undefined) throw new Error('nothing to run');
  try {
    await database.batch([first, ...others]);
    return undefined;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === undefined) throw error;
    return constraint;
  }
}

interface Beginning {
  readonly accountId: string;
  readonly bookedMinor: number;
  readonly limitMinor: number;
}

const BEGINNINGS: readonly Beginning[] = [
  { accountId: 'acc_1', bookedMinor: 543_210, limitMinor: 0 },
  { accountId: 'acc_2', bookedMinor: -25_000, limitMinor: 50_000 },
  { accountId: 'acc_3', bookedMinor: 0, limitMinor: 0 },
];

/** A tenant whose accounts begin with what an opening journal gives them. */
async function openTenant(beginnings = BEGINNINGS): Promise<string> {
  const tenantId = newTenantId();
  for (const { accountId, bookedMinor, limitMinor } of beginnings) {
    await insertTestAccount(tenantId, accountId, 'enabled', {
      bookedMinor: 0,
      overdraftLimitMinor: limitMinor,
    });
    if (bookedMinor === 0) continue;
    const entries = [entry(accountId, bookedMinor), entry(openingAccount('GBP'), -bookedMinor)];
    expect(await run(post(tenantId, `jrn_opening_${accountId}`, NOW - 60, entries))).toBeUndefined();
  }
  return tenantId;
}

it('holds from the first second of a seeded tenant', async () => {
  const tenantId = await sandboxTenants.ready(testScope(), await insertTestOrganisation());
  expect(await ledgerFaults(tenantId)).toEqual([]);
});

/** Minor units; or all that is available, or a penny more. */
type Amount = number | 'rest' | 'rest and a penny';

interface Step {
  readonly kind: 'inside' | 'elsewhere' | 'abroad' | 'hold' | 'release' | 'book';
  readonly from: number;
  readonly to: number;
  readonly amount: Amount;
  /** How far the clock of this isolate is off, seconds. */
  readonly skew: number;
  readonly fault: 'none' | 'before commit' | 'after commit';
}

const index = fc.nat({ max: BEGINNINGS.length - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('inside', 'elsewhere', 'abroad', 'hold', 'release', 'book'),
    from: index,
    to: index,
    amount: fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.constantFrom('rest', 'rest and a penny')),
    skew: fc.integer({ min: -2, max: 2 }),
    fault: fc.constantFrom('none', 'none', 'before commit', 'after commit'),
  }),
  { minLength: 5, maxLength: 25 },
);

interface Held {
  readonly holdId: string;
  readonly from: number;
  readonly amountMinor: number;
  readonly heldAt: number;
}

const FEE = 500;

/** Runs the steps against D1 and against plain numbers, which must agree on every outcome and on every balance. */
async function checkSteps(taken: readonly Step[]): Promise<void> {
  const tenantId = await openTenant();
  const booked = BEGINNINGS.map(({ bookedMinor }) => bookedMinor);
  let holds: Held[] = [];
  const heldOf = (from: number) =>
    holds.filter((hold) => hold.from === from).reduce((sum, hold) => sum + hold.amountMinor, 0);
  const availableOf = (from: number) =>
    (booked[from] ?? 0) - heldOf(from) + (BEGINNINGS[from]?.limitMinor ?? 0);
  const change = (of: number, byMinor: number) => {
    booked[of] = (booked[of] ?? 0) + byMinor;
  };
  const idOf = (of: number) => BEGINNINGS[of]?.accountId ?? '';
  // Fails as the last statement of a batch: nothing of what stands before may stay.
  const failing = database
    .insert(tenantsTable)
    .values({ tenantId, organisationId: '', createdAt: 0, lastUsedAt: 0 });

  for (const [number, { kind, from, to, amount, skew, fault }] of taken.entries()) {
    const now = NOW + Math.floor(number / 4) + skew;
    const journalId = `jrn_${number}`;
    const wanted = typeof amount === 'number' ? amount : availableOf(from) + (amount === 'rest' ? 0 : 1);
    const hold = holds.find((one) => one.from === from);
    const key = (held: Held) => ({
      tenantId,
      accountId: idOf(from),
      holdId: held.holdId,
      heldAt: held.heldAt,
    });
    let statements: BatchItem<'sqlite'>[] = [];
    let apply = () => {};
    let debit = wanted;
    let twice: string | undefined = POSTED_BEFORE;

    if (kind === 'release' || kind === 'book') {
      if (hold === undefined) continue;
      debit = 0;
      statements = [...releaseHoldStatements(database, key(hold))];
      apply = () => {
        holds = holds.filter((one) => one !== hold);
      };
      twice = undefined;
      if (kind === 'book') {
        const entries = [
          entry(idOf(from), -hold.amountMinor),
          entry(settlementAccount('GBP', 'fps'), hold.amountMinor),
        ];
        statements.push(...post(tenantId, journalId, now, entries));
        const release = apply;
        apply = () => {
          release();
          change(from, -hold.amountMinor);
        };
        twice = POSTED_BEFORE;
      }
    } else if (wanted <= 0) {
      continue;
    } else if (kind === 'hold') {
      const held = { holdId: `hold${number}`, from, amountMinor: wanted, heldAt: now };
      const words = { type: 'transfer', description: 'Payment' } as const;
      statements = holdStatements(database, {
        ...key(held),
        ...words,
        amountMinor: wanted,
        currency: 'GBP',
      });
      apply = () => holds.push(held);
    } else if (kind === 'abroad') {
      debit = wanted + FEE;
      statements = post(tenantId, journalId, now, [
        entry(idOf(from), -wanted),
        entry(idOf(from), -FEE),
        entry(feesAccount('GBP'), FEE),
        entry(exchangeAccount('GBP'), wanted),
        entry(exchangeAccount('JPY'), -wanted * 2, 'JPY'),
        entry(settlementAccount('JPY', 'swift'), wanted * 2, 'JPY'),
      ]);
      apply = () => change(from, -debit);
    } else {
      const inside = kind === 'inside' && from !== to;
      const payee = inside ? idOf(to) : settlementAccount('GBP', 'fps');
      statements = post(tenantId, journalId, now, [entry(idOf(from), -wanted), entry(payee, wanted)]);
      apply = () => {
        change(from, -wanted);
        if (inside) change(to, wanted);
      };
    }

    const refused = debit > availableOf(from) ? OVER_LIMIT : undefined;
    if (fault === 'before commit') {
      expect(await run([...statements, failing])).toBe(refused ?? 'tenants.tenant_id');
      continue;
    }
    expect(await run(statements)).toBe(refused);
    if (refused === undefined) apply();
    if (fault === 'after commit' && refused === undefined) {
      // The answer was lost, so the same is asked again.
      const again = await run(statements);
      if (kind === 'hold') expect([OVER_LIMIT, 'transactions.tenant_id']).toContain(again?.split(',')[0]);
      else expect(again).toBe(twice);
    }
  }

  expect(await ledgerFaults(tenantId)).toEqual([]);
  const rows = await env.DB.prepare(
    'SELECT booked_minor, held_minor FROM accounts WHERE tenant_id = ?1 ORDER BY account_id',
  )
    .bind(tenantId)
    .all();
  expect(rows.results).toEqual(
    booked.map((bookedMinor, of) => ({ booked_minor: bookedMinor, held_minor: heldOf(of) })),
  );
}

it('agrees with plain numbers, whatever is posted, lost and repeated', { timeout: 600_000 }, async () => {
  await fc.assert(fc.asyncProperty(steps, checkSteps), { numRuns: LONG ? 500 : 12 });
});

it('takes exactly as many of parallel payments as there is room for', { timeout: 300_000 }, async () => {
  const [room, payers] = LONG ? [120, 2_000] : [12, 60];
  const tenantId = await openTenant([{ accountId: 'acc_1', bookedMinor: room * 100 + 99, limitMinor: 0 }]);
  const outcomes = await Promise.all(
    Array.from({ length: payers }, (_, number) =>
      run(
        post(tenantId, `jrn_${number}`, NOW, [
          entry('acc_1', -100),
          entry(settlementAccount('GBP', 'fps'), 100),
        ]),
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(room);
  expect(new Set(outcomes)).toEqual(new Set([undefined, OVER_LIMIT]));
  expect(await ledgerFaults(tenantId)).toEqual([]);
});
