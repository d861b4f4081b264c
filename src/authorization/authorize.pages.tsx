/**
 * The authorization endpoint and the pages a customer passes: log-in, one-time code, consent. Source: RFC 6749 section
 * 3.1, OpenID Connect Core 1.0 section 3.1.2.
 */
import type { Context, Hono } from 'hono';
import { answerEnd, answerStep, answerStop, cookieReader } from '#authorization/answer-step.pages.tsx';
import { checkCode } from '#authorization/check-code.flow.ts';
import { endOf } from '#authorization/dead-ends.ts';
import { decideJourney } from '#authorization/decide.flow.ts';
import type { JourneyStep } from '#authorization/journey.ts';
import { JOURNEY_ACTIONS, JOURNEY_FIELDS } from '#authorization/journey-props.ts';
import { leaveJourney } from '#authorization/leave-journey.flow.ts';
import { logIn } from '#authorization/log-in.flow.ts';
import { openForm, type SealedForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts, JourneyPortsOf } from '#authorization/second-factor.ts';
import { showJourney } from '#authorization/show-journey.flow.ts';
import { startAuthorization } from '#authorization/start-authorization.flow.ts';
import { seeOther } from '#edge/answer-page.ts';
import { readText } from '#edge/body.ts';
import { servesCustomers } from '#edge/developer-host.ts';
import { describeError } from '#edge/log.ts';
import { isOutage } from '#edge/outage.ts';
import { makeRoutes } from '#edge/routes.ts';
import { isFromOwnPage } from '#edge/same-origin.ts';
import type { AppEnv } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { limitSource } from '#edge/source-limit.ts';
import type { Refusal } from '#kernel/result.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

type Answer = Response | Promise<Response>;
type JourneyHandler = (c: Context<AppEnv>, ports: JourneyPorts) => Promise<Answer>;

const FORM = 'application/x-www-form-urlencoded';

function answerRefused(c: Context<AppEnv>, refusal: Refusal): Answer {
  return answerEnd(c, { ...refusal, end: endOf(refusal) });
}

/** Wraps each handler: a stranger's request counts by its source, and needs the journey's ports configured. */
function welcomeStrangers(portsOf: JourneyPortsOf, handle: JourneyHandler) {
  return async function journey(c: Context<AppEnv>): Promise<Response> {
    const { scope } = c.var;
    if (!servesCustomers(scope.settings, c.req.url)) {
      return answerStop(c, 'unknown_page', 'customer page on the developer host');
    }
    const limited = await limitSource(scope);
    if (!limited.ok) return answerRefused(c, limited.refusal);
    const ports = portsOf(scope);
    return ports.ok ? handle(c, ports.value) : answerRefused(c, ports.refusal);
  };
}

/** A form of ours as it was posted: the sealed interaction and all its fields. */
type Posted = { readonly form: SealedForm; readonly sealed: string; readonly fields: URLSearchParams };

type PostHandler = (c: Context<AppEnv>, ports: JourneyPorts, posted: Posted) => Promise<JourneyStep>;

/** One value of a field; a field sent twice is nobody's typing. */
function fieldOf(fields: URLSearchParams, name: string): string {
  const values = fields.getAll(name);
  return values.length === 1 ? (values[0] ?? '') : '';
}

/**
 * Wraps what answers a form: only posts of our own pages, with a seal of ours, get there. Cancel, on each of
 * them, leaves the journey.
 */
function answerPost(handle: PostHandler): JourneyHandler {
  return async (c, ports) => {
    const { scope } = c.var;
    if (!isFromOwnPage(c.req.raw.headers, scope.settings.issuer)) {
      return answerStop(c, 'forged', 'post from another origin');
    }
    const text = await readText(c, [FORM]);
    if (!text.ok) return answerRefused(c, text.refusal);
    const fields = new URLSearchParams(text.value);
    const [sealed, ...others] = fields.getAll(JOURNEY_FIELDS.interaction);
    const keys = await signingKeys(scope);
    const form = others.length === 0 ? await openForm(scope, keys, sealed) : undefined;
    if (form === undefined || sealed === undefined) return answerStop(c, 'lost_form', 'seal does not open');
    const isCancelled = fieldOf(fields, JOURNEY_FIELDS.decision) === 'cancel';
    const step = isCancelled
      ? leaveJourney(scope, form, cookieReader(c))
      : handle(c, ports, { form, sealed, fields });
    return answerStep(c, await step);
  };
}

const postLogin: PostHandler = async (c, ports, { form, sealed, fields }) => {
  const username = fieldOf(fields, JOURNEY_FIELDS.username);
  const password = fieldOf(fields, JOURNEY_FIELDS.password);
  return logIn(c.var.scope, ports, { form, sealed, username, password }, cookieReader(c));
};

const postCode: PostHandler = async (c, ports, { form, fields }) => {
  return checkCode(c.var.scope, ports, { form, code: fieldOf(fields, JOURNEY_FIELDS.otp) }, cookieReader(c));
};

const postDecision: PostHandler = async (c, _ports, { form, fields }) => {
  const decisions = fields.getAll(JOURNEY_FIELDS.decision);
  const accountIds = fields.getAll(JOURNEY_FIELDS.account);
  return decideJourney(c.var.scope, { form, decisions, accountIds }, cookieReader(c));
};

/**
 * A browser leaves `Lax` cookies out of a cross-site post. The interaction of a pushed request has its cookie from the
 * first tab on: answering would put another in its place, or take the customer who has logged in for a stranger.
 */
function isWithoutCookies(c: Context<AppEnv>): boolean {
  return c.req.header('sec-fetch-site') === 'cross-site';
}

const postRequest: JourneyHandler = async (c, ports) => {
  const text = await readText(c, [FORM]);
  if (!text.ok) return answerRefused(c, text.refusal);
  const search = new URLSearchParams(text.value);
  if (isWithoutCookies(c) && search.has('request_uri') && text.value.length <= URI_LENGTH_MAXIMUM) {
    return seeOther(c, `${c.var.scope.settings.issuer}/oauth/authorize?${search.toString()}`);
  }
  return answerStep(c, await startAuthorization(c.var.scope, ports, search, cookieReader(c)));
};

const getRequest: JourneyHandler = async (c, ports) => {
  const search = new URL(c.req.url).searchParams;
  return answerStep(c, await startAuthorization(c.var.scope, ports, search, cookieReader(c)));
};

const getStage: JourneyHandler = async (c, ports) => {
  const interactionId = c.req.param('interaction') ?? '';
  return answerStep(c, await showJourney(c.var.scope, ports, interactionId, cookieReader(c)));
};

/** Someone opened the address that a failed post left in their browser. */
function answerReload(c: Context<AppEnv>): Answer {
  c.header('Allow', 'POST');
  return answerStop(c, 'reloaded', 'form action opened by its address');
}

export function authorizePages(portsOf: JourneyPortsOf): Hono<AppEnv> {
  const pages = makeRoutes();
  const welcome = (handle: JourneyHandler) => welcomeStrangers(portsOf, handle);
  // OpenID Connect Core section 3.1.2.1: both methods.
  pages.get('/oauth/authorize', welcome(getRequest));
  pages.post('/oauth/authorize', welcome(postRequest));
  pages.post(JOURNEY_ACTIONS.login, welcome(answerPost(postLogin)));
  pages.post(JOURNEY_ACTIONS.otp, welcome(answerPost(postCode)));
  pages.post(JOURNEY_ACTIONS.consent, welcome(answerPost(postDecision)));
  for (const action of Object.values(JOURNEY_ACTIONS)) pages.get(action, answerReload);
  pages.get('/oauth/authorize/:interaction', welcome(getStage));
  pages.onError((error, c) => answerStop(c, isOutage(error) ? 'unavailable' : 'fault', describeError(error)));
  return pages;
}
