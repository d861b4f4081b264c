/**
 * The links to `/my/access`: in the sandbox each organisation's customers have a bank of their own, which an unguessable
 * handle names. D1: none. Objects: none.
 */
import { ACCESS_PATH } from '#access/access-path.ts';
import type { Place } from '#access/session.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { LOCAL_ORG_ID, organisationIdOf } from '#clients/organisation.ts';
import type { Scope } from '#edge/scope.ts';
import { oneTimeCodeDigest } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { withQuery } from '#kernel/address.ts';
import { equalInConstantTime } from '#kernel/encoding.ts';

/** Keyed: who knows an organisation's id, which is no secret, cannot make it. */
async function handleOf(scope: Scope, organisationId: string): Promise<string> {
  const digest = await oneTimeCodeDigest(await signingKeys(scope), ['access-link', organisationId]);
  return `${organisationId}.${digest}`;
}

/**
 * Where the customers of an organisation's sandbox see and end what they gave access to; it is the same at all times. In
 * production the bank's one address, whichever organisation asks.
 */
export async function accessLinkOf(scope: Scope, organisationId: string): Promise<string> {
  const address = `${scope.settings.issuer}${ACCESS_PATH}`;
  if (scope.settings.environment === 'production') return address;
  return withQuery(address, { bank: await handleOf(scope, organisationId) });
}

/** The place of an organisation; of production where there is none. */
export async function placeOf(scope: Scope, organisationId: string | null): Promise<Place> {
  const handle = organisationId === null ? undefined : await handleOf(scope, organisationId);
  return { organisationId, handle };
}

/**
 * The place that a link names. Production has one and looks at no handle; a local sandbox's own organisation needs none.
 * `unknown`: a handle that we did not make; `unnamed`: none, where one is needed.
 */
export async function findPlace(
  scope: Scope,
  handle: string | undefined,
): Promise<Place | 'unknown' | 'unnamed'> {
  if (scope.settings.environment === 'production') return placeOf(scope, null);
  if (handle === undefined) {
    if (!scope.isLocal) return 'unnamed';
    const organisationId = await organisationIdOf(SANDBOX_DIRECTORY_KEY, LOCAL_ORG_ID);
    return { organisationId, handle: undefined };
  }
  const organisationId = handle.slice(0, Math.max(0, handle.lastIndexOf('.')));
  const isOurs = equalInConstantTime(handle, await handleOf(scope, organisationId));
  return isOurs ? { organisationId, handle } : 'unknown';
}
