/**
 * Keeps the request log to its size and age, and usage to its age. D1: one read to look, one for each organisation with
 * something to remove, at most 5 for sums. Objects: none. What a tick leaves, the next one takes.
 */
import type { Scope } from '#edge/scope.ts';
import { messageIdFrom } from '#traffic/request-entry.ts';
import { cutLog, findOverfull, forgetSums } from '#traffic/request-log.store.ts';
import {
  daysAgoMs,
  KEPT_DAYS,
  KEPT_ROWS,
  MESSAGES_KEPT_DAYS,
  MINUTES_KEPT_DAYS,
  USAGE_KEPT_DAYS,
} from '#traffic/retention.ts';

/** Organisations looked at in a tick, and rows of sums removed at once. */
const ORGANISATIONS = 50;
const ROWS = 2_000;
const ROUNDS = 5;

/** For the schedule: every tick. */
export async function forgetRequests(scope: Scope): Promise<void> {
  const { database, nowMs } = scope;
  const kept = { keep: KEPT_ROWS, fromMs: daysAgoMs(nowMs, KEPT_DAYS) };
  for (const organisationId of await findOverfull(database, { ...kept, limit: ORGANISATIONS })) {
    await cutLog(database, organisationId, kept);
  }
  const ages = {
    hour: Math.floor(daysAgoMs(nowMs, USAGE_KEPT_DAYS) / 3_600_000),
    minute: Math.floor(daysAgoMs(nowMs, MINUTES_KEPT_DAYS) / 60_000),
    messageId: messageIdFrom(daysAgoMs(nowMs, MESSAGES_KEPT_DAYS)),
    limit: ROWS,
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!(await forgetSums(database, ages))) return;
  }
}
