/** Wire forms of the operator API: what commands bring and what they answer. Not part of the OpenAPI document. */
import * as v from 'valibot';
import type { Client } from '#clients/client.ts';
import { cleanName } from '#kernel/text.ts';
import { renderInstant } from '#kernel/time.ts';
import type { OperatorAction } from '#operator/operator-action.ts';

const REASON_MAXIMUM = 300;

/** Why a command is given: the audit keeps it. */
export const reasonSchema = v.pipe(
  v.string(),
  v.transform((text) => cleanName(text, REASON_MAXIMUM)),
  v.minLength(3, 'say why, in at least 3 characters'),
);

export const reasonBodySchema = v.strictObject({ reason: reasonSchema });

export function renderClient(client: Client) {
  return {
    client_id: client.clientId,
    status: client.status,
    version: client.version,
    organisation_id: client.organisationId,
    organisation_name: client.organisationName,
    software_name: client.softwareName,
    directory_issuer: client.software.directoryIssuer,
    org_id: client.software.orgId,
    software_id: client.software.softwareId,
    roles: client.roles,
    scopes: client.scopes,
    issued_at: renderInstant(client.issuedAt),
  };
}

/** Rows of one answer at most. */
const PAGE_MAXIMUM = 500;

function wholeNumber(name: string, minimum: number, maximum: number) {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, `${name} must be a whole number`),
    v.transform(Number),
    v.minValue(minimum, `${name} must be at least ${minimum}`),
    v.maxValue(maximum, `${name} must be at most ${maximum}`),
  );
}

export const auditQuerySchema = v.strictObject({
  after: v.optional(wholeNumber('after', 0, Number.MAX_SAFE_INTEGER), '0'),
  limit: v.optional(wholeNumber('limit', 1, PAGE_MAXIMUM), '100'),
  subject: v.optional(v.string()),
  request_id: v.optional(v.string()),
});

/** `detail` stays the text it is: the hash was made over it. */
export function renderAction({ requestId, previousHash, at, ...row }: OperatorAction) {
  return { ...row, at, at_utc: renderInstant(at), request_id: requestId, previous_hash: previousHash };
}
