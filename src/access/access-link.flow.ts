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
import { type KeySet, signingKeys } from '#edge/signing-keys.ts';
import { equalInConstantTime } from '#kernel/encoding.ts';

/** Keyed: who knows an organisation's id, which is no secret, cannot make it. */
function digestOfHandle(keys: Pick<KeySet, 'secrets'>, organisationId: string): Promise<string> {
  return oneTimeCodeDigest(keys, ['access-link', organisationId]);
}

async function handleOf(scope: Scope, organisationId: string): Promise<string> {
  return `${organisationId}.${await digestOfHandle(await signingKeys(scope), organisationId)}`;
}

/**
 * Where the customers of an organisation's sandbox see and end what they gave access to; it is the same at all times. In
 * production the bank's one address, whichever organisation asks.
 */
export async function accessLinkOf(scope: Scope, organisationId: string): Promise<string> {
  const address = `${scope.settings.issuer}${ACCESS_PATH}`;
  if (scope.settings.environment === 'production') return address;
  return `${address}?${new URLSearchParams({ bank: await handleOf(scope, organisationId) }).toString()}`;
}

/** The place of an organisation; of production where there is none. */
export async function placeOf(scope: Scope, organisationId: string | undefined): Promise<Place> {
  return organisationId === undefined
    ? { organisationId, handle: undefined }
    : { organisationId, handle: await handleOf(scope, organisationId) };
}

/**
 * The place that a link names. Production has one and looks at no handle; a local sandbox's own organisation needs none.
 * `unknown`: a handle that we did not make; `unnamed`: none, where one is needed.
 */
export async function findPlace(
  scope: Scope,
  handle: string | undefined,
): Promise<Place | 'unknown' | 'unnamed'> {
  if (scope.settings.environment === 'production') return placeOf(scope, undefined);
  if (handle === undefined) {
    if (!scope.isLocal) return 'unnamed';
    const organisationId = await organisationIdOf(SANDBOX_DIRECTORY_KEY, LOCAL_ORG_ID);
    return { organisationId, handle: undefined };
  }
  const organisationId = handle.slice(0, Math.max(0, handle.lastIndexOf('.')));
  const digest = await digestOfHandle(await signingKeys(scope), organisationId);
  const isOurs = equalInConstantTime(handle.slice(organisationId.length + 1), digest);
  return isOurs ? { organisationId, handle } : 'unknown';
}
