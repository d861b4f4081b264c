/** An organisation made in the dashboard. */
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { type Organisation, organisationIdOf } from '#clients/organisation.ts';
import type { Environment } from '#edge/settings.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';

/** The key of no directory: in production no software statement makes a client of the organisation, clients join it. */
const DASHBOARD_KEY = 'dashboard';

/** Letters and digits of its id there. Source: UK Open Banking directory, which gives organisations 18. */
const ORG_ID_LENGTH = 18;

/**
 * In the sandbox it is one of the sandbox directory's, which mints statements for it. Its ids come of `seed`: what was made
 * once is not made again by the same form.
 */
export async function newOrganisation(
  environment: Environment,
  name: string,
  now: number,
  seed: string = newSecret(),
): Promise<Organisation> {
  const directoryIssuer = environment === 'sandbox' ? SANDBOX_DIRECTORY_KEY : DASHBOARD_KEY;
  const orgId = (await digestOf(seed)).replace(/[_-]/g, '').slice(0, ORG_ID_LENGTH);
  const organisationId = await organisationIdOf(directoryIssuer, orgId);
  return { organisationId, directoryIssuer, orgId, name, tenantId: undefined, createdAt: now };
}
