/**
 * Whether an organisation may have keys of production: software of a trusted directory that proved its keys stands behind it.
 * D1: one read, and one of trust in 30 s. Objects: one a client, as many together, until one has proved itself.
 */
import { readStanding } from '#clients/client-standing.flow.ts';
import { isDistrusted } from '#clients/directory-trust.flow.ts';
import { clientsOfOrganisation, type OrganisationClient } from '#clients/organisation-clients.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { toSeconds } from '#kernel/time.ts';

/** What is still missing, in the order it is done in; each is only asked for once those before it are there. */
export const LIVE_KEY_STEPS = ['client', 'trusted_statement', 'authentication'] as const;
export type LiveKeyStep = (typeof LIVE_KEY_STEPS)[number];

export type LiveKeyStanding =
  | { readonly missing: LiveKeyStep; readonly clientId?: undefined }
  /** The client that stands for it. */
  | { readonly missing?: undefined; readonly clientId: string };

/** Clients asked together, and at most. */
const TOGETHER = 10;
const ASKED_MAXIMUM = 100;

async function isOfTrustedDirectory(scope: Scope, { directoryIssuer }: OrganisationClient): Promise<boolean> {
  return (
    scope.settings.trustedDirectories.some(({ issuer }) => issuer === directoryIssuer) &&
    !(await isDistrusted(scope, directoryIssuer))
  );
}

/** Whether a client authenticated itself since it belongs to the organisation. */
async function hasProvedItself(scope: Scope, client: OrganisationClient): Promise<boolean> {
  const standing = await readStanding(scope, client.clientId);
  if (standing === undefined || standing.status !== 'active' || standing.lastAuthenticatedAtMs === null)
    return false;
  return toSeconds(standing.lastAuthenticatedAtMs) >= (client.joinedAt ?? client.issuedAt);
}

/** How an organisation stands on its way to a production key; for production alone. */
export async function readLiveKeyStanding(scope: Scope, organisationId: string): Promise<LiveKeyStanding> {
  const clients = (await clientsOfOrganisation(scope, organisationId)).filter(
    ({ endedAt }) => endedAt === null,
  );
  if (clients.length === 0) return { missing: 'client' };
  const trusted: OrganisationClient[] = [];
  for (const client of clients) if (await isOfTrustedDirectory(scope, client)) trusted.push(client);
  if (trusted.length === 0) return { missing: 'trusted_statement' };
  for (let at = 0; at < Math.min(trusted.length, ASKED_MAXIMUM); at += TOGETHER) {
    const some = trusted.slice(at, at + TOGETHER);
    const proved = await Promise.all(some.map((client) => hasProvedItself(scope, client)));
    const found = some[proved.indexOf(true)];
    if (found !== undefined) return { clientId: found.clientId };
  }
  return { missing: 'authentication' };
}
