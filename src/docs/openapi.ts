/** Where the OpenAPI document made for each environment lies, and how the deployment's issuer gets into it. */
import type { Environment } from '#edge/settings.ts';

/** Stands in the made document where the deployment's issuer belongs. */
export const ISSUER_PLACEHOLDER = 'https://issuer.invalid';

/** The static file an environment's document is kept in, a path from the root. */
export function documentPath(environment: Environment): string {
  return `/generated/openapi-${environment}.json`;
}

/** The document of the deployment with this issuer. */
export function withIssuer(document: string, issuer: string): string {
  return document.replaceAll(ISSUER_PLACEHOLDER, issuer);
}
