/** The end of a payment consent in D1, which is right where its object says something else. D1: one call. Objects: none. */
import {
  consentEndStatement,
  endUnlessEndedStatement,
  toConsentEnd,
} from '#consents/consent-end.statements.ts';
import type { ConsentEnd } from '#consents/consent-end.ts';
import { retryKeyedWrite, retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** How the consent ended; undefined while it has not, for all D1 knows (it knows neither denial nor expiry). */
export async function readConsentEnd(scope: Scope, consentId: string): Promise<ConsentEnd | undefined> {
  const [row] = await retryRead(scope, async () => consentEndStatement(scope.database, consentId));
  return toConsentEnd(row);
}

/**
 * Enters a revocation, to be acknowledged only afterwards. Returns the end that stands: this one, an earlier revocation,
 * or the payment that was first. May be run again.
 */
export async function enterRevocation(scope: Scope, consentId: string): Promise<ConsentEnd> {
  const { database, now: at } = scope;
  const [, [row]] = await retryKeyedWrite(scope, async () =>
    database.batch([
      endUnlessEndedStatement(database, { consentId, outcome: 'revoked', at }),
      consentEndStatement(database, consentId),
    ]),
  );
  const end = toConsentEnd(row);
  if (end === undefined) throw new Error('a consent end that was entered is not there');
  return end;
}
