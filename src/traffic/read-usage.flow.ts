/** An organisation's usage over a period. D1: one batch. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { percentileOf } from '#traffic/latency.ts';
import { readUsageSums, type UsageSum } from '#traffic/usage.store.ts';
import { type Figures, spanOf, type Usage, type UsagePeriod } from '#traffic/usage.ts';

const NOTHING: UsageSum = { requests: 0, errors: 0, buckets: [] };

function add(left: UsageSum, right: UsageSum): UsageSum {
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    buckets: right.buckets.map((count, bucket) => count + (left.buckets[bucket] ?? 0)),
  };
}

function figuresOf({ requests, errors, buckets }: UsageSum): Figures {
  return { requests, errors, p50Ms: percentileOf(buckets, 0.5), p95Ms: percentileOf(buckets, 0.95) };
}

function clientOf(clientId: string): string | null {
  return clientId === '' ? null : clientId;
}

/** Of all the organisation's clients and API keys, or of one client of it. */
export async function readUsage(
  scope: Scope,
  organisationId: string,
  { period, clientId }: { readonly period: UsagePeriod; readonly clientId?: string | undefined },
): Promise<Usage> {
  const span = spanOf(period, scope.now);
  const sums = await retryRead(scope, () => readUsageSums(scope.database, organisationId, span, clientId));
  // The limit is each client's own, so a busy minute is that of one client; API keys have limits of another kind.
  const busiest = (isMeant: (peak: (typeof sums.peaks)[number]) => boolean) =>
    sums.peaks.reduce((most, peak) => (isMeant(peak) ? Math.max(most, peak.requests) : most), 0);
  return {
    span,
    total: {
      ...figuresOf([...sums.stretches.values()].reduce(add, NOTHING)),
      busiestMinute: busiest((peak) => peak.clientId !== ''),
    },
    series: Array.from({ length: span.stretches }, (_, stretch) => ({
      fromHour: span.fromHour + stretch * span.stretchHours,
      ...figuresOf(sums.stretches.get(stretch) ?? NOTHING),
      busiestMinute: busiest((peak) => peak.clientId !== '' && peak.stretch === stretch),
    })),
    clients: sums.clients.map(({ clientId: id, sum }) => ({
      clientId: clientOf(id),
      busiestMinute: busiest((peak) => peak.clientId === id),
      ...figuresOf(sum),
    })),
    routes: Array.from(sums.routes, ({ clientId: id, route, sum }) => ({
      clientId: clientOf(id),
      route,
      ...figuresOf(sum),
    })),
    errors: sums.errors.map(({ status, code, requests }) => ({
      status,
      code: code === '' ? null : code,
      requests,
    })),
  };
}
