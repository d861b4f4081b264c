/**
 * Prints one member of the JSON answer that comes in; of an answer without it, an empty line, and the answer where errors go.
 *
 *     curl -sS "$BASE_URL/.well-known/openid-configuration" | node member.mjs issuer
 */
import { readFileSync } from 'node:fs';

const text = readFileSync(0, 'utf8');
const member = JSON.parse(text)[process.argv[2]];
if (member === undefined || member === null) console.error(text);
console.log(member ?? '');
