/** The Worker's entry: requests, scheduled work and the Durable Object classes. */
import { createApp, createQueue, createScheduled } from '#app.ts';

export { InteractionObject } from '#authorization/interaction.object.ts';
export { ClientObject } from '#clients/client.object.ts';
export { OrganisationObject } from '#clients/organisation.object.ts';
export { ConsentObject } from '#consents/consent.object.ts';
export { IdentityGrantObject } from '#consents/identity-grant.object.ts';
export { KeyRing } from '#edge/key-ring.object.ts';

/** Figures are written this long after the first of them was counted: few writes, and little lost with an isolate. */
const GATHER_MS = 5_000;

/** Calls go to the request log's queue this long after the first of them: soon enough for who is looking for one. */
const SEND_MS = 2_000;

const app = createApp({ gatherMs: GATHER_MS, sendMs: SEND_MS });

export default {
  fetch: app.fetch,
  scheduled: createScheduled(),
  queue: createQueue(),
} satisfies ExportedHandler<Env>;
