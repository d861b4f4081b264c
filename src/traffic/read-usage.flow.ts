/** An organisation's usage over a period. D1: one batch. Objects: none. */
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { BUCKETS, percentileOf } from '#traffic/latency.ts';
import { readUsageSums, type UsageSum } from '#traffic/usage.store.ts';
import { type Figures, spanOf, type Usage, type UsagePeriod } from '#traffic/usage.ts';

/** What sums come to together. */
function figuresOf(sums: readonly UsageSum[]): Figures {
  const total = (name: keyof UsageSum) => sums.reduce((all, sum) => all + (sum[name] ?? 0), 0);
  const counts = BUCKETS.map(total);
  return {
    requests: total('requests'),
    errors: total('errors'),
    p50Ms: percentileOf(counts, 0.5),
    p95Ms: percentileOf(counts, 0.95),
  };
}

/** Of all the organisation's clients and API keys, or of one client of it. */
export async function readUsage(
  scope: Scope,
  organisationId: string,
  { period, clientId }: { readonly period: UsagePeriod; readonly clientId?: string | undefined },
): Promise<Usage> {
  const span = spanOf(period, scope.now);
  const { stretches, clients, routes, errors, peaks } = await retryRead(scope, () =>
    readUsageSums(scope.database, organisationId, span, clientId),
  );
  // The limit is each client's own, so a busy minute is that of one client; API keys have limits of another kind.
  const busiest = (isMeant: (peak: (typeof peaks)[number]) => boolean) =>
    peaks.reduce((most, peak) => (isMeant(peak) ? Math.max(most, peak.requests) : most), 0);
  return {
    span,
    total: { ...figuresOf(stretches), busiestMinute: busiest((peak) => peak.clientId !== null) },
    series: Array.from({ length: span.stretches }, (_, stretch) => ({
      fromHour: span.fromHour + stretch * span.stretchHours,
      ...figuresOf(stretches.filter((sum) => sum.stretch === stretch)),
      busiestMinute: busiest((peak) => peak.clientId !== null && peak.stretch === stretch),
    })),
    clients: Array.from(clients, (sum) => ({
      clientId: sum.clientId,
      ...figuresOf([sum]),
      busiestMinute: busiest((peak) => peak.clientId === sum.clientId),
    })),
    routes: Array.from(routes, (sum) => ({ clientId: sum.clientId, route: sum.route, ...figuresOf([sum]) })),
    errors,
  };
}
