/** How operators' scripts reach a bank: its address, the key, and refusals in words. */
import { existsSync, readFileSync } from 'node:fs';
import { LOCAL_OPERATOR_KEY } from '#operator/operator-key.ts';

const LOCAL = '.sandbox/local.json';
const TIMEOUT_MS = 30_000;

export const CONNECTION_OPTIONS = { 'base-url': { type: 'string' }, key: { type: 'string' } };

/** The bank said no (exit code 1), or was not to be reached (3). */
export class Refused extends Error {
  constructor(message, exitCode = 1, errors = []) {
    super(message);
    /** What was wrong with which member, as the bank said it. */
    this.errors = errors;
    this.exitCode = exitCode;
  }
}

function isLoopback(url) {
  return URL.canParse(url) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/** `send(method, path, { body, lines })` resolves with the answer's JSON, or throws `Refused`. */
export function connect(values) {
  const local = existsSync(LOCAL) ? JSON.parse(readFileSync(LOCAL, 'utf8')).base_url : undefined;
  const baseUrl = (values['base-url'] ?? process.env['BASE_URL'] ?? local)?.replace(/\/$/, '');
  if (baseUrl === undefined)
    throw new Refused('Which bank? Give --base-url, or begin one with `npm start`.', 2);
  const given = values.key ?? process.env['OPERATOR_KEY'];
  const key = given ?? (isLoopback(baseUrl) ? LOCAL_OPERATOR_KEY : undefined);
  if (key === undefined) throw new Refused('Give an operator key: --key, or OPERATOR_KEY.', 2);
  if (!baseUrl.startsWith('https://') && !isLoopback(baseUrl)) {
    throw new Refused('A key goes to an https address only.', 2);
  }
  return async function send(method, path, { body, lines } = {}) {
    let answer;
    try {
      answer = await fetch(`${baseUrl}/operator/v1${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(lines === undefined ? {} : { 'content-type': 'application/x-ndjson' }),
        },
        ...(body === undefined && lines === undefined ? {} : { body: lines ?? JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Refused(`No answer from ${baseUrl}: ${error.cause?.message ?? error.message}`, 3);
    }
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
    const value = isJson ? JSON.parse(text) : { code: 'no_json', message: text.slice(0, 200) };
    if (answer.ok && isJson) return value;
    const fields = (value.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    const request = answer.headers.get('x-fapi-interaction-id');
    throw new Refused(
      `Refused (${answer.status} ${value.code}): ${value.message}${fields.join('')}\n  request ${request ?? 'without id'}`,
      answer.status >= 500 ? 3 : 1,
      value.errors,
    );
  };
}
