/** One consent: the single writer of its state, codes and refresh tokens. */
import { DurableObject } from 'cloudflare:workers';

export class ConsentObject extends DurableObject<Env> {}
