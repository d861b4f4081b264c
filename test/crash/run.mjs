/**
 * `npm run test:crash [-- --payments N --kills N --payers N --seed N]`: payers in parallel, and workerd killed under them
 * time and again. Nothing paid may be lost, nothing paid twice. Prints one JSON line; exits with 1 when anything is off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openBank } from './bank.mjs';
import {
  answerFaults,
  comparePayments,
  consentFaults,
  readBalances,
  ruleFaults,
  settledFaults,
} from './faults.mjs';
import { authorizeAll, payAll } from './payers.mjs';
import { ACCOUNTS, drawPayment, randomOf } from './payments.mjs';

/** A bank that was killed answers again within this time, milliseconds. */
const READY_LIMIT_MS = 10_000;
/** A kill comes up to this long after the payment that sets it off, milliseconds: anywhere in those that follow. */
const KILL_JITTER_MS = 25;
/** Ticks of the cron trigger until the outbox is empty; each delivers 500 rows. */
const TICKS_MAXIMUM = 100;

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '20' },
    payers: { type: 'string', default: '64' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [payments, kills, payers, seed] = [values.payments, values.kills, values.payers, values.seed].map(
  Number,
);
const random = randomOf(seed);
const say = (text) => process.stderr.write(`${text}\n`);

/** One kill: it hits somewhere among the payments of its round, all of which have their outcome at the end. */
async function runRound(bank, size) {
  const drawn = Array.from({ length: size }, () => drawPayment(random));
  const calls = await authorizeAll(bank, drawn);
  const killAt = Math.ceil(size * (0.1 + 0.8 * random()));
  const pauseMs = random() * KILL_JITTER_MS;
  let killed = Promise.resolve();
  const onPaid = (count) => {
    if (count === killAt) killed = setTimeout(pauseMs).then(bank.crash);
  };
  const outcomes = await payAll(bank, calls, { payers, onPaid });
  await killed;
  return outcomes;
}

/** Delivers what the kills left in the outbox, as if its pauses had passed. */
async function drain(bank) {
  for (let tick = 0; tick < TICKS_MAXIMUM; tick += 1) {
    const [{ waiting }] = await bank.read('SELECT count(*) AS waiting FROM outbox');
    if (waiting === 0) return [];
    await bank.read('UPDATE outbox SET due_at = 0');
    await bank.tick();
  }
  return ['the outbox does not get empty'];
}

/** The tenant and its balances before the first payment: a consent that nobody uses opens it. */
async function openTenant(bank) {
  const [{ tenantId }] = await authorizeAll(bank, [drawPayment(random)]);
  return { tenantId, opening: await readBalances(bank, tenantId) };
}

async function runRounds(bank, tenantId) {
  const outcomes = [];
  const faults = [];
  for (let round = 0; round < kills; round += 1) {
    const size = Math.floor(payments / kills) + (round < payments % kills ? 1 : 0);
    const made = await runRound(bank, size);
    outcomes.push(...made);
    faults.push(...(await ruleFaults(bank, tenantId)), ...answerFaults(made));
    faults.push(...(await consentFaults(bank, made, payers)));
    say(
      `kill ${round + 1}: ${made.length} payments, ready in ${bank.readyMs.at(-1)} ms, ${faults.length} faults`,
    );
  }
  return { outcomes, faults };
}

async function run(bank) {
  const startedAt = performance.now();
  const { tenantId, opening } = await openTenant(bank);
  const { outcomes, faults } = await runRounds(bank, tenantId);
  faults.push(...(await drain(bank)), ...(await ruleFaults(bank, tenantId)));
  const { lost, duplicated, statusOf } = await comparePayments(bank, tenantId, outcomes);
  const closing = await readBalances(bank, tenantId);
  faults.push(...settledFaults({ opening, closing, outcomes, statusOf }));
  const slowestReadyMs = Math.max(...bank.readyMs);
  if (slowestReadyMs > READY_LIMIT_MS) faults.push(`ready again after ${slowestReadyMs} ms only`);
  if (bank.readyMs.length !== kills || outcomes.length !== payments) faults.push('not all was done');
  const count = (test) => outcomes.filter(test).length;
  return {
    payments: outcomes.length,
    payers,
    accounts: ACCOUNTS.length,
    kills: bank.readyMs.length,
    seed,
    posted: count(({ status }) => status === 201),
    insufficient_funds: count(({ status }) => status === 422),
    revoked: count(({ status }) => status === 401),
    unknown_answers: bank.counts.unknown,
    unavailable_answers: bank.counts.unavailable,
    learnt_by_retry: count(({ isReplayed }) => isReplayed),
    lost,
    duplicated,
    faults: [...new Set(faults)],
    slowest_ready_ms: slowestReadyMs,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
}

const directory = mkdtempSync(join(tmpdir(), 'crash-'));
let bank;
try {
  bank = await openBank(directory);
  const report = await run(bank);
  console.log(JSON.stringify(report));
  if (report.lost + report.duplicated + report.faults.length > 0) process.exitCode = 1;
} finally {
  await bank?.stop();
  rmSync(directory, { recursive: true, force: true });
}
