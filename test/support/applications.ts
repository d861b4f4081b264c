/** The dashboard's forms about applications, as a browser posts them. */
import type { TestApp } from './app.ts';
import type { TestMember } from './developers.ts';
import { makeKey, type TestKey } from './test-client.ts';

const APPLICATIONS = '/dashboard/applications';

export interface Shown {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
}

function decoded(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

async function shownBy(answer: Response): Promise<Shown> {
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    html: decoded(await answer.text()),
  };
}

/** A member's browser at the section's pages. */
export function browse(app: TestApp, { headers }: Pick<TestMember, 'headers'>) {
  return {
    async open(path: string): Promise<Shown> {
      return shownBy(await app.request(`${APPLICATIONS}${path}`, { headers }));
    },
    async post(path: string, fields: Record<string, string> = {}): Promise<Shown> {
      return shownBy(await app.sendForm(`${APPLICATIONS}${path}`, fields, { headers }));
    },
  };
}

export type Browse = ReturnType<typeof browse>;

/** The value of a hidden field. */
export function hidden(html: string, name: string): string {
  const value = new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1];
  if (value === undefined) throw new Error(`no hidden field ${name}`);
  return value;
}

export const SOFTWARE = {
  name: 'Acorn Finance',
  logo_uri: 'https://acorn.example/logo.svg',
  redirect_uris: 'https://acorn.example/callback',
  role_AISP: 'on',
} as const;

/** A registration token on a page. */
export function tokenIn(html: string): string {
  return /reg_token_[\w-]{43}/.exec(html)?.[0] ?? 'none';
}

export function clientIdIn(html: string): string {
  return /CLIENT_ID=([0-9a-f-]{36})/.exec(html)?.[1] ?? 'none';
}

/** The first three steps; the review as shown. */
export async function walkToReview(
  browser: Browse,
  software: Record<string, string> = SOFTWARE,
  key?: TestKey,
): Promise<Shown> {
  const { publicJwk } = key ?? (await makeKey());
  await browser.post('/new', software);
  const draft = hidden((await browser.open('/new/keys')).html, 'draft');
  const jwks = JSON.stringify({ keys: [publicJwk] });
  await browser.post('/new/keys', { draft, key_source: 'jwks', jwks });
  await browser.post('/new/statement', { draft });
  return browser.open('/new/review');
}

/** An application, registered through the four steps. */
export async function makeApplication(browser: Browse, software?: Record<string, string>, key?: TestKey) {
  const review = await walkToReview(browser, software, key);
  const { html } = await browser.post('/new/review', { form: hidden(review.html, 'form') });
  return { clientId: clientIdIn(html), registrationToken: tokenIn(html), html };
}
