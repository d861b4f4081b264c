/**
 * The authorization endpoint: from a request, pushed or plain, to the log-in page, the way back or a dead end. Writes
 * nothing unless a pushed request is answered here. D1: one read. Objects: the interaction's (pushed) and the consent's.
 */
import {
  type AuthorizationRequest,
  hasRepeatedParameter,
  parseAuthorizationRequest,
  parseRequestTarget,
} from '#authorization/authorization-request.ts';
import { checkConsent, checkPrompt, checkRequest } from '#authorization/check-request.flow.ts';
import { findInteraction, newInteractionId } from '#authorization/find-interaction.flow.ts';
import type { View } from '#authorization/interaction.ts';
import { type CookieReader, deadEnd, type JourneyStep, returned } from '#authorization/journey.ts';
import {
  browserOf,
  findActiveClient,
  frameOf,
  purposeOf,
  stoppedEnd,
} from '#authorization/journey-client.flow.ts';
import type { ReturnAddress } from '#authorization/return-address.ts';
import { sealForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import type { Client } from '#clients/client.ts';
import { describeError } from '#edge/log.ts';
import { callObject, isOutage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { type Result, refuse, refuseOpenly } from '#kernel/result.ts';

interface Start {
  readonly scope: Scope;
  readonly ports: JourneyPorts;
  readonly client: Client;
  readonly readCookie: CookieReader;
}

/** The log-in page of an interaction; a plain request travels in the form, as nothing is stored yet. */
async function showLogin(
  { scope, ports, client, readCookie }: Start,
  interactionId: string,
  request: AuthorizationRequest,
  isPushed: boolean,
): Promise<JourneyStep> {
  // A second tab of the same pushed request must not take the first one's cookie away.
  const value = readCookie(interactionId) ?? newSecret();
  const sealed = await sealForm(await signingKeys(scope), {
    interactionId,
    clientId: client.clientId,
    address: request,
    openedAt: scope.now,
    browser: await digestOf(value),
    request: isPushed ? undefined : request,
  });
  return {
    show: 'login',
    address: request,
    cookie: { interactionId, value },
    props: {
      ...frameOf(scope, client, sealed),
      purpose: purposeOf(request),
      testCustomers: ports.testCustomers,
    },
  };
}

/** Once the redirect URI is known to be the client's, outages and faults are told there too. RFC 6749 section 4.1.2.1. */
async function orReturn(
  scope: Scope,
  address: ReturnAddress,
  work: () => Promise<JourneyStep>,
): Promise<JourneyStep> {
  try {
    return await work();
  } catch (error) {
    const code = isOutage(error) ? 'temporarily_unavailable' : 'server_error';
    const reason = describeError(error);
    // A redirect is no error to the request's own line.
    scope.log('error', { event: 'fault', request_id: scope.requestId, code, reason });
    return returned(address, refuse(code, reason).refusal);
  }
}

async function startPlain(start: Start, search: URLSearchParams): Promise<JourneyStep> {
  const { scope, client } = start;
  const parsed = parseAuthorizationRequest(search, client);
  if (!parsed.ok) {
    const { refusal, address } = parsed;
    return address === undefined
      ? deadEnd('bad_request', refusal.reason, refusal.message)
      : returned(address, refusal);
  }
  const address = parsed.value;
  return orReturn(scope, address, async () => {
    const request = await checkRequest(scope, client, parsed.value);
    if (!request.ok) return returned(address, request.refusal);
    const prompt = checkPrompt(request.value);
    if (!prompt.ok) return returned(address, prompt.refusal);
    return showLogin(start, newInteractionId(scope), request.value, false);
  });
}

/** What still keeps a pushed request from its first page. */
async function checkPushed(
  scope: Scope,
  request: AuthorizationRequest,
  search: URLSearchParams,
): Promise<Result<unknown>> {
  if (hasRepeatedParameter(search)) {
    return refuseOpenly('invalid_request', 'A parameter was sent more than once.');
  }
  const prompt = checkPrompt(request);
  if (!prompt.ok || request.consentId === undefined) return prompt;
  return checkConsent(scope, request.clientId, request.consentId);
}

async function startPushed(
  start: Start,
  interactionId: string,
  search: URLSearchParams,
): Promise<JourneyStep> {
  const { scope, client, readCookie } = start;
  const interaction = findInteraction(scope, interactionId);
  if (interaction === undefined) return deadEnd('spent_link', 'request_uri never made here');
  const browser = await browserOf(interactionId, readCookie);
  const view: View = await callObject(scope, () => interaction().view(scope.nowMs, browser));
  if (!('request' in view)) {
    return view.outcome === 'foreign'
      ? stoppedEnd(view.outcome)
      : deadEnd('spent_link', `request_uri ${view.outcome}`);
  }
  const { request } = view;
  if (request.clientId !== client.clientId) return deadEnd('spent_link', 'request_uri of another client');
  if (!client.redirectUris.includes(request.redirectUri)) {
    return deadEnd('bad_request', 'redirect URI no longer registered');
  }
  // Already logged in here: the page shows where it stands, or that its time is over.
  if (view.outcome !== 'open') return { go: 'onward', interactionId };
  return orReturn(scope, request, async () => {
    const checked = await checkPushed(scope, request, search);
    if (checked.ok) return showLogin(start, interactionId, request, true);
    const by = newSecret();
    const taken = await callObject(scope, () => interaction().take(scope.nowMs, by));
    return taken === 'taken'
      ? returned(request, checked.refusal)
      : deadEnd('spent_link', `request_uri ${taken}`);
  });
}

/** Begins a journey. `search` holds the parameters as they came, repeated ones too. */
export async function startAuthorization(
  scope: Scope,
  ports: JourneyPorts,
  search: URLSearchParams,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const target = parseRequestTarget(search);
  if (!target.ok) {
    return deadEnd(
      target.refusal.code === 'invalid_request_uri' ? 'spent_link' : 'bad_request',
      target.refusal.reason,
      target.refusal.message,
    );
  }
  const client = await findActiveClient(scope, target.value.clientId);
  if (client === undefined) {
    return deadEnd('bad_request', 'client unknown or not active', 'client_id names no client that can ask.');
  }
  const start = { scope, ports, client, readCookie };
  const { interactionId } = target.value;
  return interactionId === undefined ? startPlain(start, search) : startPushed(start, interactionId, search);
}
