/** Where the Durable Object of an id is: ids the platform did not make reach none. */

/**
 * Gets the stub of the object at 64 hex digits, or undefined where they are no id of the namespace's: an invented one
 * reaches no object. A stub is made anew for each call, as one that failed once may stay broken.
 */
export function reachObject<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  objectId: string,
): (() => DurableObjectStub<T>) | undefined {
  let id: DurableObjectId;
  try {
    id = namespace.idFromString(objectId);
  } catch {
    return undefined;
  }
  return () => namespace.get(id);
}
