/** The Worker's entry: requests, scheduled work and the Durable Object classes. */
import { createApp, createScheduled } from '#app.ts';

export { InteractionObject } from '#authorization/interaction.object.ts';
export { ClientObject } from '#clients/client.object.ts';
export { OrganisationObject } from '#clients/organisation.object.ts';
export { ConsentObject } from '#consents/consent.object.ts';
export { IdentityGrantObject } from '#consents/identity-grant.object.ts';
export { KeyRing } from '#edge/key-ring.object.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: createScheduled(),
} satisfies ExportedHandler<Env>;
