/** No statement of a payment reads a whole table or sorts one, whatever becomes of the payment. */
import { expect, it } from 'vitest';
import { forgetKeys } from '#payments/forget-keys.flow.ts';
import { testApp } from '../support/app.ts';
import { newPayable, openPaying, PAYMENTS_PATH, sendPayment } from '../support/paying.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';
import { costlySteps, plansOf } from '../support/query-plans.ts';
import { testScope } from '../support/scope.ts';

/** Tables a payment may read or write. */
const OF_PAYMENTS =
  /\b(accounts|transactions|journals|payments|payment_events|payment_consent_ends|idempotency_keys|customers|outbox)\b/i;
it('finds every row by an index', async () => {
  const paying = await openPaying();
  const byIban = { ...DOMESTIC_PAYMENT.creditor, account: { scheme: 'IBAN', id: 'GB12HMBK60837112345678' } };
  const failing = { ...INTERNATIONAL_PAYMENT, instructed_amount: { amount: '404.01', currency: 'GBP' } };
  const held = await Promise.all(
    [DOMESTIC_PAYMENT, { ...DOMESTIC_PAYMENT, creditor: byIban }, INTERNATIONAL_PAYMENT, failing].map(
      (payment) => newPayable(paying, { payment }),
    ),
  );
  const plans = await plansOf(async (binding) => {
    const app = testApp({ bindings: { DB: binding } });
    for (const payable of held) {
      const answer = await sendPayment(app, payable);
      expect(answer.status).toBe(201);
      const { payment_id: paymentId } = await answer.json<{ payment_id: string }>();
      expect((await app.request(`${PAYMENTS_PATH}/${paymentId}`, { headers: payable.headers })).status).toBe(
        200,
      );
    }
    await forgetKeys(testScope({ bindings: { DB: binding } }));
  });
  const own = plans.filter(({ text }) => OF_PAYMENTS.test(text));
  expect(own.length).toBeGreaterThan(30);
  for (const plan of own) {
    expect({ text: plan.text, costly: costlySteps(plan) }).toEqual({ text: plan.text, costly: [] });
  }
});
