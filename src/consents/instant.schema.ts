/** A date of a consent on the wire. Source: RFC 3339 section 5.6. */
import * as v from 'valibot';

export const instantSchema = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/,
    'is not an RFC 3339 date-time with offset, such as 2027-02-20T00:00:00Z',
  ),
);
