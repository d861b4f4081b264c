/**
 * An authorization decided in the customer's place: the flow of the pages with log-in and one-time code left out. For
 * the sandbox alone. D1: the client, the tenant, the customer, the accounts. Objects: the interaction's (pushed), twice;
 * the consent's, three times.
 */
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  parseRequestUri,
  type RefusedRequest,
} from '#authorization/authorization-request.ts';
import { carryOut } from '#authorization/carry-out.flow.ts';
import { checkPrompt, checkRequest } from '#authorization/check-request.flow.ts';
import { checkChoice, type Decision } from '#authorization/decision.ts';
import { findAsked } from '#authorization/find-asked.flow.ts';
import { findInteraction } from '#authorization/find-interaction.flow.ts';
import type { View } from '#authorization/interaction.ts';
import { normaliseName } from '#authorization/login-attempt.ts';
import { type AuthorizationAnswer, answerOf, renderReturn } from '#authorization/return-address.ts';
import type { Customer } from '#bank/customer.ts';
import { findCustomerByUsername } from '#bank/find-customer.flow.ts';
import type { Client } from '#clients/client.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok, type Refused, type Result, refuse, refuseOpenly, type Success } from '#kernel/result.ts';

export interface InPlace {
  readonly client: Client;
  readonly tenantId: string;
  /** The consent that is to be decided: the request must be about this one. */
  readonly consentId: string;
  /** The authorization request's parameters, or `request_uri`. */
  readonly search: URLSearchParams;
  readonly username: string;
  readonly accountIds: readonly string[];
  readonly decision: Decision;
  /** For the consent's history. */
  readonly note: string;
}

/** A request to decide, and how to spend it where it was pushed. */
interface Found {
  readonly request: AuthorizationRequest;
  readonly spend: () => Promise<Result<void>>;
}

type FoundOrReturned = Success<Found> | RefusedRequest;

async function findPushed(scope: Scope, { client }: InPlace, requestUri: string): Promise<FoundOrReturned> {
  const interaction = findInteraction(scope, parseRequestUri(requestUri) ?? '');
  if (interaction === undefined) return refuse('invalid_request_uri', 'none of ours');
  const view: View = await callObject(scope, () => interaction().view(scope.nowMs, undefined));
  if (view.outcome !== 'open' || view.request.clientId !== client.clientId) {
    return refuse('invalid_request_uri', `request_uri ${view.outcome}`);
  }
  const { request } = view;
  if (!client.redirectUris.includes(request.redirectUri)) {
    return refuse('invalid_request', 'redirect URI no longer registered');
  }
  const by = newSecret();
  return ok({
    request,
    spend: async () => {
      const taken = await callObject(scope, () => interaction().take(scope.nowMs, by));
      return taken === 'taken' ? ok(undefined) : refuse('invalid_request_uri', `request_uri ${taken}`);
    },
  });
}

async function findRequest(scope: Scope, inPlace: InPlace): Promise<FoundOrReturned> {
  const { client, search } = inPlace;
  const requestUri = search.get('request_uri');
  if (requestUri !== null && requestUri !== '') return findPushed(scope, inPlace, requestUri);
  const parsed = parseAuthorizationRequest(search, client);
  if (!parsed.ok) return parsed;
  const request = await checkRequest(scope, client, parsed.value);
  if (!request.ok) return { ...request, address: parsed.value };
  return ok({ request: request.value, spend: () => Promise.resolve(ok(undefined)) });
}

function refuseMember(field: string, message: string): Refused {
  const errors = [{ field, code: 'invalid', message }];
  return refuseOpenly('invalid_request', `Check these members: ${field}.`, { errors });
}

/** What the customer would have come to; refuses where the pages would ask again. */
async function decideFor(
  scope: Scope,
  { client, decision, accountIds, note }: InPlace,
  { request, spend }: Found,
  customer: Customer,
): Promise<Result<AuthorizationAnswer>> {
  const prompt = checkPrompt(request);
  const found = prompt.ok ? await findAsked(scope, client, request, customer) : prompt;
  const choice = found.ok && decision === 'approve' ? checkChoice(found.value.asked, accountIds) : ok([]);
  if (!choice.ok) {
    return refuseMember('accounts', choice.refusal.message ?? '');
  }
  const spent = await spend();
  if (!spent.ok) return spent;
  if (!found.ok) return ok(answerOf(found.refusal));
  // A locked customer cannot log in, and who cancels decides nothing.
  if (customer.locked || decision === 'cancel') return ok({ error: 'access_denied' });
  const { subject } = found.value;
  return ok(
    await carryOut(scope, {
      request,
      customer,
      subject,
      authTime: scope.now,
      decision,
      accountIds: choice.value,
      note,
    }),
  );
}

/**
 * The URL the customer's browser would have been sent to. Refuses with `invalid_request` or `invalid_request_uri` what
 * the pages would have shown or asked again.
 */
export async function decideInPlace(scope: Scope, inPlace: InPlace): Promise<Result<string>> {
  const { issuer } = scope.settings;
  const found = await findRequest(scope, inPlace);
  if (!found.ok) {
    const { refusal, address } = found;
    return address === undefined ? found : ok(renderReturn(issuer, address, answerOf(refusal)));
  }
  const { request } = found.value;
  if (request.consentId !== inPlace.consentId) {
    return refuseOpenly('invalid_request', 'The authorization request is not about this consent.');
  }
  const customer = await findCustomerByUsername(scope, inPlace.tenantId, normaliseName(inPlace.username));
  if (customer === undefined) {
    return refuseMember('customer', 'is no customer of your sandbox');
  }
  const answer = await decideFor(scope, inPlace, found.value, customer);
  return answer.ok ? ok(renderReturn(issuer, request, answer.value)) : answer;
}
