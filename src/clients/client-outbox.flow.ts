/** Tells a client's object again what its row says, from the outbox. D1: one read. Objects: one. */
import { tellClientObject } from '#clients/call-client.flow.ts';
import { findRegistration } from '#clients/find-registration.flow.ts';
import type { OutboxHandler } from '#edge/outbox.flow.ts';

/** For `client.changed` and `client.ended`: a row that never came to be (a full organisation) is nothing to tell. */
export const deliverClientNews: OutboxHandler = async (scope, { subject }) => {
  const registration = await findRegistration(scope, subject);
  if (registration !== undefined) await tellClientObject(scope, registration.client);
};
