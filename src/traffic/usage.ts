/** Usage over a period: how many calls, which errors, how quick, how near to the rate limit. Hours are since 1970, UTC. */
import { HOUR_SECONDS } from '#kernel/time.ts';

export const USAGE_PERIODS = ['24h', '7d', '30d'] as const;
export type UsagePeriod = (typeof USAGE_PERIODS)[number];

/** Hours of a stretch of the series, and how many stretches a period has: 24 hours, 28 quarter days, 30 days. */
const STRETCHES = {
  '24h': { hours: 1, count: 24 },
  '7d': { hours: 6, count: 28 },
  '30d': { hours: 24, count: 30 },
} as const satisfies Record<UsagePeriod, { readonly hours: number; readonly count: number }>;

export interface UsageSpan {
  readonly fromHour: number;
  /** Not included. */
  readonly toHour: number;
  readonly stretchHours: number;
  readonly stretches: number;
}

/** Whole stretches by the clock (UTC), the running one the last. */
export function spanOf(period: UsagePeriod, now: number): UsageSpan {
  const { hours, count } = STRETCHES[period];
  const toHour = (Math.floor(now / HOUR_SECONDS / hours) + 1) * hours;
  return { fromHour: toHour - hours * count, toHour, stretchHours: hours, stretches: count };
}

export interface Figures {
  readonly requests: number;
  /** Of them, answered with status 400 or above. */
  readonly errors: number;
  /** Of the others: within how long half of them, and 95 of 100, were answered; milliseconds, 12 % exact. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

/** Requests in the busiest minute, of the one client that had most in it. */
export interface Busy {
  readonly busiestMinute: number;
}

export interface UsageStretch extends Figures, Busy {
  readonly fromHour: number;
}

export interface ClientUsage extends Figures, Busy {
  /** Null: calls by API key. */
  readonly clientId: string | null;
}

export interface RouteUsage extends Figures {
  readonly clientId: string | null;
  /** Method and pattern. */
  readonly route: string;
}

export interface ErrorUsage {
  readonly status: number;
  readonly code: string | null;
  readonly requests: number;
}

export interface Usage {
  readonly span: UsageSpan;
  readonly total: Figures & Busy;
  /** Oldest first, every stretch of the span. */
  readonly series: readonly UsageStretch[];
  /** Most requests first. */
  readonly clients: readonly ClientUsage[];
  readonly routes: readonly RouteUsage[];
  readonly errors: readonly ErrorUsage[];
}
