/** The audit log of an organisation: what can be written down, what a row says, and its chain. Times are epoch seconds. */
import { type ChainEnd, type Chained, type ColumnsOf, followRows, nextInChain } from '#kernel/chain.ts';

/** What is written down, and how the log says it: "ada@example.com *invited someone*". Words stay as they are once used. */
export const AUDIT_ACTIONS = {
  'organisation.create': 'created the organisation',
  'organisation.rename': 'renamed the organisation',
  'invitation.create': 'invited someone',
  'invitation.revoke': 'revoked an invitation',
  'member.join': 'joined by an invitation',
  'member.change_role': 'changed a role',
  'member.remove': 'removed a member',
  'member.leave': 'left the organisation',
  'application.register': 'registered an application',
  'application.change': 'changed an application',
  'application.rotate_token': 'rotated the registration token of an application',
  'application.delete': 'deleted an application',
  'application.join': 'let an application join',
  'application.leave': 'let an application leave',
  'sandbox.reset': 'reset the sandbox',
  'api_key.create': 'made an API key',
  'api_key.roll': 'rolled an API key',
  'api_key.revoke': 'revoked an API key',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** What is to be written down, beside who did it, when, and from where. */
export interface Deed {
  readonly action: AuditAction;
  /** The id of what it was done to. */
  readonly subject: string;
  /** JSON values; no secrets. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Longest list in a row's detail, as JSON, characters: rows are kept for good, and a registration may be 64 KiB of addresses. */
const LIST_MAXIMUM = 4_000;

/** The first of a list, as many as a row may hold, and how many there are beside. */
function fitting(list: readonly unknown[]): readonly unknown[] {
  let length = 0;
  const kept = list.filter((item) => {
    length += JSON.stringify(item).length + 1;
    return length <= LIST_MAXIMUM;
  });
  return kept.length === list.length ? list : [...kept, `and ${list.length - kept.length} more`];
}

/** A deed's detail as its row holds it: JSON. */
export function renderDetail(detail: Deed['detail']): string {
  return JSON.stringify(detail, (_, value: unknown) => (Array.isArray(value) ? fitting(value) : value));
}

/** Who did something, for which organisation. */
export interface Doer {
  readonly organisationId: string;
  /** The developer's id, or that of the API key or the application itself. */
  readonly actorId: string;
  /** Their e-mail address, the key's prefix, or the application's credential, as it was then. */
  readonly actor: string;
}

/** A row of an organisation's log, which is a chain of its own. */
export interface AuditRow extends Doer, Chained {
  readonly at: number;
  readonly action: string;
  readonly subject: string;
  /** JSON text, as it was hashed. */
  readonly detail: string;
  /** The address the request came from. */
  readonly source: string;
  readonly requestId: string;
}

const columnsOf: ColumnsOf<Omit<AuditRow, keyof Chained>> = (row) => [
  row.organisationId,
  row.at,
  row.actorId,
  row.actor,
  row.action,
  row.subject,
  row.detail,
  row.source,
  row.requestId,
];

/** The row that comes after `end`. */
export function nextAuditRow(end: ChainEnd, row: Omit<AuditRow, keyof Chained>): Promise<AuditRow> {
  return nextInChain(end, row, columnsOf);
}

/** Follows rows of one organisation from `end` on; a fault names the first row that is not what it was, or is not there. */
export function followAudit(
  end: ChainEnd,
  rows: readonly AuditRow[],
): Promise<{ readonly end: ChainEnd } | { readonly fault: string }> {
  return followRows(end, rows, columnsOf);
}
