/** The audit of what operators did: what a row says, and the chain of hashes that rows make. Times are epoch seconds. */
import { type ChainEnd, type Chained, type ColumnsOf, followRows, nextInChain } from '#kernel/chain.ts';

/** What stands for an organisation where the operators' audit is told of beside organisations' logs. */
export const OPERATORS_LOG = 'operators';

/** What an operator can do that is written down. */
export type ActionName =
  | 'client.find'
  | 'client.suspend'
  | 'client.resume'
  | 'client.limit'
  | 'consent.find'
  | 'consent.end'
  | 'payment.find'
  | 'request.find'
  | 'customer.unlock'
  | 'directory.distrust'
  | 'directory.trust'
  | 'signing_key.rotate'
  | 'signing_key.remove'
  | 'operator_key.create'
  | 'operator_key.revoke'
  | 'import';

/** What is to be written down, beside who did it and when. */
export interface Deed {
  readonly action: ActionName;
  /** The id of what it was done to. */
  readonly subject: string;
  /** JSON values; no secrets, no password. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A row of the audit. */
export interface OperatorAction extends Chained {
  readonly at: number;
  /** Name of the operator's key. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** JSON text, as it was hashed. */
  readonly detail: string;
  /** The address the command came from. */
  readonly source: string;
  readonly requestId: string;
}

const columnsOf: ColumnsOf<Omit<OperatorAction, keyof Chained>> = (row) => [
  row.at,
  row.actor,
  row.action,
  row.subject,
  row.detail,
  row.source,
  row.requestId,
];

/** The row that comes after `end`. */
export function nextAction(end: ChainEnd, row: Omit<OperatorAction, keyof Chained>): Promise<OperatorAction> {
  return nextInChain(end, row, columnsOf);
}

/** Follows rows from `end` on; a fault names the first row that is not what it was, or is not there. */
export function followChain(
  end: ChainEnd,
  rows: readonly OperatorAction[],
): Promise<{ readonly end: ChainEnd } | { readonly fault: string }> {
  return followRows(end, rows, columnsOf);
}
