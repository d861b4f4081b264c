/** A customer's journey as tests walk it: a client with a consent of its own, and each page's form. */
import { env } from 'cloudflare:workers';
import type { Client } from '#clients/client.ts';
import type { Consent } from '#consents/consent.ts';
import { readConsent } from '#consents/read-consent.flow.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';
import { type TestApp, testApp } from './app.ts';
import { type Browser, type Landed, testBrowser } from './browser.ts';
import { awaitingConsent, type ConsentParts } from './consents.ts';
import { insertTestOrganisation } from './organisation.ts';
import { testScope } from './scope.ts';
import { makeClient, type TestClient } from './test-client.ts';

export const PASSWORD = 'hamster-wheel';
export const ONE_TIME_CODE = '123456';
export const REDIRECT_URI = 'https://client.example/callback';
export const MAIN_ACCOUNT = 'acc_1234567890';
export const JOINT_ACCOUNT = 'acc_2345678901';

export type Parameters = Readonly<Record<string, string>>;

export interface Journey {
  readonly app: TestApp;
  readonly client: TestClient;
  readonly organisationId: string;
  readonly consentId: string;
  /** The authorization request's parameters, changed as a test needs them. */
  parameters(changes?: Readonly<Record<string, string | undefined>>): Parameters;
  /** The URL a client sends its customer to. */
  url(changes?: Readonly<Record<string, string | undefined>>): string;
  /** Pushes the request; the answer as it came. */
  push(changes?: Readonly<Record<string, string | undefined>>): Promise<Response>;
  /** Pushes the request, and the URL that opens it. */
  pushedUrl(changes?: Readonly<Record<string, string | undefined>>): Promise<string>;
  browser(): Browser;
  consent(): Promise<Consent | undefined>;
  /** Another consent of the same client. */
  addConsent(parts?: ConsentParts): Promise<string>;
  tenantId(): Promise<string>;
}

export interface JourneyParts {
  readonly app?: TestApp;
  readonly client?: Partial<Client>;
  readonly consent?: ConsentParts;
  /** An organisation that exists; else one is made. */
  readonly organisationId?: string;
}

export async function beginJourney(parts: JourneyParts = {}): Promise<Journey> {
  const app = parts.app ?? testApp();
  const scope = testScope({ nowMs: app.nowMs() });
  const organisationId = parts.organisationId ?? (await insertTestOrganisation());
  const client = await makeClient({ organisationId, redirectUris: [REDIRECT_URI], ...parts.client });
  const { clientId } = client;
  const addConsent = async (given: ConsentParts = {}) =>
    (await awaitingConsent(scope, { clientId, organisationId, ...given })).consentId;
  const consentId = await addConsent(parts.consent);

  const parameters: Journey['parameters'] = (changes = {}) => {
    const all: Record<string, string | undefined> = {
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid accounts transactions',
      state: 'state-1',
      nonce: 'nonce-1',
      consent_id: consentId,
      ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Parameters;
  };
  const push: Journey['push'] = async (changes) => {
    const now = Math.floor(app.nowMs() / 1000);
    return app.sendForm('/oauth/par', { ...parameters(changes), ...(await client.credentials({ now })) });
  };
  return {
    app,
    client,
    organisationId,
    consentId,
    parameters,
    url: (changes) => `/oauth/authorize?${new URLSearchParams(parameters(changes)).toString()}`,
    push,
    async pushedUrl(changes) {
      const answer = await push(changes);
      const { request_uri } = await answer.json<{ request_uri: string }>();
      return `/oauth/authorize?${new URLSearchParams({ client_id: clientId, request_uri }).toString()}`;
    },
    browser: () => testBrowser(app),
    consent: () => readConsent(testScope({ nowMs: app.nowMs() }), consentId),
    addConsent,
    tenantId: () => sandboxTenants.ready(scope, organisationId),
  };
}

/** Posts the log-in page's form. */
export function postLogin(
  browser: Browser,
  page: Landed,
  { username = 'hazel', password = PASSWORD } = {},
): Promise<Landed> {
  return browser.post('/oauth/authorize/login', { interaction: page.interaction, username, password });
}

/** Posts the one-time code's form. */
export function postCode(browser: Browser, page: Landed, otp = ONE_TIME_CODE): Promise<Landed> {
  return browser.post('/oauth/authorize/code', { interaction: page.interaction, otp });
}

/** Posts the consent page's form. */
export function postDecision(
  browser: Browser,
  page: Landed,
  decision = 'approve',
  accounts: readonly string[] = [MAIN_ACCOUNT],
): Promise<Landed> {
  return browser.post('/oauth/authorize/consent', {
    interaction: page.interaction,
    decision,
    account_id: accounts,
  });
}

/** From the client's redirect to the page that asks for the one-time code. */
export async function reachCode(browser: Browser, url: string, username = 'hazel'): Promise<Landed> {
  const login = await browser.get(url);
  return browser.follow(await postLogin(browser, login, { username }));
}

/** From the client's redirect to the consent page. */
export async function reachConsent(browser: Browser, url: string, username = 'hazel'): Promise<Landed> {
  const code = await reachCode(browser, url, username);
  return browser.follow(await postCode(browser, code));
}

/** What the client got at its redirect URI. */
export function answerOf(landed: Pick<Landed, 'location'>): Record<string, string> {
  const url = new URL(landed.location ?? 'about:blank');
  return { at: `${url.origin}${url.pathname}`, ...Object.fromEntries(url.searchParams) };
}

/** The issuer, as answers name it. */
export const ISSUER: string = env.ISSUER;
