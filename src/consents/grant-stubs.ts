/** Where the objects of consents and identity-only grants are: ids the platform did not make reach none. */
import type { Scope } from '#edge/scope.ts';
import { parseConsentId } from '#kernel/consent-id.ts';

function idOf<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  text: string,
): DurableObjectId | undefined {
  try {
    return namespace.idFromString(text);
  } catch {
    return undefined;
  }
}

type ConsentNamespace = Env['CONSENTS'];
type IdentityNamespace = Env['IDENTITY_GRANTS'];

/**
 * The object at 64 hex digits, or undefined where they are no id of a consent's object. A stub is made anew for each
 * call, as one that failed once may stay broken.
 */
export function reachConsentObject(
  scope: Scope,
  objectId: string,
): (() => ReturnType<ConsentNamespace['get']>) | undefined {
  const id = idOf(scope.bindings.CONSENTS, objectId);
  return id === undefined ? undefined : () => scope.bindings.CONSENTS.get(id);
}

/** The object of a consent id, or undefined where that is none. The object may still not know the consent. */
export function reachConsent(scope: Scope, consentId: string) {
  const address = parseConsentId(consentId);
  return address === undefined ? undefined : reachConsentObject(scope, address.objectId);
}

/** The object of an identity-only grant. */
export function reachIdentityGrant(
  scope: Scope,
  objectId: string,
): (() => ReturnType<IdentityNamespace['get']>) | undefined {
  const id = idOf(scope.bindings.IDENTITY_GRANTS, objectId);
  return id === undefined ? undefined : () => scope.bindings.IDENTITY_GRANTS.get(id);
}
