/** `npm run demo`: a TPP walks the published guide, or pays, against a running bank and prints each HTTP step. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printingFetch } from './tpp/exchange-printer.mjs';
import { Surprise, walkGuide } from './tpp/walk-guide.mjs';
import { walkPayment } from './tpp/walk-payment.mjs';

const LOCAL = '.sandbox/local.json';

/** Each walk, and what it came to in a few words. */
const WALKS = {
  guide: async (setting) => `${(await walkGuide(setting)).accounts.data.length} accounts read`,
  payment: async (setting) => {
    const { domestic, international, funds } = await walkPayment(setting);
    const paid = [domestic, international].map(({ payment_id }) => payment_id).join(' and ');
    return `${paid} paid, funds ${funds.funds_available ? 'there' : 'not there'} for the last question`;
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'base-url': { type: 'string' },
    'api-key': { type: 'string' },
    quiet: { type: 'boolean', default: false },
    header: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm run demo                                   the guide, against the local sandbox (npm start)
npm run demo -- payment                        payments and confirmation of funds
npm run demo -- all                            both
npm run demo -- --base-url URL --api-key KEY   against a deployed sandbox
npm run demo -- --quiet                        headings only
npm run demo -- --header 'Name: value'         a header for every request`);
  process.exit(0);
}

const [wanted = 'guide'] = positionals;
const walks = wanted === 'all' ? Object.keys(WALKS) : [wanted];
if (positionals.length > 1 || !walks.every((name) => Object.hasOwn(WALKS, name))) {
  console.error('There is guide, payment and all. See npm run demo -- --help.');
  process.exit(2);
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
/** Headers for every request: a rollout names the version to try. */
const extra = values.header.map((line) => line.split(/: (.*)/s).slice(0, 2));
const plain = (input, init) => {
  // Of a request its own headers count: given beside it, others would take their place.
  const request = new Request(input, init);
  for (const [name, value] of extra) request.headers.set(name, value);
  return fetch(request);
};
const send = values.quiet ? plain : printingFetch(plain, (line) => console.log(line));

try {
  const told = [];
  for (const name of walks) {
    told.push(await WALKS[name]({ baseUrl: baseUrl.replace(/\/$/, ''), apiKey, fetch: send, say }));
  }
  console.log(`\nDone: ${step} steps, ${told.join(', ')}, nothing unexpected.`);
} catch (error) {
  console.error(`\nStopped at step ${step}: ${error.message}`);
  if (!(error instanceof Surprise)) console.error(error.cause ?? error.stack);
  process.exit(1);
}
