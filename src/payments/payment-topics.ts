/** Names of the outbox rows that a payment writes. */

/** Tells the consent's object that it is consumed. */
export const POSTED_TOPIC = 'payment.posted';
/** Takes an international payment a step further. */
export const SETTLE_TOPIC = 'payment.settle';
