/** Comma-separated text: what a spreadsheet must not run, and that each cell comes back as it was. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, renderCsvLine } from '#kernel/csv.ts';

describe('renderCsvLine', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+44 20', "'+44 20"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', '"\'\tx"'],
    ['a;=1', '"a;=1"'],
    ["'=x", "''=x"],
    ['\r=x', '"\'\r=x"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j becomes %s', (value, cell) => {
    expect(renderCsvLine([value])).toBe(`${cell}\r\n`);
  });

  it('leaves numbers numbers', () => {
    expect(renderCsvLine([-1, 2, '-1'])).toBe("-1,2,'-1\r\n");
  });

  it('is read back as it was, and no cell begins as a formula', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', 'a') }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        (records) => {
          const text = records.map(renderCsvLine).join('');
          expect(parseCsv(text)).toEqual(records);
          for (const value of records.flat()) expect(renderCsvLine([value])).not.toMatch(/^"?[=+\-@\t\r]\S/);
        },
      ),
      { examples: [[[['', '']]], [[['a', '']]]] },
    );
  });

  it('is told when it ends within a cell', () => {
    expect(parseCsv('a,"b')).toBeUndefined();
  });
});
