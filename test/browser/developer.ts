/** The steps of a developer through the dashboard, as clicks, and a shell for what its pages hand out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export const PASSWORD = 'a wheel that never squeaks';

export interface Newcomer {
  readonly email: string;
  readonly name: string;
  readonly organisation: string;
}

/** One that nobody has been. */
export function newcomer(organisation = 'Acorn Finance'): Newcomer {
  return {
    email: `rowan-${crypto.randomUUID().slice(0, 8)}@acorn.example`,
    name: 'Rowan Hill',
    organisation,
  };
}

/** From the front page over the mailed link to the dashboard. `look` is called on each page. */
export async function signUp(
  page: Page,
  baseUrl: string,
  { email, name, organisation }: Newcomer,
  look: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto(baseUrl);
  await page.getByRole('link', { name: 'Open the dashboard' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await look('sign-in');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('Your name').waitFor();
  await look('sign-up');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Organisation').fill(organisation);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Check your e-mail' }).waitFor();
  await look('look-for-mail');
  await page.getByRole('link', { name: 'Open the local mailbox' }).click();
  const message = page.getByRole('article').filter({ hasText: email });
  await message.waitFor();
  await look('mailbox');
  await message.getByRole('link', { name: /confirm-email/ }).click();
  await page.getByLabel('Password').fill(PASSWORD);
  await look('confirm-email');
  await page.getByRole('button', { name: 'Confirm and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await look('overview-new');
}

export interface ApplicationParts {
  readonly name: string;
  readonly redirectUri: string;
  /** Where the private key is saved that the browser makes; without it `jwks` is pasted. */
  readonly folder?: string;
  /** Of the key the browser makes; the one that is chosen already unless given. */
  readonly algorithm?: string;
  readonly jwks?: string;
}

/** The four steps; ends on the page that hands out what the application is given. */
export async function makeApplication(
  page: Page,
  { name, redirectUri, folder, algorithm, jwks = '' }: ApplicationParts,
  look: (name: string) => Promise<void>,
): Promise<void> {
  // A page is looked at once it is there: what is on its way out has no colours to measure.
  const step = (title: string) => page.getByRole('heading', { name: `New application: ${title}` }).waitFor();
  await page.getByRole('link', { name: 'Create an application' }).click();
  await step('what it is');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Redirect URIs').fill(redirectUri);
  await look('application-software');
  await page.getByRole('button', { name: 'Continue to keys' }).click();
  await step('its keys');
  if (folder === undefined) {
    await page.getByLabel('Paste public keys').check();
    await page.getByLabel('Public keys (JWK set)').fill(jwks);
  } else {
    if (algorithm !== undefined) await page.getByLabel('Algorithm').selectOption(algorithm);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Generate and save the private key' }).click();
    const download = await saved;
    await download.saveAs(join(folder, download.suggestedFilename()));
    await page.getByText('to your downloads').waitFor();
  }
  await look('application-keys');
  await page.getByRole('button', { name: 'Continue to the software statement' }).click();
  await step('its software statement');
  await look('application-statement');
  await page.getByRole('button', { name: 'Get the statement and continue' }).click();
  await step('review and register');
  await look('application-review');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByRole('heading', { name: 'Your application is registered' }).waitFor();
  await look('application-registered');
}

/** Makes a key; ends on the page that shows it. */
export async function newApiKey(
  page: Page,
  baseUrl: string,
  name: string,
  look: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto(`${baseUrl}/dashboard/api-keys`);
  await look('api-keys-none');
  await page.getByRole('link', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill(name);
  await look('api-key-new');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByRole('heading', { name: 'Your new API key' }).waitFor();
  await look('api-key-made');
}

/** What a code block of the page holds. */
export async function codeOf(page: Page, label: string): Promise<string> {
  const text = await page
    .locator('figure')
    .filter({ has: page.locator('figcaption').getByText(label, { exact: true }) })
    .locator('pre')
    .first()
    .textContent();
  return text ?? '';
}

/** A shell in a folder of its own, as a developer has one beside the browser. */
export interface Shell {
  readonly folder: string;
  /** Runs commands in it, and gives what they printed. */
  run(commands: string): Promise<string>;
  close(): void;
}

const END = '--end of the commands--';

export function openShell(): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'developer-'));
  const shell: ChildProcess = spawn('bash', ['-s'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  let told: (() => void) | undefined;
  const read = (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.includes(`${END}\n`)) told?.();
  };
  shell.stdout?.on('data', read);
  shell.stderr?.on('data', read);
  return {
    folder,
    async run(commands) {
      printed = '';
      const done = new Promise<void>((resolve) => {
        told = resolve;
      });
      shell.stdin?.write(`${commands}\necho '${END}'\n`);
      await done;
      return printed.slice(0, printed.indexOf(END));
    },
    close() {
      shell.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
