/** Brings the local sandbox to where `wrangler dev` can start. */
import { mkdirSync } from 'node:fs';

mkdirSync('public/generated', { recursive: true });
