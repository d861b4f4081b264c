/**
 * Identity-only grants that outlive their code: entered when the client gets its refresh token, listed for their customer,
 * and stopped by them. D1: one call each. Objects: none.
 */
import type { IdentityHolder } from '#consents/grant-calls.ts';
import {
  deleteGrantsBefore,
  enterGrant,
  type IdentityGrantKey,
  type IdentityGrantRow,
  readStop,
  selectGrants,
  stopGrants,
} from '#consents/identity-grant.store.ts';
import { retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Clients a customer sees at most, the newest. */
const LISTED = 50;

/** What the customer stopped in the second it was given does not stand either. */
function stands({ givenAt }: IdentityHolder, stoppedAt: number | undefined): boolean {
  return stoppedAt === undefined || stoppedAt < givenAt;
}

/** Enters a grant whose client is about to get a refresh token; false where its customer has stopped it since. */
export async function enterIdentityGrant(
  scope: Scope,
  clientId: string,
  holder: IdentityHolder,
): Promise<boolean> {
  const stoppedAt = await retryKeyedWrite(scope, () => enterGrant(scope.database, { ...holder, clientId }));
  return stands(holder, stoppedAt);
}

/** Whether its customer has not stopped it since it was given. */
export async function isIdentityGrantStanding(
  scope: Scope,
  clientId: string,
  holder: IdentityHolder,
): Promise<boolean> {
  const stoppedAt = await retryRead(scope, () => readStop(scope.database, { ...holder, clientId }));
  return stands(holder, stoppedAt);
}

/** Which clients may ask again who the customer is, since when and until when, newest first. */
export async function listIdentityGrants(
  scope: Scope,
  customer: Omit<IdentityGrantKey, 'clientId'>,
): Promise<readonly IdentityGrantRow[]> {
  return retryRead(scope, () => selectGrants(scope.database, customer, { now: scope.now, limit: LISTED }));
}

/** From the answer on no refresh token of it is good; whether the customer had given any. May be run again. */
export async function stopIdentityGrants(scope: Scope, key: IdentityGrantKey): Promise<boolean> {
  return retryKeyedWrite(scope, () => stopGrants(scope.database, key, scope.now));
}

/** Scheduled: forgets what ended by itself. Harmless to repeat. */
export async function forgetIdentityGrants(scope: Scope): Promise<void> {
  await deleteGrantsBefore(scope.database, scope.now);
}
