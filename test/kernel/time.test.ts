/** Time: instants and days parsed and rendered without loss, and nothing else taken. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_SECONDS, parseDay, parseInstant, renderInstant, toSeconds } from '#kernel/time.ts';

const numRuns = env.TEST_LENGTH === 'long' ? 20_000 : 500;
/** 0100-01-01 to 9999-12-31: years below 100 are refused. */
const second = fc.integer({ min: Date.UTC(100, 0, 1) / 1000, max: 253_402_300_799 });

describe('parseInstant', () => {
  it.each([
    ['2027-02-20T00:00:00Z', Date.UTC(2027, 1, 20)],
    ['2027-02-20t00:00:00z', Date.UTC(2027, 1, 20)],
    ['2027-02-20T00:00:00+00:00', Date.UTC(2027, 1, 20)],
    ['2027-02-20T00:00:00-00:00', Date.UTC(2027, 1, 20)],
    ['2027-02-20T01:30:00+01:30', Date.UTC(2027, 1, 20)],
    ['2027-02-19T23:00:00-01:00', Date.UTC(2027, 1, 20)],
    ['2027-02-20T00:00:00.999999999Z', Date.UTC(2027, 1, 20)],
    ['2028-02-29T12:00:00Z', Date.UTC(2028, 1, 29, 12)],
    ['2000-02-29T12:00:00Z', Date.UTC(2000, 1, 29, 12)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['1969-12-31T23:59:59Z', -1_000],
  ])('%s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms / 1000);
  });

  it.each([
    '',
    '2027-02-20',
    '2027-02-20T00:00:00',
    '2027-02-20 00:00:00Z',
    '2027-02-20T00:00Z',
    '2027-02-20T24:00:00Z',
    '2027-02-20T00:60:00Z',
    '2027-02-20T00:00:61Z',
    '2027-02-20T00:00:00.Z',
    '2027-02-20T00:00:00,5Z',
    '2027-02-20T00:00:00.1234567890Z',
    '2027-02-20T00:00:00+0100',
    '2027-02-20T00:00:00+24:00',
    '2027-02-20T00:00:00+01:60',
    '2027-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2027-04-31T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-00-01T00:00:00Z',
    '2027-01-00T00:00:00Z',
    '0050-01-01T00:00:00Z',
    '9999-12-31T23:59:59-00:01',
    '+2027-02-20T00:00:00Z',
    '12027-02-20T00:00:00Z',
    '2027-02-20T00:00:00Z\n',
    ' 2027-02-20T00:00:00Z',
    '２０２７-02-20T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('reads back what renderInstant writes', () => {
    fc.assert(
      fc.property(second, (at) => {
        expect(parseInstant(renderInstant(at))).toBe(at);
      }),
      { numRuns },
    );
  });

  it('reads an instant alike at every offset', () => {
    const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), offset, (at, minutes) => {
        const local = renderInstant(at + minutes * 60).slice(0, 19);
        const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const suffix = `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        expect(parseInstant(`${local}${suffix}`)).toBe(at);
      }),
      { numRuns },
    );
  });

  it('takes or refuses any text, and what it takes can be written', () => {
    const near = fc
      .tuple(fc.constantFrom('2027-02-20T00:00:00Z', '9999-12-31T23:59:59-00:01'), fc.nat(30), fc.string())
      .map(([text, place, piece]) => text.slice(0, place) + piece + text.slice(place + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const at = parseInstant(text);
        if (at !== undefined) expect(renderInstant(at)).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
      }),
      { numRuns },
    );
  });
});

describe('parseDay', () => {
  it.each([
    ['2027-02-20', Date.UTC(2027, 1, 20) / 1000],
    ['2028-02-29', Date.UTC(2028, 1, 29) / 1000],
    ['1970-01-01', 0],
  ])('%s', (text, at) => {
    expect(parseDay(text)).toBe(at);
  });

  it.each(['', '2027-2-20', '2027-02-29', '2027-02-20T', '20270220', '2027-02-20 ', '0000-01-01'])(
    'refuses %j',
    (text) => {
      expect(parseDay(text)).toBeUndefined();
    },
  );

  it('is the first second of the day', () => {
    fc.assert(
      fc.property(second, (at) => {
        const day = parseDay(renderInstant(at).slice(0, 10));
        expect(day).toBe(Math.floor(at / DAY_SECONDS) * DAY_SECONDS);
      }),
      { numRuns },
    );
  });
});

it.each([
  [0, 0],
  [999, 0],
  [1_000, 1],
  [1_999, 1],
  [-1, -1],
])('toSeconds(%d) is %d', (ms, seconds) => {
  expect(toSeconds(ms)).toBe(seconds);
});
