/** What commands of the operator API bring. Not part of the OpenAPI document: docs/operator-api.md describes them. */
import * as v from 'valibot';
import { BANK_TENANT_ID } from '#bank/bank-tenant.ts';
import { wholeNumberSchema } from '#edge/whole-number.schema.ts';
import { cleanName } from '#kernel/text.ts';
import { OPERATOR_NAME, OPERATOR_SCOPES } from '#operator/operator-key.ts';

const REASON_MAXIMUM = 300;
/** Requests a minute that an operator may give a client at most. */
const LIMIT_MAXIMUM = 1_000_000;
/** Longest life of a key that has an end, days. */
const KEY_DAYS_MAXIMUM = 730;
/** Rows of one answer at most. */
const PAGE_MAXIMUM = 500;

/** Why a command is given: the audit keeps it. */
const reason = v.pipe(
  v.string(),
  v.transform((text) => cleanName(text, REASON_MAXIMUM)),
  v.minLength(3, 'say why, in at least 3 characters'),
);

function countUpTo(maximum: number) {
  return v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );
}

export const reasonBodySchema = v.strictObject({ reason });

export const limitBodySchema = v.strictObject({
  requests_per_minute: v.nullable(countUpTo(LIMIT_MAXIMUM)),
  reason,
});

export const unlockBodySchema = v.strictObject({
  username: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  tenant_id: v.optional(v.string(), BANK_TENANT_ID),
  lift_lock: v.optional(v.boolean(), false),
  reason,
});

export const directoryBodySchema = v.strictObject({ issuer: v.string(), reason });

export const rotateBodySchema = v.strictObject({ kid: v.optional(v.string()), reason });

export const newKeyBodySchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(OPERATOR_NAME, 'must be 2 to 50 of a-z 0-9 . _ - with a letter first')),
  scope: v.picklist(OPERATOR_SCOPES),
  expires_in_days: v.optional(countUpTo(KEY_DAYS_MAXIMUM)),
  reason,
});

export const auditQuerySchema = v.strictObject({
  after: v.optional(wholeNumberSchema(0, Number.MAX_SAFE_INTEGER), '0'),
  limit: v.optional(wholeNumberSchema(1, PAGE_MAXIMUM), '100'),
  subject: v.optional(v.string()),
  request_id: v.optional(v.string()),
});
