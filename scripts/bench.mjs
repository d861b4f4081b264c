/** `npm run bench [-- --json] [--rounds N]`: what the Worker costs beside hand-written code (docs/performance.md). */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { authorizeConsent, authorizePayments, payRequest, registerClient } from './bench/client.mjs';
import { API_KEY, prepareDatabase } from './bench/database.mjs';
import { compare } from './bench/measure.mjs';
import { compareLogged } from './bench/request-log.mjs';
import { cpuMs, cpuTicksMs, startRuntime } from './bench/runtime.mjs';
import { compareStartUp } from './bench/start-up.mjs';
import { BUNDLE_LIMIT_BYTES, bundleDeployment, bundleWorker, EAGER_LIMIT_BYTES } from './bundle.mjs';
import { prepareFiles } from './prepare.mjs';

/** Most CPU a request may take, as a multiple of the bare handler's. */
const RATIO_LIMIT = 1.3;
/** The same for a payment. */
const PAYMENT_RATIO_LIMIT = 1.5;
/** Most CPU an account information call with the request log may take, as a multiple of one without. */
const LOGGED_RATIO_LIMIT = 1.05;
/** Single rounds differ by a tenth either way, so the bound of a twentieth takes many. */
const LOGGED_ROUNDS = 14;
const LOGGED_COUNT = 1_000;
/** Most CPU an isolate may take to start beyond a one-line Worker's, milliseconds. */
const START_UP_LIMIT_MS = 30;
const START_UP_RUNS = 15;
const BATCH = 50;
/** A payment takes ten times as long as another request, and a consent besides. */
const PAYMENT_ROUNDS_SHARE = 1 / 3;
/** One client makes all the requests, and consents to all payments. */
const UNLIMITED = { RATE_LIMIT_PER_MINUTE: '1000000000', CONSENTS_PER_CLIENT_AND_DAY: '1000000000' };
const WARM_UP_ROUNDS = 8;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '60' },
  },
});
const ROUNDS = Number(options.rounds);
const say = (text) => options.json || console.log(text);

/** A penny from hazel's account to another bank. */
const PENNY = {
  customerId: 'cus_hazel',
  accountId: 'acc_1234567890',
  payment: {
    type: 'domestic',
    instructed_amount: { amount: '0.01', currency: 'GBP' },
    creditor: {
      name: 'Acorn Stores Ltd',
      account: { scheme: 'SortCodeAccountNumber', id: '200000-55779911' },
    },
    reference: 'INV 2026/117',
    end_to_end_id: 'ACORN-2026-117',
  },
};

/** Payments, each under a consent of its own: those are made ahead, a batch at a time. */
async function paymentTarget(runtime) {
  const { clientId } = await registerClient(runtime, API_KEY, ['PISP']);
  const ahead = [];
  let making = Promise.resolve();
  const refill = async () => {
    if (ahead.length > 0) return;
    const pennies = Array.from({ length: BATCH }, () => PENNY);
    ahead.push(...(await authorizePayments(runtime.send, clientId, pennies)).authorized);
  };
  const next = async (prefix) => {
    making = making.then(refill);
    await making;
    return payRequest({ ...PENNY, ...ahead.pop(), key: randomUUID() }, prefix);
  };
  const rounds = Math.ceil(ROUNDS * PAYMENT_ROUNDS_SHARE);
  return {
    product: () => next(''),
    bare: () => next('/bare'),
    status: 201,
    limit: PAYMENT_RATIO_LIMIT,
    rounds,
  };
}

/** The requests that are compared; each makes its own, as an assertion may be used once. */
async function targetsOf(runtime) {
  const client = await registerClient(runtime, API_KEY);
  const { consentId, accessToken, refreshToken } = await authorizeConsent(runtime, client, API_KEY);
  const both = (make) => ({
    product: () => make(''),
    bare: () => make('/bare'),
    status: 200,
    limit: RATIO_LIMIT,
  });
  return {
    'GET /open-banking/v1/accounts': both((prefix) => ({
      path: `${prefix}/open-banking/v1/accounts`,
      headers: { authorization: `Bearer ${accessToken}`, 'x-consent-id': consentId },
    })),
    'POST /oauth/token, client_credentials': both((prefix) =>
      client.tokenRequest({ grant_type: 'client_credentials', scope: 'consents' }, prefix),
    ),
    'POST /oauth/token, refresh_token': both((prefix) =>
      client.tokenRequest({ grant_type: 'refresh_token', refresh_token: refreshToken }, prefix),
    ),
    'POST /open-banking/v1/payments': await paymentTarget(runtime),
  };
}

/** The members of a body without what differs each time: a comparison of other answers would compare nothing. */
function shapeOf(value) {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, shapeOf(value[key])]),
  );
}

async function expectSameAnswer(runtime, name, { product, bare, status }) {
  const shapes = [];
  for (const make of [product, bare]) {
    const answer = await runtime.send(await make());
    if (answer.status !== status) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
    shapes.push(JSON.stringify([shapeOf(JSON.parse(answer.text)), Object.keys(answer.headers).toSorted()]));
  }
  if (shapes[0] !== shapes[1]) throw new Error(`${name}: the bare answer is another\n${shapes.join('\n')}`);
}

const spread = ({ median, low, high }, digits) =>
  `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

/** The request log's own cost, of calls under a consent of a client of its own. */
async function measureLog(runtime) {
  const client = await registerClient(runtime, API_KEY);
  const { consentId, accessToken } = await authorizeConsent(runtime, client, API_KEY);
  const headers = { authorization: `Bearer ${accessToken}`, 'x-consent-id': consentId };
  const request = (prefix) => ({ path: `${prefix}/open-banking/v1/accounts`, headers });
  const found = await compareLogged(runtime, request, { rounds: LOGGED_ROUNDS, count: LOGGED_COUNT });
  say(`GET /open-banking/v1/accounts with the request log, to the same without
  ratio ${spread(found.own, 3)}, at most ${LOGGED_RATIO_LIMIT}; with queue, consumer and database ${spread(found.whole, 3)}; without ${spread(found.unlogged, 0)} microseconds`);
  return { ...found, ratio: found.own, limit: LOGGED_RATIO_LIMIT };
}

async function measureRequests(directory) {
  const { file } = bundleWorker({ directory, entry: 'scripts/bench/bare-worker.ts' });
  const runtime = await startRuntime({ bundle: file, vars: UNLIMITED });
  try {
    await prepareDatabase(await runtime.database());
    const results = {};
    const begun = { threads: cpuMs(runtime.pid), ticks: cpuTicksMs(runtime.pid) };
    for (const [name, target] of Object.entries(await targetsOf(runtime))) {
      await expectSameAnswer(runtime, name, target);
      const { rounds = ROUNDS } = target;
      const result = await compare(runtime, target, { rounds, batch: BATCH, warmUp: WARM_UP_ROUNDS });
      results[name] = { ...result, limit: target.limit };
      say(`${name}
  ratio ${spread(result.ratio, 2)}, at most ${target.limit}; Worker ${spread(result.product, 0)}, bare ${spread(result.bare, 0)} microseconds; ${spread(result.perSecond, 0)} a second`);
    }
    results['GET /open-banking/v1/accounts, request log'] = await measureLog(runtime);
    // Two clocks of the kernel that must agree: threads that ended are in the second alone.
    const agreement = (cpuMs(runtime.pid) - begun.threads) / (cpuTicksMs(runtime.pid) - begun.ticks);
    say(`  thread clocks / process ticks: ${agreement.toFixed(3)}`);
    return { results, agreement };
  } finally {
    await runtime.stop();
  }
}

async function measure(directory) {
  await prepareFiles();
  const production = { directory: join(directory, 'worker'), environment: 'production' };
  const { modules, bytes, gzipBytes, eager } = bundleDeployment(production);
  say(
    `Bundle ${bytes} bytes, ${gzipBytes} gzip, at most ${BUNDLE_LIMIT_BYTES}; before the first answer ${eager.bytes}, ${eager.gzipBytes} gzip, at most ${EAGER_LIMIT_BYTES}`,
  );
  const startUp = await compareStartUp({ ...production, modules }, START_UP_RUNS);
  say(
    `Start-up ${spread(startUp.above, 1)} ms CPU above a one-line Worker's ${spread(startUp.bare, 1)}, at most ${START_UP_LIMIT_MS}`,
  );
  const { results, agreement } = await measureRequests(join(directory, 'bare'));
  const kept =
    gzipBytes <= BUNDLE_LIMIT_BYTES &&
    eager.gzipBytes <= EAGER_LIMIT_BYTES &&
    startUp.above.median <= START_UP_LIMIT_MS &&
    Object.values(results).every(({ ratio, limit }) => ratio.median <= limit);
  return {
    machine: `${cpus().length} x ${cpus()[0]?.model}`,
    bundle: { bytes, gzipBytes, eager: { bytes: eager.bytes, gzipBytes: eager.gzipBytes } },
    startUp,
    requests: results,
    agreement,
    kept,
  };
}

const directory = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const report = await measure(directory);
  console.log(
    options.json ? JSON.stringify(report, null, 2) : report.kept ? 'Within every bound' : 'OVER A BOUND',
  );
  if (!report.kept) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
