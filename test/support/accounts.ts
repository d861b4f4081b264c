/** Sign-ups, sign-ins and mail of developers as a test's browser goes through them. */
import { env } from 'cloudflare:workers';
import { countAttempt } from '#authorization/count-attempt.flow.ts';
import { countHashes, hashPassword } from '#bank/password.ts';
import { attemptsOf } from '#developers/prove-password.flow.ts';
import type { TestApp } from './app.ts';
import { type Browser, type Landed, testBrowser } from './browser.ts';
import { testScope } from './scope.ts';

export const NEW_PASSWORD = 'eleven tame rodents sing';

/** An address nobody else in a test has. */
export function newAddress(): string {
  return `${crypto.randomUUID().slice(0, 13)}@example.com`;
}

export interface LocalMail {
  readonly subject: string;
  readonly body: string;
}

/** What the local mailbox got for an address, the oldest first. */
export async function mailTo(address: string): Promise<readonly LocalMail[]> {
  const { results } = await env.DB.prepare(
    'SELECT subject, body FROM local_messages WHERE recipient = ? ORDER BY rowid',
  )
    .bind(address)
    .all<{ subject: string; body: string }>();
  return results;
}

/** The token of a mail's link. */
export function tokenIn(mail: LocalMail | undefined): string {
  return /[?&]token=([\w-]{43})/.exec(mail?.body ?? '')?.[1] ?? '';
}

export function postSignUp(
  browser: Browser,
  email: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Landed> {
  const whole = { email, name: 'Ada Lovelace', organisation: 'Analytical Engines', password: NEW_PASSWORD };
  return browser.post('/dashboard/sign-up', { ...whole, ...more }, headers);
}

export function postSignIn(
  browser: Browser,
  email: string,
  password = NEW_PASSWORD,
  more: Record<string, string> = {},
): Promise<Landed> {
  return browser.post('/dashboard/sign-in', { email, password, ...more });
}

/** Signs up, opens the mailed link and confirms: signed in. */
export async function signUpWhole(
  app: TestApp,
  email = newAddress(),
): Promise<{ browser: Browser; email: string }> {
  const browser = testBrowser(app);
  await postSignUp(browser, email);
  const token = tokenIn((await mailTo(email)).at(-1));
  const confirmed = await browser.post('/dashboard/confirm-email', { token, password: NEW_PASSWORD });
  if (confirmed.status !== 303) throw new Error(`not confirmed: ${confirmed.status} ${confirmed.html}`);
  return { browser, email };
}

/** The digest of `NEW_PASSWORD`, for accounts that tests insert; hashed once a file. */
let kept: string | undefined;
export async function newPasswordDigest(): Promise<string> {
  if (kept !== undefined) return kept;
  const hashed = await hashPassword(NEW_PASSWORD);
  if (!hashed.ok) throw new Error('too many wait');
  kept = hashed.value;
  return kept;
}

/** What passwords were hashed while `work` ran, by cost. */
export async function hashesDuring(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = countHashes();
  await work();
  const grown = [...countHashes()].map(([cost, count]) => [cost, count - (before.get(cost) ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

/** A page less an address that was typed and its challenge for a passkey, which differ between any two. */
export function wordsOf({ html }: Landed, typed: string): string {
  return html
    .replaceAll(typed, '{typed}')
    .replace(/name="sealed" value="[^"]+"/, '')
    .replace(/data-options="[^"]+"/, '');
}

/** As many failed sign-ins of an address, without their hashes. */
export async function failSignIns(app: TestApp, email: string, times: number): Promise<void> {
  const scope = testScope({ nowMs: app.nowMs() });
  const key = await attemptsOf(scope, email);
  for (let index = 0; index < times; index += 1) await countAttempt(scope, key);
}
