/** Tells a client's object again what its row says, from the outbox. D1: one read. Objects: one. */
import { findRegistration } from '#clients/find-registration.flow.ts';
import { tellClientObject } from '#clients/tell-client-object.flow.ts';
import type { OutboxHandler } from '#edge/outbox.flow.ts';

/** For `client.changed` and `client.ended`: a row that never came to be (a full organisation) is nothing to tell. */
export const deliverClientNews: OutboxHandler = async (scope, { subject }) => {
  const registration = await findRegistration(scope, subject);
  if (registration === undefined) return;
  const { clientId, version, status, scopes } = registration.client;
  await tellClientObject(scope, { clientId, version, status, scopes });
};
