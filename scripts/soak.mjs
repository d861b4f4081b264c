/**
 * `npm run soak [-- --minutes 30 --rate 100]`: a mixed load on the Worker itself, through a direct socket, and what it
 * does to answers, memory and tables (docs/performance.md). Not part of the tests.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { authorizeConsent, registerClient } from './bench/client.mjs';
import { API_KEY, prepareDatabase } from './bench/database.mjs';
import { startRuntime } from './bench/runtime.mjs';
import { bundleWorker } from './bundle.mjs';
import { prepareFiles } from './prepare.mjs';

/** Greatest growth of the process's memory from the second fifth of the run to the last. */
const DRIFT_LIMIT = 0.2;
const SAMPLE_MS = 5_000;
/** A token lives 600 s. */
const TOKEN_MS = 500_000;
/** Customers' approvals stay below the sandbox's 100 a minute and organisation. */
const APPROVAL_PAUSE_MS = 1_500;
/** What a consent may be asked about funds in a minute. */
const CHECKS = 9;

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, rate: { type: 'string', default: '100' } },
});
const durationMs = Number(options.minutes) * 60_000;
const pauseMs = 1000 / Number(options.rate);

const PAYMENT = {
  type: 'domestic',
  instructed_amount: { amount: '0.01', currency: 'GBP' },
  creditor: { name: 'Acorn Stores Ltd', account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' } },
  end_to_end_id: 'SOAK',
};
const FUNDS = {
  consent_type: 'funds-confirmation',
  debtor_account: { scheme: 'SortCodeAccountNumber', id: '608371-12345678' },
};

function json(path, body, headers) {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

const under = ({ accessToken, consentId }) => ({
  authorization: `Bearer ${accessToken}`,
  'x-consent-id': consentId,
});

const timings = new Map();
const refusals = new Map();

/** Sends a request and keeps how long it took and whether it was answered as it should be. */
async function timed(runtime, kind, request, status) {
  const begunMs = performance.now();
  const answer = await runtime.send(request);
  const list = timings.get(kind) ?? [];
  list.push(performance.now() - begunMs);
  timings.set(kind, list);
  if (answer.status === status) return;
  const what = `${kind} ${answer.status} ${answer.text.slice(0, 120)}`;
  refusals.set(what, (refusals.get(what) ?? 0) + 1);
}

/** What approved consents open: reading is taken again and again, payments and checks are used up. */
async function openLoad(runtime) {
  const client = await registerClient(runtime, API_KEY, ['AISP', 'PISP', 'CBPII']);
  let reading = await authorizeConsent(runtime, client, API_KEY);
  const ready = [];
  const read = (path) => () => timed(runtime, 'AIS', { path, headers: under(reading) }, 200);
  const steady = [
    read('/open-banking/v1/accounts'),
    read('/open-banking/v1/balances'),
    read('/open-banking/v1/transactions?limit=25'),
    read('/open-banking/v1/accounts/acc_1234567890/transactions'),
    () =>
      timed(
        runtime,
        'token',
        client.tokenRequest({ grant_type: 'client_credentials', scope: 'consents' }),
        200,
      ),
  ];

  /** Approvals at their own pace, a payment and a funds confirmation in turn. */
  async function approve(signal) {
    const main = { accounts: ['acc_1234567890'] };
    let renewedMs = performance.now();
    for (let turn = 0; !signal.aborted; turn += 1) {
      if (performance.now() - renewedMs > TOKEN_MS) {
        renewedMs = performance.now();
        reading = await authorizeConsent(runtime, client, API_KEY);
      }
      if (turn % 2 === 0) {
        const asked = { consent_type: 'payment', payment: PAYMENT };
        const grant = await authorizeConsent(runtime, client, API_KEY, {
          ...main,
          asked,
          scope: 'openid payments',
        });
        const headers = { ...under(grant), 'idempotency-key': randomUUID() };
        const request = json('/open-banking/v1/payments', { payment: PAYMENT }, headers);
        // Sent twice: the second is a replay.
        for (let sent = 0; sent < 2; sent += 1) ready.push(() => timed(runtime, 'PIS', request, 201));
      } else {
        const scope = 'openid fundsconfirmations';
        const grant = await authorizeConsent(runtime, client, API_KEY, { ...main, asked: FUNDS, scope });
        const body = { reference: 'SOAK', instructed_amount: { amount: '1.00', currency: 'GBP' } };
        const request = json('/open-banking/v1/funds-confirmations', body, under(grant));
        for (let sent = 0; sent < CHECKS; sent += 1) ready.push(() => timed(runtime, 'CoF', request, 201));
      }
      await wait(APPROVAL_PAUSE_MS);
    }
  }
  return { approve, next: (turn) => ready.shift() ?? steady[turn % steady.length] };
}

/** Resident memory of a process, MiB. */
function memoryOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function countRows(database) {
  const { results } = await database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite*'",
    )
    .all();
  const counts = {};
  for (const { name } of results) {
    counts[name] = (await database.prepare(`SELECT count(*) AS n FROM "${name}"`).first()).n;
  }
  return counts;
}

const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Half an hour has more figures than a call has room for arguments: they are sorted once, and read. */
function timingWords(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const shares = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(sorted, share).toFixed(1)}`);
  return `mean ${mean(list).toFixed(1)} ms, ${shares.join(', ')}, longest ${sorted.at(-1).toFixed(0)}`;
}

function report({ memory, before, after, seconds }) {
  const part = (from, to) => memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to));
  const drift = mean(part(0.8, 1)) / mean(part(0.2, 0.4)) - 1;
  const total = [...timings.values()].reduce((sum, list) => sum + list.length, 0);
  console.log(`${total} requests in ${seconds.toFixed(0)} s, ${(total / seconds).toFixed(1)} a second`);
  for (const [kind, list] of timings) {
    console.log(`  ${kind.padEnd(6)} ${String(list.length).padStart(7)}  ${timingWords(list)}`);
  }
  console.log(
    `Memory ${mean(part(0.2, 0.4)).toFixed(0)} MiB, at the end ${mean(part(0.8, 1)).toFixed(0)} MiB: ${(drift * 100).toFixed(1)} %, at most ${DRIFT_LIMIT * 100} %`,
  );
  for (const [table, rows] of Object.entries(after)) {
    const grown = rows - (before[table] ?? 0);
    if (grown !== 0) console.log(`  ${table}: ${grown > 0 ? '+' : ''}${grown} rows`);
  }
  for (const [what, count] of refusals) console.log(`  NOT AS EXPECTED, ${count} times: ${what}`);
  if (drift > DRIFT_LIMIT || refusals.size > 0) process.exitCode = 1;
}

async function soak(directory) {
  await prepareFiles();
  const { file } = bundleWorker({ directory });
  const vars = { RATE_LIMIT_PER_MINUTE: '1000000000', CONSENTS_PER_CLIENT_AND_DAY: '1000000000' };
  const runtime = await startRuntime({ bundle: file, vars });
  const over = new AbortController();
  try {
    const database = await runtime.database();
    await prepareDatabase(database);
    const load = await openLoad(runtime);
    const before = await countRows(database);
    const approvals = load.approve(over.signal);
    const memory = [];
    const sampling = setInterval(() => memory.push(memoryOf(runtime.pid)), SAMPLE_MS);
    const begunMs = performance.now();
    const underway = new Set();
    for (let turn = 0; performance.now() - begunMs < durationMs; turn += 1) {
      // An open load: a slow answer keeps no later request from being sent.
      await wait(Math.max(0, begunMs + turn * pauseMs - performance.now()));
      const sending = load
        .next(turn)()
        .finally(() => underway.delete(sending));
      underway.add(sending);
    }
    await Promise.all(underway);
    const seconds = (performance.now() - begunMs) / 1000;
    clearInterval(sampling);
    over.abort();
    await approvals;
    report({ memory, before, after: await countRows(database), seconds });
  } finally {
    over.abort();
    await runtime.stop();
  }
}

const directory = mkdtempSync(join(tmpdir(), 'soak-'));
try {
  await soak(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
