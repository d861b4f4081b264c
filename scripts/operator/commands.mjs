/** Every command of `npm run operator`: its words, what it takes, and the one call of the operator API it is. */

const REASON = { reason: { type: 'string' } };
const id = encodeURIComponent;

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

/** In the order of the usage. `required` options stand in it without brackets. */
export const COMMANDS = [
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

/** The command that arguments begin with, and how many words its name has. */
export function findCommand(given) {
  const command = COMMANDS.find(({ words }) => words.every((word, index) => given[index] === word));
  return { command, words: command?.words.length ?? 0 };
}

/** `client suspend CLIENT_ID --reason TEXT [--json]` */
export function usageOf({ words, arguments: names, options = {}, required = [] }) {
  const option = (name, { type }) => `--${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}`;
  const shown = Object.entries(options).map(([name, given]) =>
    required.includes(name) ? option(name, given) : `[${option(name, given)}]`,
  );
  return [...words, ...names, ...shown].join(' ');
}
