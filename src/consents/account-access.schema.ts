/** The body that asks for access to accounts. Source: interface section 4. */
import * as v from 'valibot';
import { type AccountAccessRequest, PERMISSIONS } from '#consents/consent.ts';
import {
  endAsked,
  expirationDateSchema,
  parseDates,
  refuseFields,
  sentInstantSchema,
} from '#consents/consent-dates.schema.ts';
import { parseBy } from '#edge/body.ts';
import { ok, type Result } from '#kernel/result.ts';

/** More would only repeat: there are three. */
const MAXIMUM_PERMISSIONS = 20;

export const accountAccessSchema = v.object({
  consent_type: v.literal('account-access'),
  permissions: v.pipe(
    v.array(v.picklist(PERMISSIONS)),
    v.minLength(1, 'names no permission'),
    v.maxLength(MAXIMUM_PERMISSIONS, 'names too many permissions'),
    v.description('What the customer is asked to let you read. Each may stand alone.'),
  ),
  expiration_date: expirationDateSchema,
  transaction_from_date: v.optional(
    v.pipe(sentInstantSchema, v.description('Transactions created before this are not opened.')),
  ),
  transaction_to_date: v.optional(
    v.pipe(sentInstantSchema, v.description('Transactions created after this are not opened.')),
  ),
});

/** Words that are certainly permissions' names may be said back to who asked for them. */
function isNameLike(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z]{1,40}$/.test(text);
}

/** Tells exactly what is not offered here, before the schema could only say that something is not allowed. */
function checkOffered({ permissions }: Readonly<Record<string, unknown>>): Result<void> {
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

const DATES = ['expiration_date', 'transaction_from_date', 'transaction_to_date'] as const;

/** What a body asks for; `now` in epoch seconds. Refuses with `invalid_request` naming each member. */
export function parseAccountAccess(
  body: Readonly<Record<string, unknown>>,
  now: number,
): Result<AccountAccessRequest> {
  const offered = checkOffered(body);
  if (!offered.ok) return offered;
  const parsed = parseBy(accountAccessSchema, body);
  if (!parsed.ok) return parsed;
  const dates = parseDates(parsed.value, DATES);
  if (!dates.ok) return dates;
  const { transaction_from_date: transactionFrom, transaction_to_date: transactionTo } = dates.value;
  const expiresAt = endAsked(now, dates.value.expiration_date);
  if (!expiresAt.ok) return expiresAt;
  if (transactionFrom !== undefined && transactionTo !== undefined && transactionFrom > transactionTo) {
    return refuseFields('The transaction_from_date is after the transaction_to_date.', [
      { field: 'transaction_from_date', code: 'invalid', message: 'is after transaction_to_date' },
    ]);
  }
  return ok({
    type: 'account-access',
    permissions: [...new Set(parsed.value.permissions)],
    expiresAt: expiresAt.value,
    ...(transactionFrom === undefined ? {} : { transactionFrom }),
    ...(transactionTo === undefined ? {} : { transactionTo }),
  });
}
