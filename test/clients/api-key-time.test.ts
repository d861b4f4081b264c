/** That the time of a check does not tell whether a key exists: Welch's t between known and unknown keys, as dudect does it. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { newApiKey } from '#clients/api-key.ts';
import { findApiKey } from '#clients/find-api-key.flow.ts';
import { insertOrganisationWithKey } from '../support/api-key.ts';
import { testIsolate, testScope } from '../support/scope.ts';

const SAMPLES = env.TEST_LENGTH === 'long' ? 20_000 : 400;
/** Beyond this the classes differ. Source: Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", section 4. */
const T_MAXIMUM = 4.5;
/** So many that no limit cuts the strangers short; from each the known key has been seen before. */
const SOURCES = 50;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Welch's t. */
function tOf(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [left, right].map((values) => {
    const mean = meanOf(values);
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    return { mean, error: variance / values.length };
  });
  if (a === undefined || b === undefined) throw new Error('two classes');
  return (a.mean - b.mean) / Math.sqrt(a.error + b.error || 1);
}

it(`takes a known key no other time than an unknown one (${SAMPLES} samples)`, {
  timeout: 900_000,
}, async () => {
  const isolate = testIsolate();
  const scopeOf = (sample: number) => ({
    ...testScope({ isolate }),
    sourceAddress: `source ${sample % SOURCES}`,
  });
  const { apiKey } = await insertOrganisationWithKey();
  const check = async (key: string, sample: number): Promise<number> => {
    const scope = scopeOf(sample);
    const begun = performance.now();
    const found = await findApiKey(scope, key);
    const ms = performance.now() - begun;
    expect(found.ok).toBe(key === apiKey);
    return ms;
  };
  for (let sample = 0; sample < SOURCES; sample += 1) await check(apiKey, sample);
  // Its last use is written once: from here on nothing is.
  await env.DB.prepare('UPDATE api_keys SET last_used_at = ?').bind(testScope().now).run();

  const known: number[] = [];
  const unknown: number[] = [];
  while (known.length + unknown.length < SAMPLES) {
    const isKnown = Math.random() < 0.5;
    // Made for both: what follows the making of a key may not be what differs.
    const unknownKey = await newApiKey('sandbox');
    const key = isKnown ? apiKey : unknownKey;
    (isKnown ? known : unknown).push(await check(key, known.length + unknown.length));
  }
  // Also without the slowest tenth, which the machine's other work makes.
  const slow = [...known, ...unknown].toSorted((a, b) => a - b)[Math.floor(SAMPLES * 0.9)] ?? 0;
  const quick = (values: readonly number[]) => values.filter((ms) => ms <= slow);
  const t = { all: tOf(known, unknown), quick: tOf(quick(known), quick(unknown)) };
  if (env.TEST_LENGTH === 'long') {
    console.log(JSON.stringify({ t, known: meanOf(quick(known)), unknown: meanOf(quick(unknown)) }));
  }
  for (const value of Object.values(t)) expect(Math.abs(value)).toBeLessThan(T_MAXIMUM);
});
