/** Finds calls in an organisation's request log, and one in everybody's for the bank. D1: one read each. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { parseCursor, renderCursor } from '#kernel/cursor.ts';
import { isUuid } from '#kernel/ids.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import { readCallsOfRequest, readErrorGroups, readRequestPage } from '#traffic/logged-request.store.ts';
import type { ErrorGroup, LoggedRequest, OwnedRequest } from '#traffic/logged-request.ts';
import type { RequestFilter, RequestQuery } from '#traffic/request-query.ts';

/** Groups shown at most. */
const GROUPS = 50;
/** Calls that share a request id, as their caller chose it for several, shown at most. */
const CALLS_OF_ONE_ID = 20;

export interface RequestPage {
  /** Newest first. */
  readonly requests: readonly LoggedRequest[];
  /** Cursors of the neighbouring pages, while there are any. */
  readonly next: string | undefined;
  readonly prev: string | undefined;
}

/**
 * One page of what the query asks for. A walk along `next` meets each call once, while new ones arrive too. Refuses a
 * cursor that is malformed or of another list with `invalid_request`.
 */
export async function listRequests(
  scope: Scope,
  organisationId: string,
  query: RequestQuery,
): Promise<Result<RequestPage>> {
  const { filter, limit } = query;
  const binding = `requests ${organisationId}\n${query.binding}`;
  const cursor = query.cursor === undefined ? undefined : await parseCursor(query.cursor, binding);
  if (query.cursor !== undefined && cursor === undefined) {
    return refuseOpenly('invalid_request', 'The cursor is not one of this list.', {
      errors: [
        { field: 'cursor', code: 'invalid', message: 'is not a cursor of this list with these filters' },
      ],
    });
  }
  const rows = await retryRead(scope, () =>
    readRequestPage(scope.database, organisationId, filter, cursor, limit + 1),
  );
  const isBackward = cursor?.direction === 'prev';
  const requests = rows.slice(0, limit);
  if (isBackward) requests.reverse();
  const hasFurther = rows.length > limit;
  const edge = (row: LoggedRequest | undefined, direction: 'next' | 'prev') =>
    row === undefined
      ? undefined
      : renderCursor({ createdAt: row.atMs, id: row.entryId, direction }, binding);
  return ok({
    requests,
    // A page reached by a cursor has what it came from on its other side.
    next: isBackward || hasFurther ? await edge(requests.at(-1), 'next') : undefined,
    prev: (isBackward ? hasFurther : cursor !== undefined) ? await edge(requests[0], 'prev') : undefined,
  });
}

/** The newest call of the organisation with that request id, or undefined. */
export async function findRequest(
  scope: Scope,
  organisationId: string,
  requestId: string,
): Promise<LoggedRequest | undefined> {
  if (!isUuid(requestId)) return undefined;
  const rows = await retryRead(scope, () =>
    readRequestPage(scope.database, organisationId, { requestId }, undefined, 1),
  );
  return rows[0];
}

/** Calls with that request id, of whatever organisation, newest first, at most 20: for the bank's staff alone. */
export async function findCallsForBank(scope: Scope, requestId: string): Promise<readonly OwnedRequest[]> {
  if (!isUuid(requestId)) return [];
  return retryRead(scope, () => readCallsOfRequest(scope.database, requestId, CALLS_OF_ONE_ID));
}

/** Calls that ended in errors, those alike together: the most frequent first, at most 50 groups. */
export async function groupErrors(
  scope: Scope,
  organisationId: string,
  filter: RequestFilter,
): Promise<readonly ErrorGroup[]> {
  return retryRead(scope, () => readErrorGroups(scope.database, organisationId, filter, GROUPS));
}
