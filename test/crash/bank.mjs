/** A bank that can be killed: workerd on a state of its own, the Worker in it, and callers who do not give up. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { registerClient } from '../../scripts/bench/client.mjs';
import { API_KEY, prepareDatabase } from '../../scripts/bench/database.mjs';
import { startRuntime } from '../../scripts/bench/runtime.mjs';
import { bundleWorker } from '../../scripts/bundle.mjs';
import { answeredWithin } from './deadline.mjs';

/** Limits of configuration that a crash run would meet; they are the subject of tests of their own. */
const RAISED = { RATE_LIMIT_PER_MINUTE: '1000000000', CONSENTS_PER_CLIENT_AND_DAY: '1000000000' };
/** A caller waits this long for an answer, milliseconds. */
const PATIENCE_MS = 30_000;
/** Pause before the same is asked again, milliseconds. */
const PAUSE_MS = 20;
const ATTEMPTS_MAXIMUM = 200;
const READ_ATTEMPTS = 3;

/** Opens the bank in `directory`, with a registered PISP. */
export async function openBank(directory) {
  const { file } = bundleWorker({ directory: join(directory, 'bundle'), entry: 'test/crash/worker.ts' });
  const runtime = await startRuntime({ bundle: file, vars: RAISED, state: join(directory, 'state') });
  await prepareDatabase(await runtime.database());
  const client = await registerClient(runtime, API_KEY, ['PISP']);
  const counts = { unknown: 0, unavailable: 0 };
  const readyMs = [];
  let up = Promise.resolve();

  /** Asks until there is a definite answer: a lost connection and a 5xx say nothing about what happened. */
  async function ask(request) {
    for (let attempt = 0; attempt < ATTEMPTS_MAXIMUM; attempt += 1) {
      await up;
      const answer = await answeredWithin(PATIENCE_MS, runtime.send(request)).catch(() => undefined);
      if (answer === undefined) counts.unknown += 1;
      else if (answer.status >= 500) counts.unavailable += 1;
      else return answer;
      await setTimeout(PAUSE_MS);
    }
    throw new Error(
      `${request.method} ${request.path} got no definite answer in ${ATTEMPTS_MAXIMUM} attempts`,
    );
  }

  async function crash() {
    const killedAt = performance.now();
    await runtime.killAndRevive('/status');
    readyMs.push(Math.round(performance.now() - killedAt));
  }

  async function ownToken() {
    const request = client.tokenRequest({ grant_type: 'client_credentials', scope: 'consents' });
    const answer = await runtime.send(request);
    return JSON.parse(answer.text).access_token;
  }

  /**
   * Rows of one statement, which must be harmless twice: a connection to the database that was idle may be closed at the
   * moment it is used again.
   */
  async function read(sql, ...values) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const database = await runtime.database();
        const statement = database.prepare(sql).bind(...values);
        return (await statement.all()).results;
      } catch (error) {
        if (attempt === READ_ATTEMPTS) throw error;
      }
      await setTimeout(PAUSE_MS);
    }
  }

  return {
    clientId: client.clientId,
    counts,
    readyMs,
    ask,
    ownToken,
    /** Kills the bank; callers wait for the one that takes its place. */
    crash: () => {
      up = crash();
      return up;
    },
    tick: runtime.tick,
    read,
    stop: runtime.stop,
  };
}
