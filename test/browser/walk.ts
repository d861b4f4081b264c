/** The steps of a customer's journey, as clicks. */
import type { Page } from 'playwright-core';

export async function logIn(page: Page, username = 'hazel', password = 'hamster-wheel'): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
}

export async function typeCode(page: Page, code = '123456'): Promise<void> {
  await page.getByLabel('One-time code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** From the address a customer is sent to, to the consent page. */
export async function walkToConsent(page: Page, startUrl: string, username?: string): Promise<void> {
  await page.goto(startUrl);
  await logIn(page, username);
  await typeCode(page);
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
}

export async function decide(page: Page, decision: 'Confirm' | 'Refuse' | 'Cancel'): Promise<void> {
  await page.getByRole('button', { name: decision }).click();
}
