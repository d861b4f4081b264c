/** The port by which the dashboard asks the sandbox's own directory for a software statement; production has none. */
import type { Role } from '#clients/client.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

/** The software as the directory's call describes it. */
export interface SoftwareDescription {
  software_client_name: string;
  software_redirect_uris: string[];
  software_roles: Role[];
  software_jwks: { keys: Record<string, unknown>[] } | undefined;
  software_jwks_endpoint: string | undefined;
  /** Absent for software that is new. */
  software_id?: string;
}

/** A statement for software of the organisation. Refuses with `invalid_request` naming the members. */
export type MintStatement = (
  scope: Scope,
  organisation: Organisation,
  software: SoftwareDescription,
) => Promise<Result<string>>;
