/**
 * Which host serves whom: with a developer host configured, the dashboard and the API reference live on it alone, and
 * customer pages never there; without one every host serves both.
 */
import type { Settings } from '#edge/settings.ts';

type Hosts = Pick<Settings, 'developerHost' | 'issuer'>;

/** Whether the request's host shows developers' pages. */
export function servesDevelopers({ developerHost }: Hosts, url: string): boolean {
  return developerHost === undefined || new URL(url).host === developerHost;
}

/** Whether the request's host shows customers' pages. */
export function servesCustomers({ developerHost }: Hosts, url: string): boolean {
  return developerHost === undefined || new URL(url).host !== developerHost;
}

/** The origin of the developers' pages, for links to them and for the check of posts from them. */
export function developerOrigin({ developerHost, issuer }: Hosts): string {
  return developerHost === undefined ? issuer : `https://${developerHost}`;
}
