/** The request log and usage on the wire. */
import type { RateWindow } from '#clients/admission.ts';
import { HOUR_SECONDS, renderInstant } from '#kernel/time.ts';
import type { RequestPage } from '#traffic/find-requests.flow.ts';
import type { LoggedRequest } from '#traffic/logged-request.ts';
import { type Asked, FILTER_NAMES } from '#traffic/request-query.ts';
import type { WireRequest, WireRequestList, WireUsage } from '#traffic/traffic-answer.schema.ts';
import type { Busy, Figures, Usage, UsagePeriod } from '#traffic/usage.ts';

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
    const text = asked.get(name);
    if (text) search.set(name, text);
  }
  if (cursor !== undefined) search.set('cursor', cursor);
  return search.size === 0 ? '' : `?${search.toString()}`;
}

export function renderRequestList(asked: Asked, { requests, next, prev }: RequestPage): WireRequestList {
  const link = (cursor: string | undefined) => `/requests${searchOf(asked, cursor)}`;
  return {
    data: requests.map(renderRequest),
    links: {
      self: link(asked.get('cursor')),
      ...(next && { next: link(next) }),
      ...(prev && { prev: link(prev) }),
    },
  };
}

function renderFigures({ requests, errors, p50Ms, p95Ms }: Figures) {
  return { requests, errors, p50_ms: p50Ms ?? null, p95_ms: p95Ms ?? null };
}

function renderBusy(figures: Figures & Busy) {
  return { ...renderFigures(figures), busiest_minute: figures.busiestMinute };
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
    total: renderBusy(total),
    series: series.map((figures) => ({
      from: renderInstant(figures.fromHour * HOUR_SECONDS),
      ...renderBusy(figures),
    })),
    applications: clients.map((figures) => ({ client_id: figures.clientId, ...renderBusy(figures) })),
    routes: routes.map((figures) => {
      const [method = '', route = ''] = figures.route.split(' ');
      return { client_id: figures.clientId, method, route, ...renderFigures(figures) };
    }),
    errors: [...errors],
    ...(window && {
      rate_limit: {
        requests_per_minute: window.limit,
        remaining: window.remaining,
        reset_seconds: window.resetSeconds,
      },
    }),
  };
}
