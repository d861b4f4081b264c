/** Outages: told from bugs, waited for no longer than the deadline, and asked again once where that is safe. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callObject, isOutage, outage, retryRead, settleObject, withDeadline } from '#edge/outage.ts';
import { listLog, testScope } from '../support/scope.ts';

const lost = () => Object.assign(new Error('Network connection lost.'), { retryable: true });
const overloaded = () =>
  Object.assign(new Error('Durable Object is overloaded.'), { retryable: true, overloaded: true });
const reset = () =>
  new Error('Failed query', { cause: new Error('D1_ERROR: D1 DB reset because its code was updated.') });
const d1Overloaded = () => new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.');
const d1Fault = () => new Error('D1_ERROR: internal error; reference = 1a2b3c');
const bug = () => new TypeError('x is not a function');
const broken = () => new Error('D1_ERROR: UNIQUE constraint failed: clients.client_id: SQLITE_CONSTRAINT');

describe('isOutage', () => {
  it.each([
    ['a lost connection', lost(), true],
    ['an overloaded object', overloaded(), true],
    ['a reset database behind a failed query', reset(), true],
    ['an overloaded database', d1Overloaded(), true],
    ['an object that was reset', Object.assign(new Error('reset'), { durableObjectReset: true }), true],
    ['a fault within an object', new Error('internal error; reference = 1a2b3c'), true],
    ['a fault within D1', new Error('Failed query', { cause: d1Fault() }), true],
    ['our own', outage('not configured'), true],
    ['our own as a cause', new Error('outer', { cause: outage('inner') }), true],
    ['a bug', bug(), false],
    ['a broken constraint', broken(), false],
    ['text', 'Network connection lost', false],
    ['null', null, false],
    ['nothing', undefined, false],
  ])('%s: %o -> %s', (_name, error, expected) => {
    expect(isOutage(error)).toBe(expected);
  });

  it('ends on a chain that bites its tail', () => {
    const error = new Error('ring');
    error.cause = error;
    expect(isOutage(error)).toBe(false);
  });
});

it('a retry tells the log no bound value', async () => {
  const { log, lines } = listLog();
  const error = new Error('Failed query: select 1\nparams: hamster-wheel', { cause: lost() });
  await retryRead(testScope({ log }), () => Promise.reject(error)).catch(() => {});
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain('hamster-wheel');
});

describe('withDeadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives the answer, and leaves no timer behind', async () => {
    expect(await withDeadline(Promise.resolve(1), 10, 'it')).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes a failure on', async () => {
    await expect(withDeadline(Promise.reject(bug()), 10, 'it')).rejects.toThrow('not a function');
  });

  it('ends in an outage', async () => {
    const late = withDeadline(new Promise(() => {}), 10, 'it').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    expect(isOutage(await late)).toBe(true);
  });
});

describe.each([
  ['callObject', callObject],
  ['retryRead', retryRead],
])('%s', (_name, call) => {
  function failing(...errors: Error[]) {
    let attempts = 0;
    const { log, lines } = listLog();
    const result = call(testScope({ log }), async () => {
      attempts += 1;
      const error = errors[attempts - 1];
      if (error !== undefined) throw error;
      return 'answer';
    }).catch((error: unknown) => error);
    return { result, attempts: () => attempts, lines };
  }

  it.each([
    ['nothing fails', [], 'answer', 1],
    ['a retryable failure', [lost()], 'answer', 2],
    ['a reset', [reset()], 'answer', 2],
    ['two failures', [lost(), lost()], 'outage', 2],
    ['an overload', [overloaded()], 'outage', 1],
    ['an overloaded database', [d1Overloaded()], 'outage', 1],
    ['a bug', [bug()], 'bug', 1],
    ['a bug after a failure', [lost(), bug()], 'bug', 2],
  ])('%s: %o -> %s after %d attempts', async (_case, errors, expected, count) => {
    const { result, attempts, lines } = failing(...errors);
    const answer = await result;
    expect(answer === 'answer' ? 'answer' : isOutage(answer) ? 'outage' : 'bug').toBe(expected);
    expect(attempts()).toBe(count);
    expect(lines.filter((line) => line.event === 'retried')).toHaveLength(count - 1);
  });
});

describe('settleObject', () => {
  const dead = () => Object.assign(new Error('reset'), { durableObjectReset: true });

  async function settle(...errors: readonly Error[]) {
    let attempts = 0;
    const result = await settleObject(testScope(), async () => {
      attempts += 1;
      const error = errors[attempts - 1];
      if (error !== undefined) throw error;
      return 'answer';
    }).catch((error: unknown) => error);
    return { result, attempts };
  }

  it.each([
    ['an object that was reset', [dead()], 'answer', 2],
    ['one that stays away', [dead(), dead()], 'outage', 2],
    ['an overload', [overloaded()], 'outage', 1],
    ['a bug', [bug()], 'bug', 1],
  ])('%s: %o -> %s after %d attempts', async (_case, errors, expected, count) => {
    const { result, attempts } = await settle(...errors);
    expect(result === 'answer' ? 'answer' : isOutage(result) ? 'outage' : 'bug').toBe(expected);
    expect(attempts).toBe(count);
  });

  describe('asked again after its deadline', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it.each([
      ['settleObject', settleObject, 'answer', 2],
      ['callObject', callObject, 'outage', 1],
    ])('%s -> %s after %d attempts', async (_name, call, expected, count) => {
      vi.stubGlobal('scheduler', { wait: async () => {} });
      let attempts = 0;
      const result = call(testScope(), async () => {
        attempts += 1;
        return attempts === 1 ? new Promise<string>(() => {}) : 'answer';
      }).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(5_000);
      const answer = await result;
      expect(answer === 'answer' ? 'answer' : isOutage(answer) ? 'outage' : 'bug').toBe(expected);
      expect(attempts).toBe(count);
      vi.unstubAllGlobals();
    });
  });
});
