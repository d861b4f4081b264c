/** Passkeys by clicks, with Chromium's virtual authenticator: one is added, signs in without a name, and proves again. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { axeViolations, connectChromium, openPage, overflow, smallTargets } from './chromium.ts';
import { newcomer, signUp } from './developer.ts';

const baseUrl = inject('baseUrl');
let browser: Browser;

beforeAll(async () => {
  browser = await connectChromium(inject('chromium'));
});

afterAll(() => browser.close());

/** An authenticator of the browser that verifies its owner by itself. Source: the DevTools protocol's WebAuthn domain. */
async function giveAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const verifies = (isUserVerified: boolean) =>
    session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  return { verifies };
}

async function look(page: Page): Promise<void> {
  expect([page.url(), await axeViolations(page)]).toEqual([page.url(), []]);
  expect([page.url(), await smallTargets(page)]).toEqual([page.url(), []]);
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 320, height: 640 });
  expect([page.url(), await overflow(page)]).toEqual([page.url(), 0]);
  await page.setViewportSize(size);
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${baseUrl}/dashboard`);
  await page.locator('details.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

it('is added, signs in without a name, proves again, and is taken away', { timeout: 180_000 }, async () => {
  const { page, complaints, close } = await openPage(browser);
  const { verifies } = await giveAuthenticator(page);
  const { email, ...rest } = newcomer();
  await signUp(page, baseUrl, { email, ...rest }, () => Promise.resolve());

  await page.goto(`${baseUrl}/dashboard/security`);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await look(page);
  await page.getByLabel('Name').fill('Laptop');
  await page.getByRole('button', { name: 'Add the passkey' }).click();
  await page.getByText('The passkey is added').waitFor();
  expect(await page.getByRole('rowheader', { name: 'Laptop' }).count()).toBe(1);
  await look(page);

  // The device has one for the account now, and says so without asking us.
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Add the passkey' }).click();
  await page.getByText('This device has a passkey for your account already.').waitFor();

  await signOut(page);
  await look(page);
  await verifies(false);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('No passkey was chosen.').waitFor();
  await verifies(true);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();

  await page.goto(`${baseUrl}/dashboard/confirm?next=/dashboard/security`);
  await look(page);
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByRole('button', { name: 'Remove Laptop' }).click();
  await page.getByText('The passkey is removed').waitFor();

  await page.goto(`${baseUrl}/dev/mail`);
  const mails = page.getByRole('article').filter({ hasText: email });
  expect(await mails.filter({ hasText: 'A passkey called "Laptop" was added' }).count()).toBe(1);
  expect(await mails.filter({ hasText: 'A passkey was removed' }).count()).toBe(1);
  expect(complaints).toEqual([]);
  await close();
});

it('needs JavaScript, and says so beside the password that does not', async () => {
  const { page, close } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${baseUrl}/dashboard/sign-in`);
  expect(await page.getByText('Passkeys need JavaScript.').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isDisabled()).toBe(true);
  await close();
});
