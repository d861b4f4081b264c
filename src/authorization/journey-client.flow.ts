/** What each step of a journey stands on: its interaction, its browser, and its client as D1 has it now. D1: one read.
 * Objects: none. */
import type { AuthorizationRequest } from '#authorization/authorization-request.ts';
import type { DeadEnd } from '#authorization/dead-ends.ts';
import { findInteraction } from '#authorization/find-interaction.flow.ts';
import type { InteractionObject } from '#authorization/interaction.object.ts';
import { type CookieReader, deadEnd, type JourneyStep } from '#authorization/journey.ts';
import type { JourneyFrame } from '#authorization/journey-props.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import type { Client } from '#clients/client.ts';
import { findClient } from '#clients/find-client.flow.ts';
import type { Purpose } from '#consents/permissions.ts';
import type { Scope } from '#edge/scope.ts';
import { parseConsentId } from '#kernel/consent-id.ts';
import { digestOf } from '#kernel/encoding.ts';

/** The client, if it may ask customers anything. D1: one read. */
export async function findActiveClient(scope: Scope, clientId: string): Promise<Client | undefined> {
  const client = await findClient(scope, clientId, { fresh: true });
  if (client !== undefined) scope.trace.clientId = clientId;
  return client?.status === 'active' ? client : undefined;
}

/** What a step of a journey under way stands on. */
export interface Reached {
  /** Gets the stub of the interaction's object, anew at each call. */
  readonly interaction: () => DurableObjectStub<InteractionObject>;
  /** As D1 has it now; the redirect URI the journey began with is still its own. */
  readonly client: Client;
  /** Digest of the browser's cookie for this interaction, if it has one. */
  readonly browser: string | undefined;
}

/** Undefined when there is nobody left to return to. D1: one read. Objects: none. */
export async function reachJourney(
  scope: Scope,
  form: Pick<SealedForm, 'interactionId' | 'clientId' | 'address'>,
  readCookie: CookieReader,
): Promise<Reached | undefined> {
  const interaction = findInteraction(scope, form.interactionId);
  const client = await findActiveClient(scope, form.clientId);
  if (interaction === undefined || client === undefined) return undefined;
  if (!client.redirectUris.includes(form.address.redirectUri)) return undefined;
  return { interaction, client, browser: await browserOf(form.interactionId, readCookie) };
}

/** Digest of the browser's cookie for an interaction, if it has one. */
export async function browserOf(
  interactionId: string,
  readCookie: CookieReader,
): Promise<string | undefined> {
  const cookie = readCookie(interactionId);
  return cookie === undefined ? undefined : digestOf(cookie);
}

export function clientGone(): JourneyStep {
  return deadEnd('bad_request', 'client or redirect URI no longer registered');
}

export function frameOf(scope: Scope, client: Client, interaction: string): Omit<JourneyFrame, 'failure'> {
  return {
    environment: scope.settings.environment,
    host: new URL(scope.settings.issuer).host,
    softwareName: client.softwareName,
    organisationName: client.organisationName,
    interaction,
  };
}

/** What the customer is asked for: the consent's id says its type. */
export function purposeOf({ consentId }: Pick<AuthorizationRequest, 'consentId'>): Purpose {
  return (consentId === undefined ? undefined : parseConsentId(consentId)?.type) ?? 'identity';
}

/** The dead end of a post or page whose interaction cannot go on. */
export function stoppedEnd(outcome: 'unknown' | 'expired' | 'ended' | 'foreign'): JourneyStep {
  const ends = {
    unknown: 'lost_form',
    expired: 'spent_link',
    ended: 'answered',
    foreign: 'elsewhere',
  } as const satisfies Record<string, DeadEnd>;
  return deadEnd(ends[outcome], `interaction ${outcome}`);
}
