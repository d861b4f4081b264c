/**
 * The page a logged-in journey stands at: one-time code or consent. Writes nothing unless the journey turns out to be
 * over. D1: the client, the accounts. Objects: the interaction's, the consent's.
 */
import { findAsked } from '#authorization/find-asked.flow.ts';
import { findInteraction } from '#authorization/find-interaction.flow.ts';
import { findPayment } from '#authorization/find-payment.flow.ts';
import type { LoggedInView, View } from '#authorization/interaction.ts';
import { type CookieReader, deadEnd, type JourneyStep } from '#authorization/journey.ts';
import {
  browserOf,
  clientGone,
  findActiveClient,
  frameOf,
  purposeOf,
  type Reached,
  stoppedEnd,
} from '#authorization/journey-client.flow.ts';
import { endJourney } from '#authorization/leave-journey.flow.ts';
import { shownOf } from '#authorization/one-time-code.flow.ts';
import { sealForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';

/** What both pages are made from. */
export interface LoggedInPage extends Reached {
  readonly interactionId: string;
  readonly view: LoggedInView;
  /** What was wrong with the last post. */
  readonly failure?: string | undefined;
}

async function frameOfPage(scope: Scope, { client, interactionId, view, failure }: LoggedInPage) {
  const sealed = await sealForm(await signingKeys(scope), {
    interactionId,
    clientId: client.clientId,
    address: view.request,
    openedAt: view.openedAt,
    // From log-in on the object knows the browser.
    browser: '',
  });
  return { ...frameOf(scope, client, sealed), failure };
}

export async function showCode(scope: Scope, ports: JourneyPorts, page: LoggedInPage): Promise<JourneyStep> {
  const { request, sentTo } = page.view;
  const payment = await findPayment(scope, request);
  return {
    show: 'code',
    address: request,
    props: {
      ...(await frameOfPage(scope, page)),
      purpose: purposeOf(request),
      payment: payment && shownOf(payment),
      sentTo,
      sandboxCode: ports.testCustomers?.oneTimeCode,
    },
  };
}

/** The consent page, or the way back where nothing can be decided any more. */
export async function showConsent(
  scope: Scope,
  page: LoggedInPage,
  chosen?: ReadonlySet<string>,
): Promise<JourneyStep> {
  const { client, interactionId, view } = page;
  const { request: address, customer } = view;
  const found = await findAsked(scope, client, address, customer, chosen);
  if (!found.ok) return endJourney(scope, { interactionId, address }, page, found.refusal);
  return {
    show: 'consent',
    address,
    props: {
      ...(await frameOfPage(scope, page)),
      customerName: customer.displayName,
      asked: found.value.asked,
    },
  };
}

/** Answers `GET /oauth/authorize/{interaction id}` for the browser that logged in. */
export async function showJourney(
  scope: Scope,
  ports: JourneyPorts,
  interactionId: string,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const interaction = findInteraction(scope, interactionId);
  const browser = await browserOf(interactionId, readCookie);
  if (interaction === undefined) return deadEnd('unknown_page', 'interaction never made here');
  // Who has no cookie of it learns nothing, and costs no object call.
  if (browser === undefined) return stoppedEnd('foreign');
  const view: View = await callObject(scope, () => interaction().view(scope.nowMs, browser));
  if (view.outcome === 'open') return stoppedEnd('foreign');
  if (view.outcome !== 'timed_out' && view.outcome !== 'code' && view.outcome !== 'consent') {
    return stoppedEnd(view.outcome);
  }
  const { request } = view;
  const client = await findActiveClient(scope, request.clientId);
  if (client?.redirectUris.includes(request.redirectUri) !== true) return clientGone();
  if (view.outcome === 'timed_out') {
    return endJourney(scope, { interactionId, address: request }, { interaction, browser });
  }
  const page = { interaction, browser, client, interactionId, view };
  return view.outcome === 'code' ? showCode(scope, ports, page) : showConsent(scope, page);
}
