/** The commands of `npm run operator` are the calls that docs/operator-api.md lists. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMANDS, findCommand, usageOf } from '../../scripts/operator/commands.mjs';
import { printAnswer } from '../../scripts/operator/print.mjs';

const DOCUMENT = readFileSync('docs/operator-api.md', 'utf8');
/** Not a command of this script: `npm run import` makes this call. */
const IMPORT = 'POST /imports';

/** `POST /clients/{client_id}/suspend` of each row of the table of commands; two share a row. */
function documentedCalls(): string[] {
  return [...DOCUMENT.matchAll(/^\| (`(?:GET|POST|PUT) \/.*?) \|/gm)].flatMap(([, cell = '']) => {
    const [first = '', ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    const method = first.split(' ')[0] ?? '';
    return [first, ...others.map((path) => `${method} ${path}`)].map((call) => call.split('?')[0] ?? '');
  });
}

/** The call a command makes, its arguments in braces. */
async function callOf(command: (typeof COMMANDS)[number]): Promise<string> {
  const calls: string[] = [];
  const send = (method: string, path: string) => void calls.push(`${method} ${path}`);
  const names = command.arguments.map((name: string) =>
    name === 'REQUESTS_PER_MINUTE' ? '500' : `{${name.toLowerCase()}}`,
  );
  await command.run(send, names, { reason: 'trial' });
  return decodeURIComponent(calls.join(' ')).split('?')[0] ?? '';
}

it('each makes a call of the document, and each call has a command', async () => {
  const made = new Set(await Promise.all(COMMANDS.map(callOf)));
  expect([...made].toSorted()).toEqual(
    [...new Set(documentedCalls())].filter((call) => call !== IMPORT).toSorted(),
  );
  expect(documentedCalls()).toContain(IMPORT);
});

it('is found by its words, and says what it takes', () => {
  const { command, words } = findCommand(['client', 'suspend', 'x', '--reason', 'y']);
  expect(words).toBe(2);
  expect(command && usageOf(command)).toBe('client suspend CLIENT_ID --reason REASON');
  expect(findCommand(['client', 'sing']).command).toBeUndefined();
});

/** The bodies that a command sends, given as somebody types it. */
function bodiesOf(words: readonly string[], subjects: string[], values: object = {}): unknown[] {
  const bodies: unknown[] = [];
  const send = (_method: string, _path: string, parts?: { body?: unknown }) => void bodies.push(parts?.body);
  findCommand([...words]).command?.run(send, subjects, { reason: 'trial', ...values });
  return bodies;
}

it.each(['3,000', '3.000', '1OO', '', '-1', '1e3', ' 5', 'none'])(
  'sends no limit of %j, which JSON might make none of',
  (typed) => {
    expect(() => bodiesOf(['client', 'limit'], ['x', typed])).toThrow('must be a whole number');
    expect(() => bodiesOf(['key', 'create'], ['x'], { scope: 'read', days: typed })).toThrow('--days');
  },
);

it('sends a limit, and none for `default` alone', () => {
  const reason = 'trial';
  expect(bodiesOf(['client', 'limit'], ['x', '3000'])).toEqual([{ requests_per_minute: 3_000, reason }]);
  expect(bodiesOf(['client', 'limit'], ['x', 'default'])).toEqual([{ requests_per_minute: null, reason }]);
});

it('prints lists as tables, and nothing that would steer a terminal', () => {
  const lines: string[] = [];
  const answer = { status: 'active', note: 'a\u001b[2J', history: [{ at: 'now', by: 'bank' }] };
  printAnswer(answer, (line: string) => void lines.push(line));
  expect(lines).toEqual(['status   active', 'note     a?[2J', '\nhistory', 'at   by', 'now  bank']);
});
