/** The house is tidy: floors, doors, names and habits hold in every file. The rules themselves: planted.test.ts. */
import { describe, expect, it } from 'vitest';
import { checkCycles, checkDoors, checkFloors, checkPackages, checkRooms } from './floors.ts';
import {
  checkClasses,
  checkClock,
  checkDefaultExports,
  checkErrorText,
  checkFetch,
  checkFirstSentence,
  checkHops,
  checkLeftovers,
  checkLength,
  checkMigrations,
  checkNames,
  checkRandom,
  checkSchema,
  checkTenant,
} from './habits.ts';
import { type Rule, readSources, type Source } from './source.ts';

/** Faults we have decided to live with, each with its reason. One that is gone has to leave this list too. */
const EXCEPTIONS = new Map<string, string>([
  [
    'src/registration/read-request.flow.ts (flow) imports src/registration/registration.schema.ts (http), a floor above it',
    'A registration is the request with its verified statement laid over it: only then is there a shape to check.',
  ],
  ['src/registration/read-request.flow.ts (flow) imports valibot', 'The same check.'],
  [
    'src/sandbox/tenant.store.ts imports src/bank/tenant.table.ts: ask a statement, a flow or a rule of that room',
    'One read finds the tenant of an organisation with its last use, where two doors would make two round trips.',
  ],
  [
    'src/payments/payment.store.ts: selectPaymentOfClient touches bank data without its tenant',
    'A token of the client itself names no tenant; ids of payments are unique among all, and the client owns them.',
  ],
  [
    'src/payments/payment.store.ts: selectPaymentOfAnyone touches bank data without its tenant',
    "An operator has a payment's id and asks whose it is; ids of payments are unique among all tenants.",
  ],
  [
    'src/developers/webauthn-base64.ts: has a default export',
    'It stands in for a package of which a library imports that.',
  ],
]);

function faultsOf(rule: Rule, sources: readonly Source[]): readonly string[] {
  return rule(sources).filter((fault) => !EXCEPTIONS.has(fault));
}

const CODE = /\.(?:ts|tsx|mjs)$/;
const src = readSources('src', CODE);
const tests = readSources('test', CODE);
const scripts = readSources('scripts', CODE);
const migrations = readSources('migrations', /\.sql$/);

const SRC_RULES: readonly [string, Rule][] = [
  ['no import goes up a floor', checkFloors],
  ['packages are imported on their floors', checkPackages],
  ['rooms import rooms before them', checkRooms],
  ['stores, objects, routes and pages are private', checkDoors],
  ['there are no cycles', checkCycles],
  ['flows state their hops', checkHops],
  ['only edge/outbound.ts fetches', checkFetch],
  ['only edge/system-clock.ts reads the clock', checkClock],
  ['nothing uses Math.random', checkRandom],
  ['exceptions are told by describeError', checkErrorText],
  ['classes are Durable Objects', checkClasses],
  ['only worker.ts has a default export', checkDefaultExports],
  ['long files say why', checkLength],
  ['statements on bank data name the tenant', checkTenant],
  ['schema.ts lists every table', checkSchema],
];

describe('src', () => {
  it('is there', () => {
    expect(src.length).toBeGreaterThan(40);
    expect(migrations.length).toBeGreaterThan(0);
  });

  it.each(SRC_RULES)('%s', (_name, rule) => {
    expect(faultsOf(rule, src)).toEqual([]);
  });
});

it.each<[string, Rule]>([
  ['files begin by saying what they are', checkFirstSentence],
  ['names say something', checkNames],
  ['nothing is left for later', checkLeftovers],
])('%s', (_name, rule) => {
  const others = [...tests, ...scripts].filter(({ path }) => !path.startsWith('test/tidy/'));
  expect(faultsOf(rule, [...src, ...others])).toEqual([]);
});

it('migrations add, and every table is STRICT', () => {
  expect(checkMigrations(migrations)).toEqual([]);
});

it('no exception outlives its fault', () => {
  const faults = new Set(SRC_RULES.flatMap(([, rule]) => rule(src)));
  expect([...EXCEPTIONS.keys()].filter((fault) => !faults.has(fault))).toEqual([]);
});
