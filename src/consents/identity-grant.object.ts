/** One identity-only grant: its code and refresh token. */
import { DurableObject } from 'cloudflare:workers';

export class IdentityGrantObject extends DurableObject<Env> {}
