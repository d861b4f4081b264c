/** `npm start`: the local sandbox, prepared and running, with all that a caller needs printed and in .sandbox/local.json. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { keepTicking } from './local-schedule.mjs';
import { prepare, ROOT } from './prepare.mjs';
import { LOCAL_API_KEY } from './seed-local.mjs';

const DEFAULT_PORT = 8787;
/** How long the Worker may take to its first answer. */
const START_TIMEOUT_MS = 120_000;
/** How long the Worker may take to stop before it is killed. */
const STOP_TIMEOUT_MS = 5_000;
/** How often to look whether the process that started this one is still there. */
const PARENT_CHECK_MS = 500;

const CUSTOMERS = ['hazel', 'basil', 'clover'].map((username) => ({
  username,
  password: 'hamster-wheel',
  one_time_code: '123456',
}));

function parsePort(text) {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  return fail(`PORT must be a number from 1 to 65535, not ${JSON.stringify(text)}.`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** What was asked for; anything else ends here, before a bank starts that is not the one meant. */
function parseOptions() {
  const type = 'boolean';
  try {
    return parseArgs({ options: { fresh: { type }, help: { type } } }).values;
  } catch {
    return fail('There is --fresh, and PORT=9000 before npm start. See npm start -- --help.');
  }
}

/** Whether something listens on the port, on either loopback address. */
async function isTaken(port) {
  const answers = await Promise.all(
    ['127.0.0.1', '::1'].map(
      (host) =>
        new Promise((resolve) => {
          const socket = connect({ host, port });
          socket.once('error', () => resolve(false));
          socket.once('connect', () => {
            socket.destroy();
            resolve(true);
          });
        }),
    ),
  );
  return answers.includes(true);
}

/** Starts `wrangler dev` in a process group of its own, so that stopping it stops the runtime under it too. */
function startWorker(port, baseUrl, stateDirectory, logFile) {
  const log = openSync(logFile, 'w');
  const worker = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
      'dev',
      `--port=${port}`,
      `--var=ISSUER:${baseUrl}`,
      `--persist-to=${stateDirectory}`,
      '--inspector-port=0',
      '--show-interactive-dev-session=false',
    ],
    {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
        LOCAL_STATE_DIRECTORY: stateDirectory,
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        NO_COLOR: '1',
      },
    },
  );
  closeSync(log);
  return worker;
}

/** Waits until /status answers 200; the reason why it never did, otherwise undefined. */
async function waitUntilUsable(baseUrl, worker) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let last = 'no answer';
  while (performance.now() < deadline) {
    if (worker.exitCode !== null) return `it ended with code ${worker.exitCode}`;
    try {
      const answer = await fetch(`${baseUrl}/status`, { headers: { accept: 'application/json' } });
      await answer.arrayBuffer();
      if (answer.status === 200) return undefined;
      last = `GET /status answers ${answer.status}`;
    } catch {
      last = 'no answer';
    }
    await wait(200);
  }
  return `${last} after ${START_TIMEOUT_MS / 1000} s`;
}

function signalGroup(worker, signal) {
  try {
    process.kill(-worker.pid, signal);
  } catch {
    // The group has ended already.
  }
}

async function stopWorker(worker) {
  const ended = worker.exitCode !== null || new Promise((resolve) => worker.once('exit', resolve));
  signalGroup(worker, 'SIGTERM');
  await Promise.race([ended, wait(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  signalGroup(worker, 'SIGKILL');
}

function announce(baseUrl, logFile) {
  const local = { base_url: baseUrl, api_key: LOCAL_API_KEY, customers: CUSTOMERS };
  writeFileSync(join(ROOT, '.sandbox', 'local.json'), `${JSON.stringify(local, null, 2)}\n`);
  const names = CUSTOMERS.map(({ username }) => username).join(', ');
  console.log(`Hamster Bank Open Banking API, local sandbox

  API             ${baseUrl}
  Guide           ${baseUrl}/docs/getting-started
  API reference   ${baseUrl}/reference
  Discovery       ${baseUrl}/.well-known/openid-configuration
  Test customers  ${names} (password ${CUSTOMERS[0].password}, one-time code ${CUSTOMERS[0].one_time_code})
  API key         ${LOCAL_API_KEY ?? 'none'}
  Log             ${logFile}

Ready`);
}

const options = parseOptions();
if (options.help) {
  console.log(`npm start                the local sandbox on http://localhost:${DEFAULT_PORT}
npm start -- --fresh     the same with new state
PORT=9000 npm start      on another port`);
  process.exit(0);
}
const port = parsePort(process.env.PORT);
const baseUrl = `http://localhost:${port}`;
if (await isTaken(port)) {
  fail(`Port ${port} is taken: stop what listens there, or choose another: PORT=${port + 1} npm start`);
}

const directory = join(ROOT, '.sandbox', `port-${port}`);
const stateDirectory = join(directory, 'state');
const logFile = join(directory, 'worker.log');
if (options.fresh) rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

try {
  await prepare(stateDirectory);
} catch (error) {
  console.error(error);
  fail('The local database could not be prepared. To begin with new state: npm start -- --fresh');
}

const worker = startWorker(port, baseUrl, stateDirectory, logFile);
/** @type {Promise<never> | undefined} */
let stopping;

/** Stops the Worker, once, and ends this process with the code. */
function stop(code) {
  stopping ??= stopWorker(worker).then(() => process.exit(code));
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));

// A signal sent to npm alone ends the shell between npm and this process and never arrives here.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MS).unref();

const problem = await waitUntilUsable(baseUrl, worker);
if (stopping !== undefined) await stopping;
if (problem !== undefined) {
  console.error(readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n'));
  console.error(`The Worker did not start: ${problem}. Its log: ${logFile}`);
  await stop(1);
}
keepTicking(baseUrl);
announce(baseUrl, logFile);
worker.once('exit', (code) => {
  if (stopping === undefined) fail(`The Worker ended with code ${code}. Its log: ${logFile}`);
});
