/**
 * `npm run check`: types, lint, unused code and generated types, two at a time. Each tool's output comes in one piece, once
 * it has ended; any that fails fails the run.
 */
import { spawn } from 'node:child_process';
import { ROOT } from './prepare.mjs';

/** Scripts of package.json, the longest first. */
const CHECKS = [
  'check:test',
  'check:lint',
  'check:src',
  'check:tools',
  'check:unused',
  'types:check',
  'check:format',
];
const AT_ONCE = 2;

/** Runs one; whether it succeeded. */
function run(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
      if (code !== 0) console.log(output);
      resolve(code === 0);
    });
  });
}

const waiting = [...CHECKS];

async function lane() {
  let passes = true;
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    passes = (await run(name)) && passes;
  }
  return passes;
}

const results = await Promise.all(Array.from({ length: AT_ONCE }, lane));
if (results.includes(false)) process.exitCode = 1;
