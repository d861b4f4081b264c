/** The ports of the journey: what is sent to whom, and what happens when nothing can be sent. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { authorizePages } from '#authorization/authorize.pages.tsx';
import type { CodeMessage, JourneyPorts } from '#authorization/second-factor.ts';
import { frameRequest } from '#edge/request-frame.ts';
import type { AppEnv } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { testBrowser } from '../support/browser.ts';
import { beginJourney, postCode, postLogin } from '../support/journey.ts';
import { TEST_NOW_MS } from '../support/scope.ts';

interface Sent {
  readonly app: TestApp;
  readonly messages: CodeMessage[];
}

/** The pages with other ports than the sandbox's. */
function appWith(answer: () => Result<{ sentTo?: string }>): Sent {
  const messages: CodeMessage[] = [];
  let made = 100_000;
  const ports: JourneyPorts = {
    tenants: sandboxTenants,
    secondFactor: {
      newCode: () => {
        made += 1;
        return String(made);
      },
    },
    codeSender: {
      send: (_scope, message) => {
        messages.push(message);
        return Promise.resolve(answer());
      },
    },
  };
  const pages = new Hono<AppEnv>();
  const clock = { nowMs: () => TEST_NOW_MS };
  pages.use(frameRequest({ clock, log: () => {}, isolate: { startedAtMs: 0 } }));
  pages.route(
    '/',
    authorizePages(() => ok(ports)),
  );
  const request = async (path: string, init: RequestInit = {}) =>
    pages.fetch(new Request(new URL(path, env.ISSUER), init), env, createExecutionContext());
  return { app: { ...testApp(), request }, messages };
}

it('sends a new code at each log-in, with who asks and what for, and takes the newest alone', async () => {
  const { app, messages } = appWith(() => ok({ sentTo: '•••• 123' }));
  const journey = await beginJourney();
  const browser = testBrowser(app);
  const login = await browser.get(journey.url());
  expect(login.html).not.toContain('hamster-wheel');
  await postLogin(browser, login);
  const code = await browser.follow(await postLogin(browser, login));
  expect(messages.map((message) => message.code)).toEqual(['100001', '100002']);
  expect(messages[1]).toEqual({
    tenantId: await journey.tenantId(),
    customerId: 'cus_hazel',
    code: '100002',
    softwareName: 'Nutkin',
    organisationName: 'Nutkin Money Ltd',
    purpose: 'account-access',
  });
  expect(code.html).toContain('•••• 123');
  expect(code.html).not.toContain('100002');
  expect((await postCode(browser, code, '100001')).form).toBe('otp');
  expect((await browser.follow(await postCode(browser, code, '100002'))).form).toBe('consent');
});

it('counts no try when the code cannot be sent', async () => {
  let works = false;
  const { app } = appWith(() => (works ? ok({}) : refuse('service_unavailable', 'sender down')));
  const journey = await beginJourney();
  const browser = testBrowser(app);
  const login = await browser.get(journey.url());
  for (let index = 0; index < 6; index += 1) {
    const failed = await postLogin(browser, login);
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toBe('5');
  }
  works = true;
  expect((await postLogin(browser, login)).status).toBe(303);
});
