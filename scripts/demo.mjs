/** `npm run demo`: a TPP walks the published guide against a running bank and prints each HTTP step. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printingFetch } from './tpp/exchange-printer.mjs';
import { Surprise, walkGuide } from './tpp/walk-guide.mjs';

const LOCAL = '.sandbox/local.json';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    'base-url': { type: 'string' },
    'api-key': { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm run demo                                   against the local sandbox (npm start)
npm run demo -- --base-url URL --api-key KEY   against a deployed sandbox
npm run demo -- --quiet                        headings only`);
  process.exit(0);
}

const local = existsSync(LOCAL) ? JSON.parse(readFileSync(LOCAL, 'utf8')) : {};
const baseUrl = values['base-url'] ?? process.env['BASE_URL'] ?? local.base_url;
const apiKey = values['api-key'] ?? process.env['API_KEY'] ?? local.api_key;
if (baseUrl === undefined || apiKey === undefined) {
  console.error('No sandbox found. Start one with `npm start`, or give --base-url and --api-key.');
  process.exit(2);
}

let step = 0;
const say = (heading) => {
  step += 1;
  console.log(`\n${step}. ${heading}`);
};
const send = values.quiet ? fetch : printingFetch(fetch, (line) => console.log(line));

try {
  const seen = await walkGuide({ baseUrl: baseUrl.replace(/\/$/, ''), apiKey, fetch: send, say });
  console.log(`\nDone: ${step} steps, ${seen.accounts.data.length} accounts read, nothing unexpected.`);
} catch (error) {
  console.error(`\nStopped at step ${step}: ${error.message}`);
  if (!(error instanceof Surprise)) console.error(error.cause ?? error.stack);
  process.exit(1);
}
