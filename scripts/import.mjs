/**
 * `npm run import -- FILE`: brings customers, accounts and holders into a bank. Every line is checked before anything is
 * sent; then batches go one by one, each imported whole or not at all. What is there already is left, so the same file may be
 * given again after a failure.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BATCH_LINES, parseImportLine } from '#operator/import.schema.ts';
import { CONNECTION_OPTIONS, connect, Refused } from './operator/connection.mjs';

const USAGE =
  'npm run import -- FILE [--dry-run] [--base-url URL] [--key KEY]   (FILE: JSON lines, see docs/operator-api.md)';
/** Below the bank's limit of 64 KiB for a body. */
const BATCH_BYTES = 60_000;
const FAULTS_SHOWN = 50;

function fail(sentence, exitCode = 2) {
  console.error(sentence);
  process.exit(exitCode);
}

/** Whatever is wrong with how this was called is one sentence. */
function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { ...CONNECTION_OPTIONS, 'dry-run': { type: 'boolean', default: false } },
    });
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`);
  }
}

/** The file's text, as UTF-8 alone: a name in another encoding would be imported broken, and an import never changes one. */
function readText(path) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail(`${path} cannot be read (${error.code}).`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail(`${path} is not UTF-8. Nothing was sent.`);
  }
}

/** Lines with their numbers in the file; blank ones are left out. */
function linesOf(text) {
  return text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
}

function faultsOf(lines) {
  const faults = [];
  for (const { number, text } of lines) {
    const checked = parseImportLine(text);
    for (const { field, message } of checked.faults ?? []) faults.push(`line ${number}: ${field} ${message}`);
  }
  return faults;
}

/** Batches in the order of the file: a holder's customer and account stand above it. */
function batchesOf(lines) {
  const batches = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line.text) + 1;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= BATCH_LINES || bytes + size > BATCH_BYTES) {
      batches.push([line]);
      bytes = size;
    } else {
      batch.push(line);
      bytes += size;
    }
  }
  return batches;
}

/** `lines.3.iban` of a batch is a line of the file. */
function placeOf(field, batch) {
  const [, index, member = ''] = /^lines\.(\d+)\.?(.*)$/.exec(field) ?? [];
  const line = batch[Number(index) - 1];
  return line === undefined ? field : `line ${line.number}: ${member}`;
}

async function sendAll(send, batches) {
  const total = { customers: 0, accounts: 0, holders: 0, already: 0 };
  for (const batch of batches) {
    try {
      const imported = await send('POST', '/imports', {
        lines: batch.map(({ text }) => text).join('\n'),
      });
      for (const name of Object.keys(total)) total[name] += imported[name];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const { field, message } of error.errors) console.error(`${placeOf(field, batch)} ${message}`);
      const [first, last] = [batch[0].number, batch.at(-1).number];
      const done =
        first === batches[0][0].number ? 'Nothing is imported.' : `Lines before ${first} are imported.`;
      throw new Refused(
        `Lines ${first} to ${last} were not imported. ${done}\n${error.message}`,
        error.exitCode,
      );
    }
  }
  return total;
}

const { values, positionals } = readOptions();
const [file] = positionals;
if (file === undefined || positionals.length > 1) fail(USAGE);
const lines = linesOf(readText(file));
const faults = faultsOf(lines);
if (faults.length > 0) {
  const more = faults.length > FAULTS_SHOWN ? `\nand ${faults.length - FAULTS_SHOWN} more` : '';
  fail(`${faults.slice(0, FAULTS_SHOWN).join('\n')}${more}\nNothing was sent.`, 1);
}
const batches = batchesOf(lines);
if (values['dry-run']) {
  console.log(`${lines.length} lines are well formed: ${batches.length} batches. Nothing was sent.`);
  process.exit(0);
}
try {
  const { customers, accounts, holders, already } = await sendAll(connect(values), batches);
  console.log(
    `Imported ${customers} customers, ${accounts} accounts, ${holders} holders; ${already} lines were there already.`,
  );
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  fail(error.message, error.exitCode);
}
