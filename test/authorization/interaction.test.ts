/** The moves of an interaction: each stage, each bound at, below and above, and its single end. */
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import {
  type Interaction,
  type Opening,
  pushInteraction,
  viewInteraction,
} from '#authorization/interaction.ts';
import {
  acceptPassword,
  finishInteraction,
  leaveInteraction,
  refusePassword,
  returnPassword,
  takeInteraction,
  tryCode,
  tryPassword,
} from '#authorization/interaction-moves.ts';

const NOW = 1_000_000;
const REQUEST: AuthorizationRequest = {
  clientId: 'client',
  redirectUri: 'https://client.example/callback',
  scopes: ['openid'],
  silent: false,
};
const CUSTOMER = { tenantId: 't', customerId: 'c', displayName: 'Hazel', nameDigest: 'n' };
const PLAIN: Opening = { openedAt: NOW, browser: 'first', request: REQUEST };
const PUSHED: Opening = { openedAt: NOW, browser: 'first' };

function login(opening: Opening, presented: string, browser = 'second', now = NOW) {
  const code = { digest: 'digest', expiresAt: now + 300 };
  return { opening, presented, browser, customer: CUSTOMER, code };
}

function tried(interaction: Interaction | undefined, opening: Opening, now = NOW): Interaction {
  const { answer, next } = tryPassword(interaction, opening, opening.browser, now);
  if (answer.outcome !== 'try' || next === undefined) throw new Error(answer.outcome);
  return next;
}

/** Logged in by password at `now`, opened at NOW. */
function atCode(now = NOW, opening: Opening = PLAIN): Interaction {
  const begun = opening.request === undefined ? pushInteraction(REQUEST, NOW) : undefined;
  const { next } = acceptPassword(tried(begun, opening, now), login(opening, 'first', 'second', now), now);
  if (next === undefined) throw new Error('not logged in');
  return next;
}

function atConsent(now = NOW): Interaction {
  const { answer, next } = tryCode(atCode(now), 'second', 'digest', now);
  if (answer !== 'right' || next === undefined) throw new Error(answer);
  return next;
}

const ENDED: Interaction = { stage: 'ended' };

describe('a pushed request', () => {
  it.each([
    [0, 'open'],
    [59, 'open'],
    [60, 'expired'],
  ])('waits for its first page: after %i s it is %s', (seconds, outcome) => {
    expect(viewInteraction(pushInteraction(REQUEST, NOW), undefined, NOW + seconds).outcome).toBe(outcome);
  });

  it('can be opened again, and logged in to from the page opened in time, after the 60 s', () => {
    const pushed = pushInteraction(REQUEST, NOW);
    const late = { ...PUSHED, openedAt: NOW + 59 };
    expect(tryPassword(pushed, late, 'first', NOW + 600).answer.outcome).toBe('try');
  });

  it('is unknown where nothing was pushed', () => {
    expect(viewInteraction(undefined, 'first', NOW).outcome).toBe('unknown');
    expect(tryPassword(undefined, PUSHED, 'first', NOW)).toEqual({ answer: { outcome: 'unknown' } });
  });

  it('can be taken once by the sandbox, and by a repetition of that call', () => {
    const { answer, next } = takeInteraction(pushInteraction(REQUEST, NOW), 'call', NOW);
    expect(answer).toBe('taken');
    expect(takeInteraction(next, 'call', NOW).answer).toBe('taken');
    expect(takeInteraction(next, 'other', NOW)).toEqual({ answer: 'ended' });
    expect(takeInteraction(atCode(), 'call', NOW)).toEqual({ answer: 'foreign' });
    expect(takeInteraction(undefined, 'call', NOW)).toEqual({ answer: 'unknown' });
  });
});

describe('a password', () => {
  it.each([
    [599, 'try'],
    [600, 'timed_out'],
  ])('can be tried for 10 minutes: after %i s %s', (seconds, outcome) => {
    expect(tryPassword(undefined, PLAIN, 'first', NOW + seconds).answer.outcome).toBe(outcome);
  });

  it('is tried by the browser that has the first cookie alone', () => {
    expect(tryPassword(undefined, PLAIN, 'other', NOW)).toEqual({ answer: { outcome: 'foreign' } });
    expect(tryPassword(undefined, PLAIN, undefined, NOW)).toEqual({ answer: { outcome: 'foreign' } });
  });

  it('ends the interaction when the fifth is wrong', () => {
    let interaction: Interaction | undefined;
    for (const expected of ['again', 'again', 'again', 'again', 'too_many_failures']) {
      const refused = refusePassword(tried(interaction, PLAIN));
      expect(refused.answer).toBe(expected);
      interaction = refused.next ?? tried(interaction, PLAIN);
    }
    expect(tryPassword(interaction, PLAIN, 'first', NOW).answer.outcome).toBe('ended');
  });

  it('is looked at five times at most, however many are in the air', () => {
    let interaction: Interaction | undefined;
    for (let index = 0; index < 5; index += 1) interaction = tried(interaction, PLAIN);
    expect(tryPassword(interaction, PLAIN, 'first', NOW)).toEqual({
      answer: { outcome: 'too_many_failures' },
      next: ENDED,
    });
  });

  it('gives its try back when it is right', () => {
    expect(atCode()).toMatchObject({ stage: 'code', passwordTries: 0, browser: 'second' });
  });

  it('gives its try back when it was not looked at', () => {
    const returned = returnPassword(tried(undefined, PLAIN)).next;
    expect(returned).toMatchObject({ stage: 'open', passwordTries: 0 });
    expect(returnPassword(ENDED)).toEqual({ answer: undefined });
    expect(returnPassword(undefined)).toEqual({ answer: undefined });
  });

  it('logs nobody in after the end', () => {
    expect(acceptPassword(ENDED, login(PLAIN, 'first'), NOW)).toEqual({ answer: 'ended' });
    expect(refusePassword(ENDED)).toEqual({ answer: 'ended' });
    expect(refusePassword(undefined)).toEqual({ answer: 'ended' });
  });

  it('of the second of two browsers comes too late', () => {
    const other: Opening = { openedAt: NOW, browser: 'another' };
    expect(tryPassword(atCode(NOW, PUSHED), other, 'another', NOW).answer.outcome).toBe('foreign');
    expect(acceptPassword(atCode(NOW, PUSHED), login(other, 'another'), NOW)).toEqual({ answer: 'foreign' });
  });

  it.each(['first', 'second'])(
    'may be typed again before the code, by the same browser (%s cookie)',
    (cookie) => {
      const again = tryPassword(atCode(), PLAIN, cookie, NOW + 1);
      expect(again.answer.outcome).toBe('try');
      const { answer, next } = acceptPassword(again.next, login(PLAIN, cookie, 'third', NOW + 1), NOW + 1);
      expect(answer).toBe('logged_in');
      expect(next).toMatchObject({ browser: 'third', openedAt: NOW, lastPostAt: NOW + 1 });
    },
  );

  it('typed again does not give back tries of the code', () => {
    const { next: once } = tryCode(atCode(), 'second', 'wrong', NOW);
    const { next } = acceptPassword(once, login(PLAIN, 'first', 'third'), NOW);
    expect(next).toMatchObject({ codeTries: 1 });
  });

  it('is past once the code was right', () => {
    expect(tryPassword(atConsent(), PLAIN, 'second', NOW).answer.outcome).toBe('advanced');
    expect(tryPassword(atConsent(), PLAIN, 'first', NOW).answer.outcome).toBe('foreign');
  });
});

describe('a one-time code', () => {
  it('completes the log-in, once', () => {
    expect(atConsent(NOW + 5)).toMatchObject({ stage: 'consent', authTime: NOW + 5 });
    expect(tryCode(atConsent(), 'second', 'wrong', NOW)).toEqual({ answer: 'advanced' });
  });

  it('that was right is right again, and changes nothing more', () => {
    expect(tryCode(atConsent(NOW), 'second', 'digest', NOW + 1)).toEqual({ answer: 'right' });
    expect(tryCode(atConsent(NOW), 'second', undefined, NOW + 1)).toEqual({ answer: 'advanced' });
    expect(tryCode(atConsent(NOW), 'first', 'digest', NOW + 1)).toEqual({ answer: 'foreign' });
  });

  it('ends the interaction when the third is wrong', () => {
    const first = tryCode(atCode(), 'second', 'wrong', NOW);
    const second = tryCode(first.next, 'second', undefined, NOW);
    const third = tryCode(second.next, 'second', 'wrong', NOW);
    expect([first.answer, second.answer, third.answer]).toEqual(['again', 'again', 'too_many_failures']);
    expect(tryCode(third.next, 'second', 'digest', NOW)).toEqual({ answer: 'ended' });
  });

  it('lives 5 minutes, whatever is posted meanwhile', () => {
    const later = tryCode(atCode(), 'second', 'wrong', NOW + 200).next;
    expect(tryCode(later, 'second', 'digest', NOW + 299).answer).toBe('right');
    expect(tryCode(later, 'second', 'digest', NOW + 300).answer).toBe('again');
  });

  it.each([undefined, 'first', 'other'])(
    'is taken from the logged-in browser alone, not from %s',
    (browser) => {
      expect(tryCode(atCode(), browser, 'digest', NOW)).toEqual({ answer: 'foreign' });
    },
  );

  it('is no use before log-in', () => {
    expect(tryCode(pushInteraction(REQUEST, NOW), 'first', 'digest', NOW)).toEqual({ answer: 'foreign' });
    expect(tryCode(undefined, 'first', 'digest', NOW)).toEqual({ answer: 'unknown' });
  });
});

describe('a logged-in interaction', () => {
  it.each([
    [299, 'consent'],
    [300, 'timed_out'],
  ])('waits 5 minutes for the next post: after %i s %s', (seconds, outcome) => {
    expect(viewInteraction(atConsent(), 'second', NOW + seconds).outcome).toBe(outcome);
  });

  it.each([
    [599, 'consent'],
    [600, 'timed_out'],
  ])('lasts 10 minutes from its first page: after %i s %s', (seconds, outcome) => {
    const late = atConsent(NOW + 350);
    expect(viewInteraction(late, 'second', NOW + seconds).outcome).toBe(outcome);
    expect(finishInteraction(late, 'second', 'call', NOW + seconds).answer).toBe(
      outcome === 'consent' ? 'finished' : outcome,
    );
  });

  it('is counted from the page of the browser that logged in', () => {
    const late: Opening = { openedAt: NOW + 50, browser: 'first' };
    expect(atCode(NOW + 60, late)).toMatchObject({ openedAt: NOW + 50 });
  });

  it('is shown to its browser alone', () => {
    expect(viewInteraction(atConsent(), 'first', NOW).outcome).toBe('foreign');
    expect(viewInteraction(atConsent(), undefined, NOW).outcome).toBe('foreign');
  });
});

describe('a decision', () => {
  it('counts once, and a repetition of the same call finds that it did', () => {
    const { answer, next } = finishInteraction(atConsent(), 'second', 'call', NOW);
    expect(answer).toBe('finished');
    expect(finishInteraction(next, 'second', 'call', NOW)).toEqual({ answer: 'finished' });
    expect(finishInteraction(next, 'second', 'other', NOW)).toEqual({ answer: 'ended' });
  });

  it('leaves nothing of the request or the customer behind', () => {
    expect(finishInteraction(atConsent(), 'second', 'call', NOW).next).toEqual({
      stage: 'ended',
      by: 'call',
    });
  });

  it.each<[string, Interaction | undefined, string]>([
    ['advanced', atCode(), 'second'],
    ['foreign', atConsent(), 'first'],
    ['foreign', pushInteraction(REQUEST, NOW), 'first'],
    ['ended', ENDED, 'second'],
    ['unknown', undefined, 'second'],
  ])('is not taken: %s', (answer, interaction, browser) => {
    expect(finishInteraction(interaction, browser, 'call', NOW)).toEqual({ answer });
  });
});

describe('cancel', () => {
  it.each<[string, Interaction | undefined, string]>([
    ['a plain request nobody posted to', undefined, 'first'],
    ['before log-in', tried(undefined, PLAIN), 'first'],
    ['at the code', atCode(), 'second'],
    ['at the consent', atConsent(), 'second'],
  ])('ends the interaction: %s', (_name, interaction, browser) => {
    const { answer, next } = leaveInteraction(interaction, PLAIN, browser, 'call', NOW);
    expect(answer).toBe('left');
    expect(leaveInteraction(next, PLAIN, browser, 'call', NOW).answer).toBe('left');
    expect(tryPassword(next, PLAIN, 'first', NOW).answer.outcome).toBe('ended');
  });

  it('is not taken from another browser', () => {
    expect(leaveInteraction(undefined, PLAIN, 'other', 'call', NOW)).toEqual({ answer: 'foreign' });
    expect(leaveInteraction(atConsent(), PLAIN, 'first', 'call', NOW)).toEqual({ answer: 'foreign' });
    expect(leaveInteraction(undefined, PUSHED, 'first', 'call', NOW)).toEqual({ answer: 'unknown' });
  });

  it('after the time is over is a time-out', () => {
    expect(leaveInteraction(undefined, PLAIN, 'first', 'call', NOW + 600).answer).toBe('timed_out');
  });
});
