/** Secrets of a journey stay where they belong: in no log, no row, no object and no URL but the one to the client. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  answerOf,
  beginJourney,
  ONE_TIME_CODE,
  PASSWORD,
  postCode,
  postDecision,
  postLogin,
} from '../support/journey.ts';

async function everyRow(): Promise<string> {
  const tables = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*'",
  ).all<{ name: string }>();
  const rows = tables.results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all());
  return JSON.stringify((await Promise.all(rows)).map(({ results }) => results));
}

async function storedOf(id: string): Promise<string> {
  const stub = env.INTERACTIONS.get(env.INTERACTIONS.idFromString(id));
  return runInDurableObject(stub, (_object, state) => JSON.stringify([...state.storage.kv.list()]));
}

it('keeps password, one-time code, cookie and code to themselves', async () => {
  const app = testApp();
  const journey = await beginJourney({ app });
  const browser = journey.browser();
  const wrong = 'Wr0ng-canary-password';
  const login = await browser.get(journey.url());
  const failed = await postLogin(browser, login, { username: 'hazel', password: wrong });
  const misplaced = await postLogin(browser, login, { username: `${PASSWORD}-canary-name`, password: wrong });
  const loggedIn = await postLogin(browser, login);
  const [cookie = ''] = browser.cookies.values();
  const id = /[0-9a-f]{64}/.exec(loggedIn.location ?? '')?.[0] ?? '';
  const code = await browser.follow(loggedIn);
  const mistyped = await postCode(browser, code, '987654');
  const atCode = await storedOf(id);
  const proven = await postCode(browser, code);
  const consent = await browser.follow(proven);
  const atConsent = await storedOf(id);
  const answered = await postDecision(browser, consent);
  const { code: authorizationCode = '' } = answerOf(answered);
  const atEnd = await storedOf(id);

  const secrets = [
    wrong,
    PASSWORD,
    `${PASSWORD}-canary-name`,
    cookie,
    authorizationCode,
    authorizationCode.split('.')[2] ?? '',
  ];
  const rows = await everyRow();
  const logs = JSON.stringify(app.lines);
  for (const secret of secrets) {
    expect(secret).not.toBe('');
    for (const place of [rows, logs, atCode, atConsent, atEnd]) expect(place).not.toContain(secret);
  }
  // Six digits stand in many a number; as a value of its own the code stands nowhere.
  for (const place of [logs, atCode, atConsent, atEnd]) {
    expect(place).not.toMatch(new RegExp(`"(${ONE_TIME_CODE}|987654)"`));
  }
  for (const page of [failed, misplaced, mistyped]) {
    expect(page.html).not.toContain(wrong);
    expect(page.html).not.toContain('canary-name');
    expect(page.html).not.toContain('987654');
  }
  for (const { location = '' } of [loggedIn, proven]) {
    for (const secret of secrets) expect(location).not.toContain(secret);
  }
  // Nothing of the customer or the request is left of an answered interaction.
  expect(atEnd).not.toMatch(/hazel|callback|consent_ais/i);
});
