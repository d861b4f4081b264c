/**
 * Reads what a request asks to be registered, in JSON or signed, down to the decided registration. D1: none. Objects:
 * none for JSON, one for a signed body. Source: RFC 7591 section 3.1.
 */
import * as v from 'valibot';
import type { SignedJwt } from '#clients/signed-jwt.ts';
import type { Statement } from '#clients/statement.ts';
import { verifyStatement } from '#clients/verify-statement.flow.ts';
import { fieldErrorsOf, parseJsonObject } from '#edge/body.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuseOpenly } from '#kernel/result.ts';
import {
  decideKeys,
  decideRegistration,
  type Registered,
  type RegistrationFacts,
} from '#registration/metadata.ts';
import { type ClientMetadata, clientMetadataSchema } from '#registration/registration.schema.ts';
import { parseSignedBody, verifySignedBody } from '#registration/signed-body.flow.ts';

/** A software statement with the text that said it. */
export interface StatementInForce {
  readonly statement: Statement;
  readonly text: string;
}

/** A request body, and how it came. */
export interface RegistrationBody {
  readonly text: string;
  readonly isSigned: boolean;
  /** What the `aud` of a signed body may say. */
  readonly audiences: readonly string[];
}

export interface RegistrationRequest {
  readonly statement: Statement;
  readonly registered: Registered;
  /** A `client_id` in the body, whatever it is; undefined where there is none. */
  readonly namedClientId: unknown;
}

type Members = Readonly<Record<string, unknown>>;

/** RFC 7592 section 2.2: null means left out. */
function withoutNulls(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function parseMetadata(members: Members): Result<ClientMetadata> {
  const parsed = v.safeParse(clientMetadataSchema, members);
  if (parsed.success) return ok(parsed.output);
  const errors = fieldErrorsOf(parsed.issues);
  const names = [...new Set(errors.map(({ field }) => field))].filter((name) => /^[\w.]+$/.test(name));
  const aboutUris = errors.every(({ field }) => /^redirect_uris(\.|$)/.test(field));
  return refuseOpenly(
    aboutUris ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    `Check these members: ${names.join(', ')}.`,
    { errors },
  );
}

/** The statement sent, verified; one that is in force already was. */
async function readStatementOf(
  scope: Scope,
  members: Members,
  inForce: StatementInForce | undefined,
): Promise<Result<StatementInForce>> {
  const sent = members['software_statement'];
  if (inForce !== undefined && (sent === undefined || sent === inForce.text)) return ok(inForce);
  const verified = await verifyStatement(scope, sent);
  if (!verified.ok) return verified;
  // A client stays the software it is.
  const { software } = verified.value;
  const { directoryIssuer, orgId, softwareId } = inForce?.statement.software ?? software;
  const isSame =
    software.directoryIssuer === directoryIssuer &&
    software.orgId === orgId &&
    software.softwareId === softwareId;
  return isSame
    ? ok({ statement: verified.value, text: String(sent) })
    : refuseOpenly(
        'invalid_software_statement',
        'The software statement is of other software than the client.',
      );
}

async function verifyBody(
  scope: Scope,
  body: SignedJwt,
  metadata: ClientMetadata,
  { statement }: StatementInForce,
  facts: RegistrationFacts,
  audiences: readonly string[],
): Promise<Result<void>> {
  const keys = decideKeys(metadata, statement, facts);
  if (!keys.ok) return keys;
  const { software } = statement;
  const isCertified = statement.keys !== undefined;
  return verifySignedBody(scope, body, { software, keys: keys.value, isCertified, audiences });
}

/**
 * Reads a registration request; `inForce` is the statement of a client that is being replaced. Refuses with
 * `invalid_request` (no JSON object), `invalid_software_statement`, `unapproved_software_statement`,
 * `invalid_redirect_uri`, `invalid_client_metadata`.
 */
export async function readRegistrationRequest(
  scope: Scope,
  { text, isSigned, audiences }: RegistrationBody,
  inForce?: StatementInForce,
): Promise<Result<RegistrationRequest>> {
  const signed = isSigned ? parseSignedBody(text) : undefined;
  if (signed?.ok === false) return signed;
  const parsed = signed === undefined ? parseJsonObject(text) : ok(signed.value.claims);
  if (!parsed.ok) return parsed;
  const members = withoutNulls(parsed.value);
  const statement = await readStatementOf(scope, members, inForce);
  if (!statement.ok) return statement;
  // RFC 7591 section 2.3: what the statement says takes precedence.
  const metadata = parseMetadata({ ...members, ...statement.value.statement.metadata });
  if (!metadata.ok) return metadata;
  const facts: RegistrationFacts = {
    environment: scope.settings.environment,
    isFetchable: (url) => checkOutboundUrl(url, scope).ok,
    statementText: statement.value.text,
  };
  if (signed !== undefined) {
    const verified = await verifyBody(scope, signed.value, metadata.value, statement.value, facts, audiences);
    if (!verified.ok) return verified;
  }
  const registered = decideRegistration(metadata.value, statement.value.statement, facts);
  if (!registered.ok) return registered;
  return ok({
    statement: statement.value.statement,
    registered: registered.value,
    namedClientId: members['client_id'],
  });
}
