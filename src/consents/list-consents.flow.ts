/** Lists a client's own consents, newest first, page by page. D1: one read. Objects: none. */

import { type ConsentRow, readConsentPage } from '#consents/consent.store.ts';
import { type Consent, consentAt } from '#consents/consent.ts';
import { endedAs } from '#consents/consent-end.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { type CursorPosition, parseCursor, renderCursor } from '#kernel/cursor.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface ConsentListQuery {
  readonly clientId: string;
  /** 1-100. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ConsentList {
  readonly consents: readonly Consent[];
  /** Cursors of the neighbouring pages, while there are any. */
  readonly next: string | undefined;
  readonly prev: string | undefined;
}

async function cursorBeyond(
  row: ConsentRow | undefined,
  direction: CursorPosition['direction'],
  binding: string,
): Promise<string | undefined> {
  if (row === undefined) return undefined;
  const { createdAt, consentId: id } = row.consent;
  return renderCursor({ createdAt, id, direction }, binding);
}

/**
 * One page. A walk along `next` meets each consent once, while new ones are created too. Refuses a cursor that is
 * malformed or of another list with `invalid_request`.
 */
export async function listConsents(scope: Scope, query: ConsentListQuery): Promise<Result<ConsentList>> {
  const { clientId, limit } = query;
  const binding = `consents ${clientId}`;
  const position = query.cursor === undefined ? undefined : await parseCursor(query.cursor, binding);
  if (query.cursor !== undefined && position === undefined) {
    const message = 'is not a cursor of this list';
    return refuse('invalid_request', 'cursor', {
      message: 'The cursor is not one of this list.',
      errors: [{ field: 'cursor', code: 'invalid', message }],
    });
  }
  const asked = { clientId, limit: limit + 1, position };
  const rows = await retryRead(scope, () => readConsentPage(scope.database, asked));
  const isBackward = position?.direction === 'prev';
  const page = isBackward ? rows.slice(0, limit).toReversed() : rows.slice(0, limit);
  const hasFurther = rows.length > limit;
  // A page reached by a cursor has what it came from on its other side.
  const hasNext = isBackward || hasFurther;
  const hasPrev = isBackward ? hasFurther : position !== undefined;
  const [next, prev] = await Promise.all([
    hasNext ? cursorBeyond(page.at(-1), 'next', binding) : undefined,
    hasPrev ? cursorBeyond(page[0], 'prev', binding) : undefined,
  ]);
  return ok({
    consents: page.map(({ consent, end }) => endedAs(consentAt(consent, scope.now), end)),
    next,
    prev,
  });
}
