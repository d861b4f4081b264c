/** Instants as answers show them: for the documentation and the tests, not in the Worker. Source: RFC 3339 section 5.6. */
import * as v from 'valibot';

/** UTC, to the second. */
export const instantSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.description('RFC 3339, in UTC.'),
);
