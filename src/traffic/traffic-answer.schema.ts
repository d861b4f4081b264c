/** The request log and usage as answers show them: for the documentation and the tests, not in the Worker. */
import * as v from 'valibot';
import { instantSchema } from '#consents/instant-answer.schema.ts';
import { USAGE_PERIODS } from '#traffic/usage.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const clientId = v.pipe(v.nullable(v.string()), v.description('Null for calls by API key.'));
const code = v.pipe(v.nullable(v.string()), v.description('The error’s code; null where there was none.'));
const route = v.pipe(
  v.string(),
  v.description('The path as these documents write it, never with the ids that were in it.'),
);
const milliseconds = v.pipe(
  v.nullable(v.number()),
  v.description('Milliseconds of calls without an error, within 12.3 %; null where there was none.'),
);

const requestMembers = {
  request_id: v.pipe(v.string(), v.description('The `x-fapi-interaction-id` of the call and its answer.')),
  at: v.pipe(v.string(), v.description('When it arrived: RFC 3339, in UTC, to the millisecond.')),
  method: v.string(),
  route,
  status: v.pipe(v.number(), v.integer()),
  code,
  duration_ms: v.pipe(count, v.description('From its arrival to its answer, at the bank.')),
  client_id: clientId,
  credential: v.pipe(
    v.string(),
    v.description(
      'What proved the caller: the first letters of a token’s `jti`, the last four of an API key, or `client assertion`, `registration token`, `software statement`.',
    ),
  ),
};

export const loggedRequestSchema = v.pipe(v.object(requestMembers), v.title('LoggedRequest'));

export const requestListSchema = v.pipe(
  v.object({
    data: v.array(loggedRequestSchema),
    links: v.object({
      self: v.pipe(v.string(), v.description('Path and query below `/developer/v1`.')),
      next: v.optional(v.pipe(v.string(), v.description('The older calls, while there are more.'))),
      prev: v.optional(v.pipe(v.string(), v.description('The newer calls, while there are more.'))),
    }),
  }),
  v.title('RequestList'),
);

const figures = {
  requests: count,
  errors: v.pipe(count, v.description('Of them, answered with status 400 or above.')),
  p50_ms: milliseconds,
  p95_ms: milliseconds,
};
const busiestMinute = v.pipe(
  count,
  v.description('Requests in the minute in which one client made most: what the rate limit is about.'),
);

export const usageResponseSchema = v.pipe(
  v.object({
    period: v.picklist(USAGE_PERIODS),
    from: instantSchema,
    to: v.pipe(instantSchema, v.description('The end of the stretch that is running.')),
    total: v.object({ ...figures, busiest_minute: busiestMinute }),
    series: v.pipe(
      v.array(v.object({ from: instantSchema, ...figures, busiest_minute: busiestMinute })),
      v.description('Hours (24h), quarter days (7d) or days (30d) by UTC, oldest first.'),
    ),
    applications: v.array(v.object({ client_id: clientId, ...figures, busiest_minute: busiestMinute })),
    routes: v.array(v.object({ client_id: clientId, method: v.string(), route, ...figures })),
    errors: v.array(v.object({ status: v.pipe(v.number(), v.integer()), code, requests: count })),
    rate_limit: v.optional(
      v.pipe(
        v.object({
          requests_per_minute: count,
          remaining: count,
          reset_seconds: v.pipe(count, v.description('Whole seconds until the window ends.')),
        }),
        v.description(
          'The running window of the client, with `client_id` alone. Asking does not count in it.',
        ),
      ),
    ),
  }),
  v.title('Usage'),
);

export type WireRequest = v.InferOutput<typeof loggedRequestSchema>;
export type WireRequestList = v.InferOutput<typeof requestListSchema>;
export type WireUsage = v.InferOutput<typeof usageResponseSchema>;
