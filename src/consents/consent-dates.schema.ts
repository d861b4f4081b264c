/** Dates in the bodies that ask for consents. Source: interface section 4. */
import * as v from 'valibot';
import { cutToCap } from '#consents/consent.ts';
import { type FieldError, ok, type Refused, type Result, refuse } from '#kernel/result.ts';
import { parseInstant } from '#kernel/time.ts';

/** An instant as a caller may send it: any offset, and fractions of a second. Source: RFC 3339 section 5.6. */
export const sentInstantSchema = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/,
    'is not an RFC 3339 date-time with offset, such as 2027-02-20T00:00:00Z',
  ),
);

export const expirationDateSchema = v.optional(
  v.pipe(
    sentInstantSchema,
    v.description(
      'When the consent ends. At most, and unless given, 90 days from now; a later date is cut to that and returned so.',
    ),
  ),
);

/** Refuses members of a consent's body. */
export function refuseFields(message: string, errors: readonly FieldError[]): Refused {
  return refuse('invalid_request', 'consent body', { message, errors });
}

/** The dates that were sent, in epoch seconds; refuses those that look right but name no instant. */
export function parseDates<F extends string>(
  body: Readonly<Partial<Record<F, string | undefined>>>,
  fields: readonly F[],
): Result<Partial<Record<F, number>>> {
  const dates: Partial<Record<F, number>> = {};
  for (const field of fields) {
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

/** When the consent ends, cut to the cap; refuses a date that has passed. */
export function endAsked(now: number, wantedAt: number | undefined): Result<number> {
  return wantedAt !== undefined && wantedAt <= now
    ? refuseFields('The expiration_date has passed.', [
        { field: 'expiration_date', code: 'past', message: 'is not in the future' },
      ])
    : ok(cutToCap(now, wantedAt));
}
