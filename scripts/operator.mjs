/** `npm run operator -- COMMAND`: gives one command to a bank as its operator and prints what it answered. */
import { parseArgs } from 'node:util';
import { COMMANDS, findCommand, usageOf } from './operator/commands.mjs';
import { CONNECTION_OPTIONS, connect, Refused } from './operator/connection.mjs';
import { printAnswer } from './operator/print.mjs';

const USAGE = `npm run operator -- COMMAND [--base-url URL] [--key KEY] [--json]

Against the local sandbox (npm start) without --base-url; else the key comes by --key or OPERATOR_KEY.

${COMMANDS.map((command) => `  ${usageOf(command)}\n      ${command.summary}`).join('\n')}`;

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

const { command, words } = findCommand(process.argv.slice(2));
if (command === undefined) {
  if (process.argv.includes('--help') || process.argv.length < 3) {
    console.log(USAGE);
    process.exit(process.argv.includes('--help') ? 0 : 2);
  }
  fail(`There is no such command.\n\n${USAGE}`);
}

let parsed;
try {
  parsed = parseArgs({
    args: process.argv.slice(2 + words),
    allowPositionals: true,
    options: { ...CONNECTION_OPTIONS, ...command.options, json: { type: 'boolean', default: false } },
  });
} catch (error) {
  fail(`${error.message}\n\n  ${usageOf(command)}`);
}
const { values, positionals } = parsed;
const missing = (command.required ?? []).filter((name) => values[name] === undefined);
if (positionals.length !== command.arguments.length || missing.length > 0) {
  fail(`Usage: npm run operator -- ${usageOf(command)}`);
}

try {
  const send = connect(values);
  const answer = await command.run(send, positionals, values);
  if (values.json) console.log(JSON.stringify(answer, null, 2));
  else printAnswer(answer, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
