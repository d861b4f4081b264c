/** One organisation: its windows for sandbox routes. */
import { DurableObject } from 'cloudflare:workers';

export class OrganisationObject extends DurableObject<Env> {}
