/** What an organisation has so far. D1: two batches and a read. Objects: at most five, together. */
import { accessLinkOf } from '#access/access-link.flow.ts';
import type { Client } from '#clients/client.ts';
import { readStanding } from '#clients/client-standing.flow.ts';
import { findClient } from '#clients/find-client.flow.ts';
import { clientsOfOrganisation, type OrganisationClient } from '#clients/organisation-clients.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { readUsage } from '#traffic/read-usage.flow.ts';

export interface Overview {
  /** Live ones, the newest first. */
  readonly applications: readonly OrganisationClient[];
  /** The newest that lives: whose commands the page shows. */
  readonly newest: Client | undefined;
  /** Whether one of the newest has got a token. */
  readonly isAuthenticated: boolean;
  /** Calls of the last 30 days, and whether one of them got something of a customer's bank. */
  readonly calls: number;
  readonly hasCalled: boolean;
  /** Where the organisation's test customers see what they gave access to; in production the bank's one address. */
  readonly accessLink: string;
}

/** Applications looked at for whether one has got a token. */
const ASKED_MAXIMUM = 5;
/** Applications whose registration production's page looks at. */
const JUDGED_MAXIMUM = 20;
/** Calls that take a customer's consent. */
const FOR_CUSTOMER = /^(?:GET|POST) \/open-banking\/v1\/(?!consents)/;

async function liveClients(scope: Scope, organisationId: string): Promise<readonly OrganisationClient[]> {
  return (await clientsOfOrganisation(scope, organisationId)).filter(({ endedAt }) => endedAt === null);
}

export async function readOverview(scope: Scope, organisationId: string): Promise<Overview> {
  const applications = await liveClients(scope, organisationId);
  const [newest] = applications;
  const [client, standings, usage, accessLink] = await Promise.all([
    newest === undefined ? undefined : findClient(scope, newest.clientId, { fresh: true }),
    Promise.all(applications.slice(0, ASKED_MAXIMUM).map(({ clientId }) => readStanding(scope, clientId))),
    readUsage(scope, organisationId, { period: '30d' }),
    accessLinkOf(scope, organisationId),
  ]);
  return {
    applications,
    newest: client,
    isAuthenticated: standings.some((standing) => (standing?.firstAuthenticatedAtMs ?? null) !== null),
    calls: usage.total.requests,
    hasCalled: usage.routes.some(
      ({ route, requests, errors }) => FOR_CUSTOMER.test(route) && requests > errors,
    ),
    accessLink,
  };
}

/** The registrations of the newest live applications. */
export async function readApplications(scope: Scope, organisationId: string): Promise<readonly Client[]> {
  const applications = await liveClients(scope, organisationId);
  const found = await Promise.all(
    applications.slice(0, JUDGED_MAXIMUM).map(({ clientId }) => findClient(scope, clientId, { fresh: true })),
  );
  return found.filter((client) => client !== undefined);
}
