/** A customer's way to a decision, as clicks of tests: many of them are one customer. */
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { LOCAL_OPERATOR_KEY } from '#operator/operator-key.ts';
import { enterPassword, typeCode } from './steps.ts';

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

export async function logIn(page: Page, username = 'hazel', password?: string): Promise<void> {
  await forgetAttempts(username);
  await enterPassword(page, username, password);
}

/** From the address a customer is sent to, to the consent page. */
export async function walkToConsent(page: Page, startUrl: string, username?: string): Promise<void> {
  await page.goto(startUrl);
  await logIn(page, username);
  await typeCode(page);
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
}
