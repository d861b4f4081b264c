/** The Worker's entry: its Durable Object classes and the fetch handler. */
import { DurableObject } from 'cloudflare:workers';

export class KeyRing extends DurableObject<Env> {}
export class ClientObject extends DurableObject<Env> {}
export class ConsentObject extends DurableObject<Env> {}
export class IdentityGrantObject extends DurableObject<Env> {}
export class InteractionObject extends DurableObject<Env> {}
export class OrganisationObject extends DurableObject<Env> {}

export default {
  fetch(): Response {
    return new Response('Service unavailable\n', { status: 503 });
  },
} satisfies ExportedHandler<Env>;
