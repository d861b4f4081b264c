/** Cursors: read back in their own list only, and any other text is none. */
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCursor, renderCursor } from '#kernel/cursor.ts';
import { digestOf, toBase64Url, utf8 } from '#kernel/encoding.ts';

const numRuns = env.TEST_LENGTH === 'long' ? 5_000 : 200;
const position = fc.record({
  createdAt: fc.maxSafeInteger(),
  id: fc.string({ unit: 'grapheme', maxLength: 40 }).filter((id) => id.length < 60),
  direction: fc.constantFrom('next' as const, 'prev' as const),
});

/** A cursor whose seal is right for a body of our choosing. */
async function sealed(body: string, binding: string): Promise<string> {
  return (await digestOf(`${binding}\n${body}`)).slice(0, 22) + toBase64Url(utf8(body));
}

describe('a cursor', () => {
  it('is read back in its list', async () => {
    await fc.assert(
      fc.asyncProperty(position, fc.string(), async (at, binding) => {
        expect(await parseCursor(await renderCursor(at, binding), binding)).toEqual(at);
      }),
      { numRuns },
    );
  });

  it('is none in another list', async () => {
    await fc.assert(
      fc.asyncProperty(position, fc.string(), fc.string(), async (at, binding, other) => {
        fc.pre(binding !== other);
        expect(await parseCursor(await renderCursor(at, binding), other)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('changed anywhere is none', async () => {
    const cursor = await renderCursor({ createdAt: 1_795_000_000, id: 'txn_1', direction: 'next' }, 'list');
    for (let place = 0; place < cursor.length; place += 1) {
      const changed = `${cursor.slice(0, place)}${cursor[place] === 'A' ? 'B' : 'A'}${cursor.slice(place + 1)}`;
      expect(await parseCursor(changed, 'list')).toBeUndefined();
      expect(await parseCursor(cursor.slice(0, place), 'list')).toBeUndefined();
    }
    expect(await parseCursor(`${cursor}A`, 'list')).toBeUndefined();
  });

  it.each([
    '',
    '[]',
    '{}',
    'null',
    '[1]',
    '["1","id","next"]',
    '[1.5,"id","next"]',
    '[9007199254740992,"id","next"]',
    '[1,2,"next"]',
    '[1,"id","up"]',
    '[1,"id"]',
    '[1,"id","next"',
  ])('with the body %j is none, however well sealed', async (body) => {
    expect(await parseCursor(await sealed(body, 'list'), 'list')).toBeUndefined();
  });

  it.each(['', 'x', 'A'.repeat(22), 'A'.repeat(23), 'A'.repeat(401), '\u0000', 'é'.repeat(40)])(
    'cannot be %j',
    async (text) => {
      expect(await parseCursor(text, 'list')).toBeUndefined();
    },
  );

  it('of any text is none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (text) => {
        expect(await parseCursor(text, 'list')).toBeUndefined();
      }),
      { numRuns },
    );
  });
});
