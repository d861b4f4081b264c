/** The signing keys and server secrets of this deployment: one object, one writer. */
import { DurableObject } from 'cloudflare:workers';

export class KeyRing extends DurableObject<Env> {}
