/** A bank customer at `/my/access`, as tests walk there: the link of an organisation, log-in, code. */
import { accessLinkOf } from '#access/access-link.flow.ts';
import type { TestApp } from './app.ts';
import { type Browser, type Landed, testBrowser } from './browser.ts';
import { ONE_TIME_CODE, PASSWORD } from './journey.ts';
import { testScope } from './scope.ts';

/** The link on the dashboard of an organisation, and the handle in it. */
export async function accessLink(organisationId: string): Promise<{ link: string; bank: string }> {
  const link = await accessLinkOf(testScope(), organisationId);
  return { link, bank: new URL(link).searchParams.get('bank') ?? '' };
}

export interface LogInFields {
  readonly username?: string;
  readonly password?: string;
}

/** Posts the log-in form of the bank that a handle names. */
export function postName(
  browser: Browser,
  bank: string,
  { username = 'hazel', password = PASSWORD }: LogInFields = {},
): Promise<Landed> {
  return browser.post('/my/access/log-in', { bank, username, password });
}

export function postAccessCode(browser: Browser, otp = ONE_TIME_CODE): Promise<Landed> {
  return browser.post('/my/access/code', { otp });
}

export interface Visitor {
  readonly browser: Browser;
  readonly bank: string;
  readonly link: string;
}

/** A customer of an organisation's bank, logged in. */
export async function visitorOf(
  app: TestApp,
  organisationId: string,
  username = 'hazel',
  given?: ReadonlyMap<string, string>,
): Promise<Visitor> {
  const { link, bank } = await accessLink(organisationId);
  const browser = testBrowser(app, given);
  await postName(browser, bank, { username });
  const landed = await postAccessCode(browser);
  if (landed.status !== 303) throw new Error(`not logged in: ${landed.status} ${landed.html}`);
  return { browser, bank, link };
}

/** Which page it is. */
export function headingOf({ html }: Pick<Landed, 'html'>): string {
  return (/<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? '').replace(/<[^>]*>/g, '');
}

/** What a page says, its mark-up left out. */
export function textOf({ html }: Pick<Landed, 'html'>): string {
  return (/<main[^>]*>(.*)<\/main>/s.exec(html)?.[1] ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
