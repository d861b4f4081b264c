/** One thing that a customer let an app do, as the pages show it. Times are epoch seconds. */
import { type Account, maskAccountNumber } from '#bank/account.ts';
import type { ClientNames } from '#clients/client.ts';
import type { Consent } from '#consents/consent.ts';
import type { PaymentStanding } from '#payments/payment.ts';

export interface SharedAccount {
  readonly nickname: string;
  /** `ending 5678`. */
  readonly maskedNumber: string;
  readonly joint: boolean;
}

export interface AccessEntry {
  /** As it stands: over where its client is. */
  readonly consent: Consent;
  readonly softwareName: string;
  readonly organisationName: string;
  /** Those the customer chose that the bank still has. */
  readonly accounts: readonly SharedAccount[];
  readonly payment: PaymentStanding | undefined;
  /** When it ended, where it has and that is known. */
  readonly endedAt?: number;
}

/** The pages a customer has: what opens something now, payments, and what is over. */
export type AccessPart = 'live' | 'payments' | 'past';

/** An app that may ask again, without the customer, who that is. */
export interface IdentityEntry {
  readonly clientId: string;
  readonly softwareName: string;
  readonly organisationName: string;
  readonly givenAt: number;
  readonly expiresAt: number;
}

/** What is known beside consents. */
export interface Surroundings {
  readonly accounts: readonly Account[];
  /** By client id. */
  readonly names: ReadonlyMap<string, ClientNames>;
  /** By consent id. */
  readonly payments: ReadonlyMap<string, PaymentStanding>;
}

/** A client that no row knows any more. */
const NAMELESS: ClientNames = {
  softwareName: 'An app that is no longer registered',
  organisationName: 'An app that is no longer registered',
  isEnded: true,
};

/** What was given to a deleted client is over, though each consent may learn it, and when, later. */
function standing(consent: Consent, isClientEnded: boolean): Pick<AccessEntry, 'consent' | 'endedAt'> {
  if (consent.status !== 'authorized') return { consent, endedAt: consent.statusUpdatedAt };
  return { consent: isClientEnded ? { ...consent, status: 'revoked', revokedBy: 'tpp' } : consent };
}

export function entryOf(consent: Consent, { accounts, names, payments }: Surroundings): AccessEntry {
  const { softwareName, organisationName, isEnded } = names.get(consent.clientId) ?? NAMELESS;
  return {
    ...standing(consent, isEnded),
    softwareName,
    organisationName,
    accounts: accounts
      .filter(({ accountId }) => consent.accountIds.includes(accountId))
      .map(({ nickname, accountNumber, joint }) => ({
        nickname,
        maskedNumber: maskAccountNumber(accountNumber),
        joint,
      })),
    payment: payments.get(consent.consentId),
  };
}

/** Whether it opens something now: then its customer may stop it. */
export function isLive({ consent }: AccessEntry): boolean {
  return consent.status === 'authorized';
}

/** Entries by the app they are of, as the customer knows it, in the order of its first. */
export function groupByApp<T extends Pick<AccessEntry, 'softwareName' | 'organisationName'>>(
  entries: readonly T[],
): readonly (readonly T[])[] {
  return [
    ...Map.groupBy(
      entries,
      ({ softwareName, organisationName }) => `${softwareName}\n${organisationName}`,
    ).values(),
  ];
}
