/** The request log and usage on the wire. */
import type { RateWindow } from '#clients/admission.ts';
import { isUuid } from '#kernel/ids.ts';
import { type FieldError, ok, type Result, refuse } from '#kernel/result.ts';
import { HOUR_SECONDS, renderInstant } from '#kernel/time.ts';
import type { RequestPage } from '#traffic/find-requests.flow.ts';
import type { LoggedRequest } from '#traffic/logged-request.ts';
import { type Asked, FILTER_NAMES } from '#traffic/request-query.ts';
import type { WireRequest, WireRequestList, WireUsage } from '#traffic/traffic-answer.schema.ts';
import { type Figures, USAGE_PERIODS, type Usage, type UsagePeriod } from '#traffic/usage.ts';

export function renderRequest(request: LoggedRequest): WireRequest {
  return {
    request_id: request.requestId,
    at: new Date(request.atMs).toISOString(),
    method: request.method,
    route: request.route,
    status: request.status,
    code: request.code,
    duration_ms: request.durationMs,
    client_id: request.clientId,
    credential: request.credential,
  };
}

/** The filters of a list as they were asked, with another cursor: path and query are the caller's to put together. */
export function searchOf(asked: Asked, cursor: string | undefined): string {
  const search = new URLSearchParams();
  for (const name of [...FILTER_NAMES, 'limit']) {
    const text = asked.get(name) ?? '';
    if (text !== '') search.set(name, text);
  }
  if (cursor !== undefined) search.set('cursor', cursor);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

export function renderRequestList(asked: Asked, { requests, next, prev }: RequestPage): WireRequestList {
  const link = (cursor: string | undefined) => `/requests${searchOf(asked, cursor)}`;
  return {
    data: requests.map(renderRequest),
    links: {
      self: link(asked.get('cursor')),
      ...(next === undefined ? {} : { next: link(next) }),
      ...(prev === undefined ? {} : { prev: link(prev) }),
    },
  };
}

export interface UsageQuery {
  readonly period: UsagePeriod;
  readonly clientId: string | undefined;
}

/** `period` (default 24h) and `client_id`; refuses with `invalid_request`, naming what is wrong. */
export function parseUsageQuery(asked: Asked): Result<UsageQuery> {
  const errors: FieldError[] = [];
  const period = USAGE_PERIODS.find((each) => each === (asked.get('period') || '24h'));
  if (period === undefined) {
    errors.push({ field: 'period', code: 'invalid', message: `must be one of ${USAGE_PERIODS.join(', ')}` });
  }
  const clientId = asked.get('client_id') || undefined;
  if (clientId !== undefined && !isUuid(clientId)) {
    errors.push({ field: 'client_id', code: 'invalid', message: 'must be a client_id' });
  }
  if (period === undefined || errors.length > 0) {
    const names = errors.map(({ field }) => field).join(', ');
    return refuse('invalid_request', 'query', { message: `Check these parameters: ${names}.`, errors });
  }
  return ok({ period, clientId: clientId?.toLowerCase() });
}

function renderFigures({ requests, errors, p50Ms, p95Ms }: Figures) {
  return { requests, errors, p50_ms: p50Ms ?? null, p95_ms: p95Ms ?? null };
}

export function renderUsage(
  period: UsagePeriod,
  { span, total, series, clients, routes, errors }: Usage,
  window: RateWindow | undefined,
): WireUsage {
  return {
    period,
    from: renderInstant(span.fromHour * HOUR_SECONDS),
    to: renderInstant(span.toHour * HOUR_SECONDS),
    total: { ...renderFigures(total), busiest_minute: total.busiestMinute },
    series: series.map(({ fromHour, busiestMinute, ...figures }) => ({
      from: renderInstant(fromHour * HOUR_SECONDS),
      ...renderFigures(figures),
      busiest_minute: busiestMinute,
    })),
    applications: clients.map(({ clientId, busiestMinute, ...figures }) => ({
      client_id: clientId,
      ...renderFigures(figures),
      busiest_minute: busiestMinute,
    })),
    routes: routes.map(({ clientId, route, ...figures }) => {
      const [method = '', path = ''] = route.split(' ');
      return { client_id: clientId, method, route: path, ...renderFigures(figures) };
    }),
    errors: errors.map(({ status, code, requests }) => ({ status, code, requests })),
    ...(window === undefined
      ? {}
      : {
          rate_limit: {
            requests_per_minute: window.limit,
            remaining: window.remaining,
            reset_seconds: window.resetSeconds,
          },
        }),
  };
}
