/** One authorization in progress, in one browser. */
import { DurableObject } from 'cloudflare:workers';

export class InteractionObject extends DurableObject<Env> {}
