/** What runs beside the requests, and who delivers which rows of the outbox. */

import { forgetSessions } from '#access/visit.flow.ts';
import { settlementOf } from '#adapters.ts';
import { forgetAttempts } from '#authorization/forget-attempts.flow.ts';
import { deliverClientNews } from '#clients/client-outbox.flow.ts';
import { endConsentsOfClient } from '#consents/end-consent.flow.ts';
import { forgetIdentityGrants } from '#consents/identity-grants.flow.ts';
import { forgetEnded } from '#developers/forget-accounts.flow.ts';
import { logAuditHeads } from '#developers/log-audit-heads.flow.ts';
import { checkStatus, isUsable } from '#docs/check-status.flow.ts';
import { foldFigures, recordProbe, writeUpDays } from '#edge/keep-figures.flow.ts';
import { drainOutbox, type OutboxHandlers } from '#edge/outbox.flow.ts';
import type { ScheduledJob } from '#edge/scheduled-work.ts';
import { logAuditEnd } from '#operator/log-audit-end.flow.ts';
import { paymentHandlers } from '#payments/deliver-payment.flow.ts';
import { forgetKeys } from '#payments/forget-keys.flow.ts';
import { forgetDrafts } from '#portal/application-draft.flow.ts';
import { RESET_HANDLERS } from '#sandbox/reset.flow.ts';
import { purgeTenants } from '#sandbox/tenants.flow.ts';
import { foldOldUsage } from '#traffic/fold-usage.flow.ts';
import { forgetRequests } from '#traffic/forget-requests.flow.ts';

/** What only the sandbox has; production's bundle is made without it. */
const sandbox =
  typeof INCLUDES_SANDBOX === 'undefined' || INCLUDES_SANDBOX
    ? { outbox: RESET_HANDLERS, purge: purgeTenants }
    : undefined;

const OUTBOX_HANDLERS: OutboxHandlers = {
  'client.changed': deliverClientNews,
  'client.ended': async (scope, delivery) => {
    await deliverClientNews(scope, delivery);
    await endConsentsOfClient(scope, delivery.subject, { by: 'tpp', note: 'the client was deleted' });
  },
  ...paymentHandlers(settlementOf),
  ...sandbox?.outbox,
};

export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  { name: 'outbox', every: 'tick', run: (scope) => drainOutbox(scope, OUTBOX_HANDLERS) },
  ...(sandbox === undefined ? [] : [{ name: 'tenants', every: 'tick', run: sandbox.purge } as const]),
  {
    name: 'probe',
    every: 'tick',
    run: async (scope) => recordProbe(scope, isUsable(await checkStatus(scope))),
  },
  { name: 'figures', every: 'tick', run: foldFigures },
  { name: 'request log', every: 'tick', run: forgetRequests },
  { name: 'usage', every: 'hour', run: foldOldUsage },
  { name: 'audit heads', every: 'hour', run: logAuditHeads },
  { name: 'audit end', every: 'hour', run: logAuditEnd },
  { name: 'days', every: 'day', run: writeUpDays },
  { name: 'access sessions', every: 'day', run: forgetSessions },
  { name: 'identity grants', every: 'day', run: forgetIdentityGrants },
  { name: 'login attempts', every: 'day', run: forgetAttempts },
  { name: 'developer sessions', every: 'day', run: forgetEnded },
  { name: 'idempotency keys', every: 'day', run: forgetKeys },
  { name: 'application drafts', every: 'day', run: forgetDrafts },
];
