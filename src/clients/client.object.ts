/** One client: its status and newest version, its rate window, and what it may use only once. */
import { DurableObject } from 'cloudflare:workers';

export class ClientObject extends DurableObject<Env> {}
