/** Races: of many that want the same single thing exactly one gets it, also across an eviction of the object. */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Landed } from '../support/browser.ts';
import {
  answerOf,
  beginJourney,
  JOINT_ACCOUNT,
  type Journey,
  MAIN_ACCOUNT,
  postCode,
  postDecision,
  postLogin,
  reachConsent,
} from '../support/journey.ts';

const ROUNDS = env.TEST_LENGTH === 'long' ? 40 : 3;
const PARALLEL = 50;
/** Each round logs in twice, which hashes twice. */
const timeout = 30_000 + ROUNDS * 15_000;

function times<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

function codesIn(answers: readonly Landed[]): number {
  return answers.filter((answer) => answer.location?.includes('?code=') === true).length;
}

function isAnswer({ location }: Landed): boolean {
  return location?.startsWith('https://client.example') === true;
}

async function evict(url: string): Promise<void> {
  const id = /[0-9a-f]{64}/.exec(url)?.[0] ?? '';
  await evictDurableObject(env.INTERACTIONS.get(env.INTERACTIONS.idFromString(id)));
}

it('of 50 presses of Confirm exactly one is answered with a code', { timeout }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const answers = await times(PARALLEL, () => postDecision(browser.copy(), consent));
    expect(codesIn(answers)).toBe(1);
    expect(answers.filter(isAnswer)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 400)).toHaveLength(PARALLEL - 1);
  }
});

it('of Confirm, Refuse and Cancel at once exactly one counts', { timeout }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const journey = await beginJourney();
    const browser = journey.browser();
    const consent = await reachConsent(browser, journey.url());
    const decisions = ['approve', 'deny', 'cancel'];
    const answers = await times(PARALLEL, (index) =>
      postDecision(browser.copy(), consent, decisions[index % decisions.length]),
    );
    const [answer, ...others] = answers.filter(isAnswer);
    expect(others).toEqual([]);
    const { code, error } = answerOf(answer ?? { location: undefined });
    const status = (await journey.consent())?.status;
    expect(status).toBe(
      code !== undefined ? 'authorized' : status === 'rejected' ? 'rejected' : 'awaiting_authorization',
    );
    expect(code ?? error).toBeDefined();
  }
});

it('of 50 browsers that log in to one request_uri exactly one gets it', async () => {
  const journey = await beginJourney();
  const url = await journey.pushedUrl();
  await journey.tenantId();
  // Four at a time, as failures and successes of one name are limited.
  const pages = await times(4, async () => {
    const browser = journey.browser();
    return { browser, page: await browser.get(url) };
  });
  const answers = await Promise.all(pages.map(({ browser, page }) => postLogin(browser, page)));
  expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
});

describe('two browsers that decide one consent', () => {
  async function two(journey: Journey) {
    const [first, second] = [journey.browser(), journey.browser()];
    const pages = [
      { browser: first, page: await reachConsent(first, journey.url()), account: MAIN_ACCOUNT },
      { browser: second, page: await reachConsent(second, journey.url(), 'basil'), account: JOINT_ACCOUNT },
    ];
    return pages;
  }

  it('exactly one succeeds, and the consent is that one’s', { timeout }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const journey = await beginJourney();
      const answers = await Promise.all(
        (await two(journey)).map(({ browser, page, account }) =>
          postDecision(browser, page, 'approve', [account]),
        ),
      );
      expect(codesIn(answers)).toBe(1);
      expect(answers.every(isAnswer)).toBe(true);
      const loser = answers.find((answer) => !answer.location?.includes('?code='));
      expect(answerOf(loser ?? { location: undefined })).toMatchObject({ error: 'invalid_request' });
      const winner = codesIn(answers.slice(0, 1)) === 1 ? MAIN_ACCOUNT : JOINT_ACCOUNT;
      expect((await journey.consent())?.accountIds).toEqual([winner]);
    }
  });
});

describe('an eviction of the object', () => {
  it.each(['plain', 'pushed'])('between any two steps loses nothing (%s)', async (kind) => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const url = kind === 'plain' ? journey.url() : await journey.pushedUrl();
    if (kind === 'pushed') await evict(url.slice(url.indexOf('request_uri')));
    const loggedIn = await postLogin(browser, await browser.get(url));
    await evict(loggedIn.location ?? '');
    const code = await browser.follow(loggedIn);
    const proven = await postCode(browser, code);
    await evict(proven.location ?? '');
    const consent = await browser.follow(proven);
    await evict(proven.location ?? '');
    expect(answerOf(await postDecision(browser.copy(), consent))).toHaveProperty('code');
    await evict(proven.location ?? '');
    expect(await postDecision(browser, consent)).toMatchObject({ status: 400, location: undefined });
  });

  it('does not give back tries', async () => {
    const journey = await beginJourney();
    const browser = journey.browser();
    const login = await browser.get(await journey.pushedUrl());
    const url = await journey.pushedUrl();
    const page = await browser.get(url);
    expect(login.form).toBe('login');
    for (let index = 0; index < 4; index += 1) {
      await postLogin(browser, page, { username: `guess${index}`, password: 'wrong' });
      await evict(url.slice(url.indexOf('request_uri')));
    }
    const fifth = await postLogin(browser, page, { username: 'guess', password: 'wrong' });
    expect(answerOf(fifth)).toMatchObject({ error: 'access_denied' });
  });
});
