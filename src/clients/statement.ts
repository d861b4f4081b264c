/** A software statement: what a directory certifies of a TPP's software, as this bank reads it. Source: RFC 7591 section 2.3. */
import type { Client, PublicJwk, Role, SoftwareId } from '#clients/client.ts';

/** The software's keys as its directory knows them. */
export type StatementKeys =
  | { readonly by: 'value'; readonly jwks: { readonly keys: readonly PublicJwk[] } }
  | { readonly by: 'reference'; readonly jwksUri: string };

/** What a verified software statement says. Immutable; kept with the client that registered by it. */
export interface Statement {
  /** Its `jti`: one live client each. */
  readonly statementId: string;
  readonly software: SoftwareId;
  /** Cleaned; shown to customers. */
  readonly organisationName: string;
  readonly softwareName: string;
  readonly roles: readonly Role[];
  /** A superset of what may be registered. */
  readonly redirectUris: readonly string[];
  /** Undefined where the directory knows none. */
  readonly keys: StatementKeys | undefined;
  /** Registration members that the directory certifies: they take precedence over the request's. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A client with the software statement in force, as registration needs them. */
export interface Registration {
  readonly client: Client;
  readonly statement: Statement;
}
