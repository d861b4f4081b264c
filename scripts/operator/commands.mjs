/** Every command of `npm run operator`: its words, what it takes, and the one call of the operator API it is. */
import { Refused } from './connection.mjs';

/**
 * @typedef {(method: string, path: string, parts?: object) => unknown} Send
 * @typedef {object} Command
 * @property {string[]} words
 * @property {string[]} arguments
 * @property {Record<string, { type: 'string' | 'boolean' }>} [options]
 * @property {string[]} [required]
 * @property {string} summary
 * @property {(send: Send, subjects: string[], values: Record<string, any>) => unknown} run
 */

const REASON = { reason: { type: 'string' } };
const id = encodeURIComponent;

/** A number as it was typed. Of `3,000` JSON would make null, which undoes a limit. */
function countOf(name, text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Refused(`${name} must be a whole number in digits alone, not ${JSON.stringify(text)}.`, 2);
}

function reasoned(words, argument, summary, pathOf) {
  return {
    words,
    arguments: [argument],
    options: REASON,
    required: ['reason'],
    summary,
    run: (send, [subject], { reason }) => send('POST', pathOf(id(subject)), { body: { reason } }),
  };
}

function listed(words, summary, path) {
  return { words, arguments: [], summary, run: (send) => send('GET', path) };
}

function found(noun, argument, summary, path) {
  return {
    words: [noun, 'show'],
    arguments: [argument],
    summary,
    run: (send, [subject]) => send('GET', `${path}/${id(subject)}`),
  };
}

function directory(does, summary) {
  return {
    words: ['directory', does],
    arguments: ['ISSUER'],
    options: REASON,
    required: ['reason'],
    summary,
    run: (send, [issuer], { reason }) => send('POST', `/directories/${does}`, { body: { issuer, reason } }),
  };
}

/**
 * In the order of the usage. `required` options stand in it without brackets.
 * @type {Command[]}
 */
export const COMMANDS = [
  found(
    'client',
    'CLIENT_ID',
    'A client: whose it is, how it stands, what of its limit is used.',
    '/clients',
  ),
  reasoned(
    ['client', 'suspend'],
    'CLIENT_ID',
    'Everything of the client is refused from now on, until it is resumed.',
    (client) => `/clients/${client}/suspend`,
  ),
  reasoned(
    ['client', 'resume'],
    'CLIENT_ID',
    'A suspended client may go on.',
    (client) => `/clients/${client}/resume`,
  ),
  {
    words: ['client', 'limit'],
    arguments: ['CLIENT_ID', 'REQUESTS_PER_MINUTE'],
    options: REASON,
    required: ['reason'],
    summary: "Its own rate limit, from its next minute on; `default` for the environment's.",
    run: (send, [client, limit], { reason }) =>
      send('PUT', `/clients/${id(client)}/limit`, {
        body: {
          requests_per_minute: limit === 'default' ? null : countOf('REQUESTS_PER_MINUTE', limit),
          reason,
        },
      }),
  },
  found('consent', 'CONSENT_ID', 'A consent with its history.', '/consents'),
  reasoned(
    ['consent', 'end'],
    'CONSENT_ID',
    'Ends a consent for good, in the name of the bank.',
    (consent) => `/consents/${consent}/end`,
  ),
  found('payment', 'PAYMENT_ID', 'A payment with its history.', '/payments'),
  found(
    'request',
    'REQUEST_ID',
    "What became of a request (x-fapi-interaction-id): a client's call, an operator's command; others stand in the Worker's log.",
    '/requests',
  ),
  {
    words: ['customer', 'unlock'],
    arguments: ['USERNAME'],
    options: { tenant: { type: 'string' }, 'lift-lock': { type: 'boolean' }, ...REASON },
    required: ['reason'],
    summary: "Forgets a customer's failed log-ins; --lift-lock also lifts the bank's own lock.",
    run: (send, [username], { tenant, 'lift-lock': lift, reason }) =>
      send('POST', '/customers/unlock', {
        body: { username, tenant_id: tenant, lift_lock: lift, reason },
      }),
  },
  listed(['directory', 'list'], 'The configured directories, and which are distrusted.', '/directories'),
  directory('distrust', 'Takes no software statement of the directory any more.'),
  directory('trust', 'Takes its software statements again.'),
  listed(['signing-key', 'list'], 'The keys the bank signs with.', '/signing-keys'),
  {
    words: ['signing-key', 'rotate'],
    arguments: [],
    options: { kid: { type: 'string' }, ...REASON },
    required: ['reason'],
    summary: 'Publishes successors, which sign ten minutes later.',
    run: (send, _none, { kid, reason }) => send('POST', '/signing-keys/rotate', { body: { kid, reason } }),
  },
  reasoned(
    ['signing-key', 'remove'],
    'KID',
    'Removes a compromised key at once, with every token it signed.',
    (kid) => `/signing-keys/${kid}/remove`,
  ),
  listed(['key', 'list'], "Operators' keys.", '/operator-keys'),
  {
    words: ['key', 'create'],
    arguments: ['NAME'],
    options: { scope: { type: 'string' }, days: { type: 'string' }, ...REASON },
    required: ['scope', 'reason'],
    summary: 'Makes a key (scope read or write) and shows it this once.',
    run: (send, [name], { scope, days, reason }) =>
      send('POST', '/operator-keys', {
        body: {
          name,
          scope,
          expires_in_days: days === undefined ? undefined : countOf('--days', days),
          reason,
        },
      }),
  },
  reasoned(
    ['key', 'revoke'],
    'NAME',
    'The key of that name is refused from the next call on.',
    (name) => `/operator-keys/${name}/revoke`,
  ),
  {
    words: ['audit'],
    arguments: [],
    options: {
      after: { type: 'string' },
      limit: { type: 'string' },
      subject: { type: 'string' },
      'request-id': { type: 'string' },
    },
    summary: 'What operators did, oldest first.',
    run: (send, _none, { after, limit, subject, 'request-id': requestId }) =>
      send('GET', `/audit?${queryOf({ after, limit, subject, request_id: requestId })}`),
  },
];

function queryOf(parameters) {
  return new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined),
  ).toString();
}

/**
 * The command that arguments begin with, and how many words its name has.
 * @param {string[]} given
 */
export function findCommand(given) {
  const command = COMMANDS.find(({ words }) => words.every((word, index) => given[index] === word));
  return { command, words: command?.words.length ?? 0 };
}

/**
 * `client suspend CLIENT_ID --reason REASON`
 * @param {Command} command
 */
export function usageOf({ words, arguments: names, options = {}, required = [] }) {
  const option = (name, { type }) => `--${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}`;
  const shown = Object.entries(options).map(([name, given]) =>
    required.includes(name) ? option(name, given) : `[${option(name, given)}]`,
  );
  return [...words, ...names, ...shown].join(' ');
}
