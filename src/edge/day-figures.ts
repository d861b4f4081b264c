/**
 * What regulators ask of an interface, by day: how long it was down, how quickly it answered, how often it failed. Days
 * are UTC. Source: EBA/GL/2018/07 guidelines 2 and 3; FCA Handbook SUP 16 Annex 46B (REP020).
 */
import { FIGURE_KINDS, type FigureKind, NO_TALLY, sumOf, type Tally } from '#edge/figures.ts';
import { DAY_SECONDS, MINUTE_SECONDS } from '#kernel/time.ts';

/** Minutes of a day, and of the pause between two probes: the period of the cron trigger. */
export const DAY_MINUTES = DAY_SECONDS / MINUTE_SECONDS;
const SLOT_MINUTES = 5;

export const NO_TALLIES: Readonly<Record<FigureKind, Tally>> = {
  ais: NO_TALLY,
  pis: NO_TALLY,
  cof: NO_TALLY,
  other: NO_TALLY,
};

/** What is known of one minute: requests of all kinds, and probes. */
export interface Evidence {
  readonly minute: number;
  readonly answered: number;
  readonly faults: number;
  readonly probes: number;
  readonly failedProbes: number;
}

export interface Standing {
  readonly measuredSeconds: number;
  readonly downSeconds: number;
}

/**
 * How long the interfaces were down in the minutes from `from` to before `to`. A minute with one request answered was
 * up; one whose requests failed was down; one without either was what the probe of its five minutes said. Where there was
 * no probe either, it was down if probes are to be expected, else it is left out.
 */
export function standingOf(
  evidence: readonly Evidence[],
  span: { readonly from: number; readonly to: number; readonly expectsProbes: boolean },
): Standing {
  const minutes = new Map(evidence.map((each) => [each.minute, each]));
  const probes = new Map<number, boolean>();
  for (const { minute, failedProbes, probes: taken } of evidence) {
    if (taken > 0) probes.set(Math.floor(minute / SLOT_MINUTES), failedProbes === 0);
  }
  let measured = 0;
  let down = 0;
  for (let minute = span.from; minute < span.to; minute += 1) {
    const { answered = 0, faults = 0 } = minutes.get(minute) ?? {};
    const probe = probes.get(Math.floor(minute / SLOT_MINUTES));
    const isUp = answered > 0 || (faults === 0 && probe === true);
    if (!isUp && faults === 0 && probe === undefined && !span.expectsProbes) continue;
    measured += 1;
    if (!isUp) down += 1;
  }
  return { measuredSeconds: measured * MINUTE_SECONDS, downSeconds: down * MINUTE_SECONDS };
}

/** The minutes of a day that can be judged at `now` (epoch seconds): none before the first known, no running five. */
export function judgedSpan(day: number, firstMinute: number, now: number): { from: number; to: number } {
  const slot = Math.floor(now / MINUTE_SECONDS / SLOT_MINUTES) * SLOT_MINUTES;
  const from = Math.max(day * DAY_MINUTES, firstMinute);
  return { from, to: Math.max(from, Math.min((day + 1) * DAY_MINUTES, slot)) };
}

/** A day as it is published. */
export interface DayFigures extends Standing {
  /** Days since 1 January 1970. */
  readonly day: number;
  readonly tallies: Readonly<Record<FigureKind, Tally>>;
}

/** All requests of a day together. */
export function allOf({ tallies }: DayFigures): Tally {
  return FIGURE_KINDS.map((kind) => tallies[kind]).reduce(sumOf);
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : (part / whole) * 100;
}

/** Mean milliseconds of an answered request; undefined where there was none. */
export function meanMs({ answered, totalMs }: Tally): number | undefined {
  return answered === 0 ? undefined : totalMs / answered;
}

/** Share of the measured time in which the interfaces worked, per cent. */
export function availabilityOf({ measuredSeconds, downSeconds }: Standing): number | undefined {
  return share(measuredSeconds - downSeconds, measuredSeconds);
}

/** Share of requests that failed by a fault of ours, per cent. */
export function errorRateOf(day: DayFigures): number | undefined {
  const { requests, faults } = allOf(day);
  return share(faults, requests);
}
