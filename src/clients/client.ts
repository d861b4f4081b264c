/** A client is a TPP's registered software: what its record holds and what its scopes and roles mean. Source: RFC 7591. */
import type { ConsentType } from '#kernel/consent-id.ts';

/** Roles a directory certifies (PSD2): account information, payment initiation, card-based funds checks. */
export const ROLES = ['AISP', 'PISP', 'CBPII'] as const;
export type Role = (typeof ROLES)[number];

/** Scopes a role opens. `openid`, `offline_access` and `consents` need no role. */
const ROLE_SCOPES = {
  AISP: ['accounts', 'transactions'],
  PISP: ['payments'],
  CBPII: ['fundsconfirmations'],
} as const satisfies Record<Role, readonly string[]>;

export const ROLE_OF_CONSENT_TYPE = {
  'account-access': 'AISP',
  payment: 'PISP',
  'funds-confirmation': 'CBPII',
} as const satisfies Record<ConsentType, Role>;

/** Scopes each type of consent opens; `openid` and `offline_access` fit every type. */
export const SCOPES_OF_CONSENT_TYPE = {
  'account-access': ['accounts', 'transactions'],
  payment: ['payments'],
  'funds-confirmation': ['fundsconfirmations'],
} as const satisfies Record<ConsentType, readonly string[]>;

export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** Signature algorithms taken from clients. Source: FAPI 2.0 section 5.4. */
export const CLIENT_ALGORITHMS = ['PS256', 'ES256', 'EdDSA'] as const;
export type ClientAlgorithm = (typeof CLIENT_ALGORITHMS)[number];

/** Algorithms this server signs id_tokens with. */
export const ID_TOKEN_ALGORITHMS = ['ES256', 'PS256', 'RS256'] as const;
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];

export type ClientStatus = 'active' | 'suspended' | 'ended';

/** A public JWK as it stands in a client's set; private members were refused at the door. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid?: string };

/** Software is this triple; ids of one directory mean nothing in another. */
export interface SoftwareId {
  readonly directoryIssuer: string;
  readonly orgId: string;
  readonly softwareId: string;
}

/** A registered client as isolates cache it, under its version. Immutable; a change makes a new version. */
export interface Client {
  readonly clientId: string;
  /** Our organisation (the pair directory issuer and org_id), not the directory's org_id. */
  readonly organisationId: string;
  readonly software: SoftwareId;
  /** Shown to customers; from the software statement, cleaned. */
  readonly organisationName: string;
  readonly softwareName: string;
  readonly roles: readonly Role[];
  readonly status: ClientStatus;
  /** Grows by one with each change of the record; the client object knows the newest. */
  readonly version: number;
  readonly redirectUris: readonly string[];
  /** Registered scope values, `openid` first. */
  readonly scopes: readonly string[];
  readonly grantTypes: readonly GrantType[];
  readonly keys: ClientKeys;
  readonly idTokenAlgorithm: IdTokenAlgorithm;
  /** The one algorithm for client assertions, where the client registered one. */
  readonly assertionAlgorithm: ClientAlgorithm | undefined;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** `jti` of the software statement in force. */
  readonly statementId: string;
  /** The software statement as sent, and every registered member as RFC 7592 answers it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Digest of the registration access token. */
  readonly registrationTokenDigest: string;
  /** Whether it was registered by a signed body; such clients may manage themselves by a client-credentials token. */
  readonly registeredBySignedBody: boolean;
}

/** How many live clients one software, or one organisation, may have. */
export interface LiveClientCap {
  readonly of: 'software' | 'organisation';
  readonly maximum: number;
}

/** Where a client's keys are: in the record, or behind its one `jwks_uri`. */
export type ClientKeys =
  | { readonly by: 'value'; readonly jwks: { readonly keys: readonly PublicJwk[] } }
  | { readonly by: 'reference'; readonly jwksUri: string };

/** The default scope of a registration: `openid` and what the software's roles allow. */
export function defaultScopes(roles: readonly Role[]): readonly string[] {
  return ['openid', ...ROLES.filter((role) => roles.includes(role)).flatMap((role) => ROLE_SCOPES[role])];
}

/** Whether software with these roles may hold this scope value. */
export function roleAllowsScope(roles: readonly Role[], scope: string): boolean {
  if (scope === 'openid' || scope === 'offline_access' || scope === 'consents') return true;
  return roles.some((role) => (ROLE_SCOPES[role] as readonly string[]).includes(scope));
}

/** What customers know a client by, whatever became of it. */
export interface ClientNames {
  /** From the software statement in force, cleaned. */
  readonly softwareName: string;
  readonly organisationName: string;
  /** Deleted: whatever it was given is over. */
  readonly isEnded: boolean;
}
