/** The house is tidy: floors, doors, names and habits hold in every file. The rules themselves: planted.test.ts. */
import { describe, expect, it } from 'vitest';
import { checkCycles, checkDoors, checkFloors, checkPackages, checkRooms } from './floors.ts';
import {
  checkClasses,
  checkClock,
  checkDefaultExports,
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
import { type Rule, readSources } from './source.ts';

const CODE = /\.(?:ts|tsx|mjs)$/;
const src = readSources('src', CODE);
const tests = readSources('test', CODE);
const scripts = readSources('scripts', CODE);
const migrations = readSources('migrations', /\.sql$/);

describe('src', () => {
  it('is there', () => {
    expect(src.length).toBeGreaterThan(40);
    expect(migrations.length).toBeGreaterThan(0);
  });

  it.each<[string, Rule]>([
    ['no import goes up a floor', checkFloors],
    ['packages are imported on their floors', checkPackages],
    ['rooms import rooms before them', checkRooms],
    ['stores, objects, routes and pages are private', checkDoors],
    ['there are no cycles', checkCycles],
    ['flows state their hops', checkHops],
    ['only edge/outbound.ts fetches', checkFetch],
    ['only edge/system-clock.ts reads the clock', checkClock],
    ['nothing uses Math.random', checkRandom],
    ['classes are Durable Objects', checkClasses],
    ['only worker.ts has a default export', checkDefaultExports],
    ['long files say why', checkLength],
    ['statements on bank data name the tenant', checkTenant],
    ['schema.ts lists every table', checkSchema],
  ])('%s', (_name, rule) => {
    expect(rule(src)).toEqual([]);
  });
});

it.each<[string, Rule]>([
  ['files begin by saying what they are', checkFirstSentence],
  ['names say something', checkNames],
  ['nothing is left for later', checkLeftovers],
])('%s', (_name, rule) => {
  const others = [...tests, ...scripts].filter(({ path }) => !path.startsWith('test/tidy/'));
  expect(rule([...src, ...others])).toEqual([]);
});

it('migrations add, and every table is STRICT', () => {
  expect(checkMigrations(migrations)).toEqual([]);
});
