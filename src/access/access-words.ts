/** How the customer's pages say what became of what they let an app do. */
import type { AccessEntry } from '#access/access-entry.ts';
import type { HistoryEntry } from '#consents/consent.ts';
import { PURPOSE_WORDS } from '#consents/permissions.ts';
import type { PaymentStanding } from '#payments/payment.ts';

/** Whether the payment of a consent was tried alone: what failed was not made. */
function hasFailed({ payment }: AccessEntry): boolean {
  return payment?.status === 'failed';
}

/** `can see your accounts`, after the app's name; `could` once that is over. */
export function abilityWords(entry: AccessEntry): string {
  const { type, status } = entry.consent;
  const { wish } = PURPOSE_WORDS[type];
  if (status === 'consumed') return `${hasFailed(entry) ? 'tried to make' : 'made'} a payment for you`;
  if (status === 'rejected') return `wanted to ${wish}`;
  return `${status === 'authorized' ? 'can' : 'could'} ${wish}`;
}

/** What became of it, to be followed by when; the app of `entry` did what is by a TPP. */
function deedWords({ event, by }: Pick<HistoryEntry, 'event' | 'by'>, entry: AccessEntry): string {
  const { softwareName } = entry;
  const deeds = {
    created: `${softwareName} asked you for it`,
    authorized: 'You confirmed it',
    rejected: 'You refused it',
    expired: 'It ended by itself',
    revoked: { customer: 'You stopped it', bank: 'We stopped it', tpp: `${softwareName} ended it` }[by],
    consumed: `The payment was ${hasFailed(entry) ? 'tried' : 'made'}`,
    code_reused: `${softwareName} used its one-time key twice`,
  } as const satisfies Record<HistoryEntry['event'], string>;
  return deeds[event];
}

/** How what is over ended. Nothing is awaited any more of what a customer decided. */
export function endWords(entry: AccessEntry): string {
  const { status, revokedBy = 'tpp' } = entry.consent;
  return deedWords({ event: status as HistoryEntry['event'], by: revokedBy }, entry);
}

/** What became of a payment, to be followed by when. */
export function paymentWords({ status, statusReason }: PaymentStanding): string {
  if (status === 'completed') return 'Paid';
  if (status === 'pending') return 'On its way since';
  const what = statusReason === 'payee_bank_timeout' ? 'did not answer' : 'did not take it';
  return `Not paid: the payee's bank ${what}, and the money is yours again since`;
}

/** One line of the history. */
export function historyWords(line: HistoryEntry, entry: AccessEntry): string {
  const words = deedWords(line, entry);
  // What the bank's staff note is for its own record.
  return line.note === undefined || line.by === 'bank' ? words : `${words} (${line.note})`;
}
