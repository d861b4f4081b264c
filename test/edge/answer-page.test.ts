/** What a page may do: its content policy, by what it needs. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { expect, it } from 'vitest';
import { answerPage, type PageAnswer } from '#edge/answer-page.ts';
import type { AppEnv } from '#edge/scope.ts';

async function answered(answer: PageAnswer): Promise<Response> {
  const app = new Hono<AppEnv>();
  app.get('/', (c) => answerPage(c, html`<html></html>`, answer));
  return app.request('/');
}

async function policyOf(answer: PageAnswer): Promise<string> {
  return (await answered(answer)).headers.get('content-security-policy') ?? '';
}

const PLAIN = "default-src 'none'; style-src 'self'; img-src 'self';";
const CLOSED = "frame-ancestors 'none'; base-uri 'none'";

it.each<[string, PageAnswer, string]>([
  ['stays here', {}, `${PLAIN} form-action 'self'; ${CLOSED}`],
  ['leaves for a client', { formAction: 'client' }, `${PLAIN} form-action 'self' https:; ${CLOSED}`],
  [
    'leaves for a loopback client',
    { formAction: 'client', loopback: true },
    `${PLAIN} form-action 'self' https: http:; ${CLOSED}`,
  ],
  ['stays here, whatever the client', { loopback: true }, `${PLAIN} form-action 'self'; ${CLOSED}`],
  ['has scripts', { scripts: 'own' }, `${PLAIN} script-src 'self'; form-action 'self'; ${CLOSED}`],
])('a page that %s', async (_name, answer, policy) => {
  expect(await policyOf(answer)).toBe(policy);
});

it('never lets scripts of others or inline scripts in', async () => {
  for (const scripts of ['own', 'reference'] as const) {
    const sources = /script-src ([^;]*)/.exec(await policyOf({ scripts }))?.[1];
    expect(sources).toBe("'self'");
  }
});

it('is a document with its status, which nobody stores or frames', async () => {
  const answer = await answered({ status: 404 });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe('<!doctype html><html></html>');
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=UTF-8',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
});
