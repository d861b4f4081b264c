/** What each page for developers knows of its deployment. */
import { developerOrigin } from '#edge/developer-host.ts';
import type { Environment, Settings } from '#edge/settings.ts';

export interface Site {
  readonly environment: Environment;
  readonly issuer: string;
  /** The host of the issuer: `api.hamsterbank.ai`. */
  readonly host: string;
  readonly referenceUrl: string;
  readonly dashboardUrl: string;
  /** The dashboard of the other environment, where one is configured. */
  readonly otherDashboardUrl: string | undefined;
}

export function siteOf({
  settings,
}: {
  readonly settings: Pick<Settings, 'environment' | 'issuer' | 'developerHost' | 'otherEnvironmentUrl'>;
}): Site {
  const { environment, issuer, developerHost, otherEnvironmentUrl } = settings;
  const origin = developerHost === undefined ? '' : developerOrigin(settings);
  return {
    environment,
    issuer,
    host: new URL(issuer).host,
    referenceUrl: `${origin}/reference`,
    dashboardUrl: `${origin}/dashboard`,
    otherDashboardUrl: otherEnvironmentUrl === undefined ? undefined : `${otherEnvironmentUrl}/dashboard`,
  };
}
