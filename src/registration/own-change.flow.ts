/**
 * What a client changes of itself is written down for its organisation, where that keeps a log. D1: one batch; where another
 * change came first, one read and again. Objects: one (its own is told).
 */
import { tellClientObject } from '#clients/call-client.flow.ts';
import type { WriteRecorded } from '#clients/client.statements.ts';
import { findRegistration } from '#clients/find-registration.flow.ts';
import type { Registration } from '#clients/statement.ts';
import { outage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { endRegistration } from '#registration/end-registration.flow.ts';
import type { OwnRegistration } from '#registration/own-registration.flow.ts';

/** What replaced a registration; undefined for its end. */
export type OwnChange = Pick<Registration['client'], 'redirectUris' | 'scopes'> | undefined;

/** The port to the organisations' logs; undefined for a client whose organisation keeps none. */
export type RecordOwnChange = (
  scope: Scope,
  own: OwnRegistration,
  change: OwnChange,
) => Promise<WriteRecorded | undefined>;

/** How often an end is tried while other changes come first. */
const ATTEMPTS = 5;

/** Ends a client for who holds its credential, whatever else changes it meanwhile. */
export async function endOwnRegistration(
  scope: Scope,
  own: OwnRegistration,
  record: RecordOwnChange,
): Promise<void> {
  let { registration } = own;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const write = await record(scope, { ...own, registration }, undefined);
    if (await endRegistration(scope, registration, write)) return;
    const latest = await findRegistration(scope, registration.client.clientId);
    if (latest === undefined) return;
    // Whoever ended it may not have told its object yet, and this answer says that all is over.
    if (latest.client.status === 'ended') return tellClientObject(scope, latest.client);
    registration = latest;
  }
  throw outage('too many changes of one client at once');
}
