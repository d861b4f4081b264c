/** What changing an application in the dashboard puts in the place of what was registered. Source: RFC 7592 section 2.2. */
import { defaultScopes, type Role, roleAllowsScope } from '#clients/client.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import type { Organisation } from '#clients/organisation.ts';
import type { Registration } from '#clients/statement.ts';
import type { KeyAnswers, SoftwareAnswers } from '#portal/application-answers.ts';
import { describeSoftware } from '#portal/application-draft.ts';
import type { SoftwareDescription } from '#portal/statement-mint.ts';

/** What a developer wants an application to be. */
export interface ApplicationChange {
  readonly software: SoftwareAnswers;
  /** Undefined: the keys stay. */
  readonly keys: KeyAnswers | undefined;
  /** Another statement of its directory, where one was pasted. */
  readonly statement: string | undefined;
}

/** Whether the sandbox directory knows the software as this organisation's, so that it issues a new statement at each change. */
export function isCertifiedHere({ client }: Registration, { directoryIssuer, orgId }: Organisation): boolean {
  const { software } = client;
  return (
    software.directoryIssuer === SANDBOX_DIRECTORY_KEY &&
    directoryIssuer === SANDBOX_DIRECTORY_KEY &&
    software.orgId === orgId
  );
}

/** The software as the sandbox directory is told of its change. */
export function describeChange(
  { client, statement }: Registration,
  { software, keys }: ApplicationChange,
): SoftwareDescription {
  // A statement without keys stays one: the registration's own go on.
  const certified = keys ?? statement.keys ?? { by: 'statement' };
  return { ...describeSoftware(software, certified), software_id: client.software.softwareId };
}

/** The scope to register: what there was as far as the roles allow it, and what new roles open. */
function scopeOf({ client }: Registration, roles: readonly Role[]): string {
  const added = roles.filter((role) => !client.roles.includes(role));
  const kept = client.scopes.filter((scope) => roleAllowsScope(roles, scope));
  return [...new Set([...kept, ...defaultScopes(added).filter((scope) => scope !== 'openid')])].join(' ');
}

/** The software statement that takes the place of the one in force: as it was sent, and the roles it certifies. */
export interface NewStatement {
  readonly text: string;
  readonly roles: readonly Role[];
}

/** Where the request says the keys are; a statement that is new may say it instead. */
function keysToName(
  { client, statement }: Registration,
  keys: KeyAnswers | undefined,
  next: NewStatement | undefined,
  isMinted: boolean,
): Readonly<Record<string, unknown>> {
  const { jwks, jwks_uri } = client.metadata;
  if (keys === undefined) return next !== undefined && statement.keys !== undefined ? {} : { jwks, jwks_uri };
  if (isMinted || keys.by === 'statement') return {};
  return keys.by === 'value' ? { jwks: keys.jwks } : { jwks_uri: keys.jwksUri };
}

/**
 * The body of the request that replaces the registration: members the form does not name stay as they were. `next` is the sandbox
 * directory's new statement, or the one that was pasted.
 */
export function replacementBody(
  registration: Registration,
  { software, keys, statement }: ApplicationChange,
  next: NewStatement | undefined,
): string {
  const { metadata, softwareName, roles } = registration.client;
  const { jwks: _jwks, jwks_uri: _uri, ...others } = metadata;
  const isMinted = next !== undefined && statement === undefined;
  return JSON.stringify(
    {
      ...others,
      ...keysToName(registration, keys, next, isMinted),
      redirect_uris: software.redirectUris,
      client_name: isMinted && software.name === softwareName ? metadata['client_name'] : software.name,
      logo_uri: software.logoUri,
      scope: scopeOf(registration, next?.roles ?? roles),
      software_statement: next?.text ?? metadata['software_statement'],
    },
    undefined,
    2,
  );
}
