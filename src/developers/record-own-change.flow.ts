/**
 * Writes down what an application changes of itself by RFC 7592, in the log of the organisation it belongs to. D1: two reads,
 * and what `recordDeed` says. Objects: none.
 */
import { ownersOf } from '#clients/organisation-clients.flow.ts';
import { hasMembers } from '#developers/membership.store.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import { retryRead } from '#edge/outage.ts';
import type { RecordOwnChange } from '#registration/own-change.flow.ts';

/** An organisation that nobody of the dashboard belongs to has no log that anybody could read. */
export const recordOwnChange: RecordOwnChange = async (
  scope,
  { registration, registrationToken },
  change,
) => {
  const { clientId, softwareName: name } = registration.client;
  const organisationId = (await ownersOf(scope, [clientId])).get(clientId);
  const isRead =
    organisationId !== undefined &&
    (await retryRead(scope, () => hasMembers(scope.database, organisationId)));
  if (!isRead) return undefined;
  const actor = registrationToken === undefined ? 'client token' : 'registration token';
  const doer = { organisationId, actorId: clientId, actor };
  const deed =
    change === undefined
      ? ({ action: 'application.delete', subject: clientId, detail: { name } } as const)
      : ({
          action: 'application.change',
          subject: clientId,
          detail: { name, redirect_uris: change.redirectUris, scope: change.scopes.join(' ') },
        } as const);
  return (parts) => recordDeed(scope, doer, deed, parts);
};
