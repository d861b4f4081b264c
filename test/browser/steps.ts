/** The single steps of a customer's journey, as clicks: for tests, and for the script that takes the pictures. */
import type { Page } from 'playwright-core';

export async function enterPassword(
  page: Page,
  username = 'hazel',
  password = 'hamster-wheel',
): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
}

export async function typeCode(page: Page, code = '123456'): Promise<void> {
  await page.getByLabel('One-time code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

export async function decide(page: Page, decision: 'Confirm' | 'Refuse' | 'Cancel'): Promise<void> {
  await page.getByRole('button', { name: decision }).click();
}
