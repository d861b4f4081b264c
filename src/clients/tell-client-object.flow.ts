/** Tells a client's object of a change of its record, after the batch that wrote it. D1: none. Objects: one. */
import type { ClientNews } from '#clients/admission.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/**
 * Repeating it does no harm and older news is ignored, so the outbox may deliver it again. From its return on the
 * change counts at every isolate's next request.
 */
export async function tellClientObject(
  scope: Scope,
  { clientId, ...news }: ClientNews & { readonly clientId: string },
): Promise<void> {
  const { CLIENTS } = scope.bindings;
  await callObject(scope, () => CLIENTS.get(CLIENTS.idFromName(clientId)).tell(news));
}
