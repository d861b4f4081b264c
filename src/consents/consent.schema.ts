/** Consents on the wire: what a TPP sends and gets. Source: interface section 4. */
import * as v from 'valibot';
import { type Consent, type ConsentRequest, cutToCap, PERMISSIONS } from '#consents/consent.ts';
import type { WireConsent } from '#consents/consent-answer.schema.ts';
import { sentInstantSchema } from '#consents/instant.schema.ts';
import { parseBy } from '#edge/body.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';
import { parseInstant, renderInstant } from '#kernel/time.ts';

/** Types the interface names that this bank does not offer yet. */
const LATER_TYPES = new Set<unknown>(['payment', 'funds-confirmation', 'enduring-payment']);
/** More would only repeat: there are three. */
const MAXIMUM_PERMISSIONS = 20;

/** The body of POST /consents. */
export const createConsentSchema = v.object({
  consent_type: v.literal('account-access'),
  permissions: v.pipe(
    v.array(v.picklist(PERMISSIONS)),
    v.minLength(1, 'names no permission'),
    v.maxLength(MAXIMUM_PERMISSIONS, 'names too many permissions'),
    v.description('What the customer is asked to let you read. Each may stand alone.'),
  ),
  expiration_date: v.optional(
    v.pipe(
      sentInstantSchema,
      v.description(
        'When the consent ends. At most, and unless given, 90 days from now; a later date is cut to that and returned so.',
      ),
    ),
  ),
  transaction_from_date: v.optional(
    v.pipe(sentInstantSchema, v.description('Transactions created before this are not opened.')),
  ),
  transaction_to_date: v.optional(
    v.pipe(sentInstantSchema, v.description('Transactions created after this are not opened.')),
  ),
});

/** The query of GET /consents. */
export const listConsentsQuerySchema = v.object({
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^([1-9]\d?|100)$/, 'is not a whole number from 1 to 100'),
      v.description('Rows a page holds: 1 to 100, 25 unless given.'),
    ),
  ),
  cursor: v.optional(v.pipe(v.string(), v.description('From links.next or links.prev of this list.'))),
});

function refuseFields(message: string, errors: readonly FieldError[]) {
  return refuse('invalid_request', 'consent body', { message, errors });
}

/** Words that are certainly permissions' names may be said back to who asked for them. */
function isNameLike(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z]{1,40}$/.test(text);
}

/** Tells exactly what is not offered here, before the schema could only say that something is not allowed. */
function checkOffered(body: Readonly<Record<string, unknown>>): Result<void> {
  const { consent_type, permissions } = body;
  if (LATER_TYPES.has(consent_type)) {
    return refuseFields('Consents of this type are not available yet.', [
      { field: 'consent_type', code: 'unavailable', message: 'is not available yet; use account-access' },
    ]);
  }
  if (!Array.isArray(permissions)) return ok(undefined);
  const known: readonly unknown[] = PERMISSIONS;
  const others = permissions
    .map((permission: unknown, index) => ({ permission, field: `permissions.${index}` }))
    .filter(({ permission }) => typeof permission === 'string' && !known.includes(permission))
    .slice(0, MAXIMUM_PERMISSIONS);
  if (others.length === 0) return ok(undefined);
  const names = [...new Set(others.map(({ permission }) => permission).filter(isNameLike))];
  return refuseFields(
    names.length > 0
      ? `These permissions are not available: ${names.join(', ')}.`
      : 'A permission is not available.',
    others.map(({ field }) => ({
      field,
      code: 'unavailable',
      message: `is not available; the permissions are ${PERMISSIONS.join(', ')}`,
    })),
  );
}

type DateField = 'expiration_date' | 'transaction_from_date' | 'transaction_to_date';

/** The dates that were sent, in epoch seconds; refuses those that look right but name no instant. */
function parseDates(
  body: Partial<Record<DateField, string | undefined>>,
): Result<Partial<Record<DateField, number>>> {
  const dates: Partial<Record<DateField, number>> = {};
  for (const field of ['expiration_date', 'transaction_from_date', 'transaction_to_date'] as const) {
    const text = body[field];
    if (text === undefined) continue;
    const at = parseInstant(text);
    if (at === undefined) {
      const message = 'is not a date that exists';
      return refuseFields(`Check these members: ${field}.`, [{ field, code: 'invalid', message }]);
    }
    dates[field] = at;
  }
  return ok(dates);
}

/** The body of POST /consents as a request; `now` in epoch seconds. Refuses with `invalid_request` naming each field. */
export function parseCreateConsent(
  body: Readonly<Record<string, unknown>>,
  now: number,
): Result<ConsentRequest> {
  const offered = checkOffered(body);
  if (!offered.ok) return offered;
  const parsed = parseBy(createConsentSchema, body);
  if (!parsed.ok) return parsed;
  const dates = parseDates(parsed.value);
  if (!dates.ok) return dates;
  const {
    expiration_date: wantedAt,
    transaction_from_date: transactionFrom,
    transaction_to_date: transactionTo,
  } = dates.value;
  if (wantedAt !== undefined && wantedAt <= now) {
    return refuseFields('The expiration_date has passed.', [
      { field: 'expiration_date', code: 'past', message: 'is not in the future' },
    ]);
  }
  if (transactionFrom !== undefined && transactionTo !== undefined && transactionFrom > transactionTo) {
    return refuseFields('The transaction_from_date is after the transaction_to_date.', [
      { field: 'transaction_from_date', code: 'invalid', message: 'is after transaction_to_date' },
    ]);
  }
  return ok({
    type: 'account-access',
    permissions: [...new Set(parsed.value.permissions)],
    expiresAt: cutToCap(now, wantedAt),
    ...(transactionFrom === undefined ? {} : { transactionFrom }),
    ...(transactionTo === undefined ? {} : { transactionTo }),
  });
}

/** A consent for its TPP. `issuer` makes the authorization URL. */
export function renderConsent(consent: Consent, issuer: string): WireConsent {
  const { consentId, status, request, revokedBy } = consent;
  const { transactionFrom, transactionTo } = request;
  return {
    consent_id: consentId,
    consent_type: request.type,
    status,
    permissions: [...request.permissions],
    expiration_date: renderInstant(request.expiresAt),
    ...(transactionFrom === undefined ? {} : { transaction_from_date: renderInstant(transactionFrom) }),
    ...(transactionTo === undefined ? {} : { transaction_to_date: renderInstant(transactionTo) }),
    created_at: renderInstant(consent.createdAt),
    status_updated_at: renderInstant(consent.statusUpdatedAt),
    ...(revokedBy === undefined ? {} : { revoked_by: revokedBy }),
    ...(status === 'awaiting_authorization'
      ? { authorization_url: `${issuer}/oauth/authorize?consent_id=${consentId}` }
      : {}),
  };
}
