/** The way of an international payment: held, sent, completed or given back; each step once, however often it comes. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { drainOutbox } from '#edge/outbox.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, refuse } from '#kernel/result.ts';
import { paymentHandlers } from '#payments/deliver-payment.flow.ts';
import { settlePayment } from '#payments/settle-payment.flow.ts';
import type { Settlement, SettlementOutcome } from '#payments/settlement.ts';
import { deleteTenant } from '#sandbox/tenant.store.ts';
import { testApp } from '../support/app.ts';
import { faultyDatabase } from '../support/faulty-database.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { balanceOf, newPayable, openPaying, PAYER, type Paying, sendPayment } from '../support/paying.ts';
import { INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { listLog, TEST_NOW_MS, testScope } from '../support/scope.ts';

const DEBIT = 10_500;

interface Held extends Paying {
  readonly paymentId: string;
}

/** A payment that waits for its first step: what should have followed its answer was lost. */
async function heldPayment(): Promise<Held> {
  const paying = await openPaying();
  const faulty = faultyDatabase();
  const held = await newPayable(paying, { payment: INTERNATIONAL_PAYMENT });
  faulty.plan(['none', 'none', 'before commit', 'before commit']);
  const answer = await sendPayment(testApp({ bindings: { DB: faulty.binding } }), held);
  const { payment_id: paymentId } = await answer.json<{ payment_id: string }>();
  expect(await balanceOf(paying.tenantId)).toEqual([1_000_000, DEBIT]);
  return { ...paying, paymentId };
}

/** A network that keeps what it was asked, and answers as told. */
function network(outcome: SettlementOutcome, failures = 0) {
  const sent: string[] = [];
  let left = failures;
  const settlement: Settlement = {
    send: async (_scope, { uetr }) => {
      sent.push(uetr);
      left -= 1;
      if (left >= 0) throw new Error('network away');
    },
    outcomeOf: () => Promise.resolve(outcome),
  };
  return { sent, settlement };
}

async function historyOf({ tenantId, paymentId }: Held): Promise<unknown[]> {
  const { results } = await env.DB.prepare(
    'SELECT sequence, status, reason FROM payment_events WHERE tenant_id = ?1 AND payment_id = ?2 ORDER BY sequence',
  )
    .bind(tenantId, paymentId)
    .all<{ sequence: number; status: string; reason: string | null }>();
  return results.map(({ sequence, status, reason }) => [sequence, status, reason]);
}

const SENT = [2, 'pending', 'sent'];
const COMPLETED: SettlementOutcome = { status: 'completed' };

describe('a step', () => {
  it('that several deliveries take at once is taken once', async () => {
    const held = await heldPayment();
    const { settlement } = network(COMPLETED);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => settlePayment(testScope(), settlement, held)),
    );
    expect(new Set(outcomes)).toEqual(new Set(['over']));
    expect(await historyOf(held)).toEqual([[1, 'pending', null], SENT, [3, 'completed', null]]);
    expect(await balanceOf(held.tenantId)).toEqual([1_000_000 - DEBIT, 0]);
    expect(await ledgerFaults(held.tenantId)).toEqual([]);
    await settlePayment(testScope(), settlement, held);
    expect(await balanceOf(held.tenantId)).toEqual([1_000_000 - DEBIT, 0]);
  });

  it.each(['before commit', 'after commit'] as const)(
    'whose connection is lost %s is taken when it comes again',
    async (fault) => {
      const held = await heldPayment();
      const { settlement } = network({ status: 'failed', reason: 'rejected_by_payee_bank' });
      for (const batches of [
        [fault, 'before commit'],
        ['none', fault, 'before commit'],
      ] as const) {
        const faulty = faultyDatabase();
        faulty.plan(batches);
        const scope = testScope({ bindings: { DB: faulty.binding } });
        await settlePayment(scope, settlement, held).catch(() => undefined);
        expect(await ledgerFaults(held.tenantId)).toEqual([]);
      }
      expect(await settlePayment(testScope(), settlement, held)).toBe('over');
      expect(await historyOf(held)).toEqual([
        [1, 'pending', null],
        SENT,
        [3, 'failed', 'rejected_by_payee_bank'],
      ]);
      expect(await balanceOf(held.tenantId)).toEqual([1_000_000, 0]);
      expect(await ledgerFaults(held.tenantId)).toEqual([]);
    },
  );

  it('that the network does not take leaves the hold, is put off, and comes again with the same UETR', async () => {
    const held = await heldPayment();
    const { sent, settlement } = network(COMPLETED, 2);
    const handlers = paymentHandlers(() => ok(settlement));
    const { log, lines } = listLog();
    const at = (seconds: number): Scope => testScope({ nowMs: TEST_NOW_MS + seconds * 1000, log });
    // Delivered first a minute after the request that failed, then after two and after four.
    for (const [seconds, balance] of [
      [60, [1_000_000, DEBIT]],
      [180, [1_000_000, DEBIT]],
      [420, [1_000_000 - DEBIT, 0]],
    ] as const) {
      await drainOutbox(at(seconds), handlers);
      expect(await balanceOf(held.tenantId)).toEqual(balance);
    }
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
    expect(lines.filter(({ event }) => event === 'outbox_retry')).toHaveLength(2);
  });
});

describe('a payment', () => {
  it('that failed is given back by entries of its own, charges too', async () => {
    const held = await heldPayment();
    const { settlement } = network({ status: 'failed', reason: 'payee_bank_timeout' });
    await settlePayment(testScope(), settlement, held);
    const { results } = await env.DB.prepare(
      `SELECT kind, amount_minor, type, description FROM transactions AS t
       JOIN journals AS j ON j.tenant_id = t.tenant_id AND j.journal_id = t.journal_id
       WHERE t.tenant_id = ?1 AND account_id = ?2 AND payment_id = ?3 ORDER BY t.created_at, transaction_id`,
    )
      .bind(held.tenantId, PAYER, held.paymentId)
      .all();
    const returned = { kind: 'reversal', type: 'refund', description: 'International payment returned' };
    expect(results).toEqual([
      { kind: 'settlement', amount_minor: -10_000, type: 'transfer', description: 'International payment' },
      {
        kind: 'settlement',
        amount_minor: -500,
        type: 'fee',
        description: 'Charge for an international payment',
      },
      { ...returned, amount_minor: 10_000 },
      { ...returned, amount_minor: 500 },
    ]);
    const { n } = (await env.DB.prepare(
      `SELECT count(*) AS n FROM (SELECT account_id, currency FROM transactions
       WHERE tenant_id = ?1 AND account_id GLOB 'internal:*' AND journal_id GLOB 'jrn_pay*'
       GROUP BY 1, 2 HAVING sum(amount_minor) <> 0)`,
    )
      .bind(held.tenantId)
      .first<{ n: number }>()) ?? { n: -1 };
    expect(n).toBe(0);
  });

  it('without an outcome yet is asked after again, unless that would never help', async () => {
    const held = await heldPayment();
    for (const [askAgain, expected] of [
      [true, 'later'],
      [false, 'over'],
    ] as const) {
      const { settlement } = network({ status: 'pending', askAgain });
      expect(await settlePayment(testScope(), settlement, held)).toBe(expected);
      expect(await historyOf(held)).toEqual([[1, 'pending', null], SENT]);
    }
  });

  it('waits while no settlement is configured', async () => {
    const held = await heldPayment();
    const handlers = paymentHandlers(() => refuse('service_unavailable', 'none configured'));
    const report = await drainOutbox(testScope({ nowMs: TEST_NOW_MS + 60_000 }), handlers);
    expect(report.failed).toBeGreaterThan(0);
    expect(await balanceOf(held.tenantId)).toEqual([1_000_000, DEBIT]);
  });

  it('goes with its tenant, and its next step then does nothing', async () => {
    const held = await heldPayment();
    const { settlement } = network(COMPLETED);
    const { tenantId } = held;
    await deleteTenant(testScope().database, { tenantId, organisationId: tenantId }, 4_000_000_000);
    expect(await settlePayment(testScope(), settlement, held)).toBe('over');
    for (const table of ['payments', 'payment_events', 'transactions', 'journals', 'accounts']) {
      const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE tenant_id = ?1`)
        .bind(tenantId)
        .first<{ n: number }>();
      expect([table, row?.n]).toEqual([table, 0]);
    }
  });
});
