/** The address of an interaction's object, for the flows of this room. D1: none. Objects: none. */
import type { InteractionObject } from '#authorization/interaction.object.ts';
import { reachObject } from '#edge/reach-object.ts';
import type { Scope } from '#edge/scope.ts';

/** A new id; nothing is created until something is written there. */
export function newInteractionId(scope: Scope): string {
  return scope.bindings.INTERACTIONS.newUniqueId().toString();
}

/**
 * Gets the stub of an interaction, anew at each call, or undefined for an id this deployment never made: an invented
 * one reaches no object.
 */
export function findInteraction(
  scope: Scope,
  interactionId: string,
): (() => DurableObjectStub<InteractionObject>) | undefined {
  return reachObject(scope.bindings.INTERACTIONS, interactionId);
}
