/** Instants on the wire, as they are taken and as they are answered. Source: RFC 3339 section 5.6. */
import * as v from 'valibot';

/** What a caller may send: any offset, and fractions of a second. */
export const sentInstantSchema = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/,
    'is not an RFC 3339 date-time with offset, such as 2027-02-20T00:00:00Z',
  ),
);

/** What every answer says: UTC, to the second. */
export const instantSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.description('RFC 3339, in UTC.'),
);
