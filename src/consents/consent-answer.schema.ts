/** Consents as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { PERMISSIONS } from '#consents/consent.ts';
import { instantSchema } from '#consents/instant.schema.ts';

const STATUSES = [
  'awaiting_authorization',
  'authorized',
  'rejected',
  'expired',
  'revoked',
  'consumed',
] as const;

/** A consent as every answer shows it. The accounts chosen are account information: GET /accounts lists them. */
export const consentSchema = v.object({
  consent_id: v.pipe(v.string(), v.regex(/^consent_(ais|pis|cof)_[0-9a-f]{64}$/)),
  consent_type: v.picklist(['account-access']),
  status: v.picklist(STATUSES),
  permissions: v.array(v.picklist(PERMISSIONS)),
  expiration_date: instantSchema,
  transaction_from_date: v.optional(instantSchema),
  transaction_to_date: v.optional(instantSchema),
  created_at: instantSchema,
  status_updated_at: instantSchema,
  revoked_by: v.optional(
    v.pipe(v.picklist(['tpp', 'customer', 'bank']), v.description('Only while status is revoked.')),
  ),
  authorization_url: v.optional(
    v.pipe(
      v.string(),
      v.url(),
      v.description(
        'Where to send the customer, once you have appended the parameters of your authorization request. Only while the consent awaits its customer.',
      ),
    ),
  ),
});

export type WireConsent = v.InferOutput<typeof consentSchema>;

/** A page of consents. */
export const consentListSchema = v.object({
  data: v.array(consentSchema),
  links: v.object({ self: v.string(), next: v.optional(v.string()), prev: v.optional(v.string()) }),
});
