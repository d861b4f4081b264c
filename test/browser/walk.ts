/** The steps of a customer's journey, as clicks. */
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { LOCAL_OPERATOR_KEY } from '#operator/operator-key.ts';

/**
 * Has the bank forget a customer's log-ins so far. One counts as failed until its code is typed, and these tests are one
 * customer, many at once: five on their way would lock the sixth out.
 */
export async function forgetAttempts(username: string): Promise<void> {
  const answer = await fetch(`${inject('baseUrl')}/operator/v1/customers/unlock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${LOCAL_OPERATOR_KEY}` },
    body: JSON.stringify({ username, tenant_id: inject('tenantId'), reason: 'many tests are one customer' }),
  });
  if (!answer.ok && answer.status !== 404) throw new Error(`not unlocked: ${await answer.text()}`);
}

export async function logIn(page: Page, username = 'hazel', password = 'hamster-wheel'): Promise<void> {
  await forgetAttempts(username);
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
