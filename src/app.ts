/** Mounts every room with its adapters; decides nothing. */
import type { Hono } from 'hono';
import { accountsRoutes } from '#accounts/accounts.routes.ts';
import { authorizePages } from '#authorization/authorize.pages.tsx';
import { bankJourney } from '#authorization/bank-journey.flow.ts';
import { forgetAttempts } from '#authorization/forget-attempts.flow.ts';
import { parRoutes } from '#authorization/par.routes.ts';
import type { JourneyPortsOf } from '#authorization/second-factor.ts';
import { deliverClientNews } from '#clients/client-outbox.flow.ts';
import { consentsRoutes } from '#consents/consents.routes.ts';
import { endConsentsOfClient } from '#consents/end-consent.flow.ts';
import { logAuditHeads } from '#developers/log-audit-heads.flow.ts';
import { checkStatus, isUsable } from '#docs/check-status.flow.ts';
import { answerFaultPage, answerNoPage, docsPages } from '#docs/docs.pages.tsx';
import { metricsPages } from '#docs/metrics.pages.tsx';
import { openapiRoutes } from '#docs/openapi.routes.ts';
import { answerError } from '#edge/answer-error.ts';
import { foldFigures, recordProbe, writeUpDays } from '#edge/keep-figures.flow.ts';
import { consoleLog, type Log } from '#edge/log.ts';
import { drainOutbox, type OutboxHandlers } from '#edge/outbox.flow.ts';
import { recordAnswers } from '#edge/record-answers.flow.ts';
import { type FrameParts, frameRequest, makeScope, settingsOf } from '#edge/request-frame.ts';
import { makeRoutes } from '#edge/routes.ts';
import { runScheduled, type ScheduledJob } from '#edge/scheduled-work.ts';
import type { AppEnv } from '#edge/scope.ts';
import { systemClock } from '#edge/system-clock.ts';
import { answerUnrouted, wantsPage } from '#edge/unrouted.ts';
import { fundsConfirmationsRoutes } from '#funds/funds-confirmations.routes.ts';
import { metadataRoutes } from '#grants/metadata.routes.ts';
import { tokenRoutes } from '#grants/token.routes.ts';
import { ok, refuse } from '#kernel/result.ts';
import type { Clock } from '#kernel/time.ts';
import { operatorRoutes } from '#operator/operator.routes.ts';
import { paymentHandlers } from '#payments/deliver-payment.flow.ts';
import { forgetKeys } from '#payments/forget-keys.flow.ts';
import { paymentsRoutes } from '#payments/payments.routes.ts';
import type { SettlementOf } from '#payments/settlement.ts';
import { registrationRoutes } from '#registration/registration.routes.ts';
import { sandboxJourney } from '#sandbox/journey-ports.flow.ts';
import { RESET_HANDLERS } from '#sandbox/reset.flow.ts';
import { sandboxRoutes } from '#sandbox/sandbox.routes.ts';
import { sandboxSettlement } from '#sandbox/settlement.flow.ts';
import { purgeTenants } from '#sandbox/tenants.flow.ts';

/** What a test may put in the place of the real thing. */
export interface AppParts {
  readonly clock?: Clock;
  readonly log?: Log;
  /** How long figures of what was answered are gathered before they are written, milliseconds; absent: not kept. */
  readonly gatherMs?: number;
}

/**
 * What only the sandbox has. Production's bundle is made without it (`define` in wrangler.toml); where it is there, the
 * environment decides at each request.
 */
const sandbox =
  typeof INCLUDES_SANDBOX === 'undefined' || INCLUDES_SANDBOX
    ? {
        routes: sandboxRoutes,
        journey: sandboxJourney,
        settlement: sandboxSettlement,
        outbox: RESET_HANDLERS,
        purge: purgeTenants,
      }
    : undefined;

/** In production the bank's own Worker sends the codes. */
const journeyPorts: JourneyPortsOf = (scope) =>
  scope.settings.environment === 'sandbox' && sandbox !== undefined
    ? ok(sandbox.journey)
    : bankJourney(scope);

/** Production has no settlement until one is configured here: no payment is made before. */
const settlementOf: SettlementOf = ({ settings }) =>
  settings.environment === 'sandbox' && sandbox !== undefined
    ? ok(sandbox.settlement)
    : refuse('service_unavailable', 'no settlement configured', { retryAfterSeconds: 60 });

function partsOf(given: AppParts): FrameParts {
  const clock = given.clock ?? systemClock;
  return {
    clock,
    log: given.log ?? consoleLog,
    isolate: { startedAtMs: clock.nowMs() },
    record: given.gatherMs === undefined ? undefined : recordAnswers(given.gatherMs),
  };
}

/** Who delivers which rows of the outbox. */
const OUTBOX_HANDLERS: OutboxHandlers = {
  'client.changed': deliverClientNews,
  'client.ended': async (scope, delivery) => {
    await deliverClientNews(scope, delivery);
    await endConsentsOfClient(scope, delivery.subject, { by: 'tpp', note: 'the client was deleted' });
  },
  ...paymentHandlers(settlementOf),
  ...sandbox?.outbox,
};

/** What runs beside the requests. */
const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  { name: 'outbox', every: 'tick', run: (scope) => drainOutbox(scope, OUTBOX_HANDLERS) },
  ...(sandbox === undefined ? [] : [{ name: 'tenants', every: 'tick', run: sandbox.purge } as const]),
  {
    name: 'probe',
    every: 'tick',
    run: async (scope) => recordProbe(scope, isUsable(await checkStatus(scope))),
  },
  { name: 'figures', every: 'tick', run: foldFigures },
  { name: 'audit heads', every: 'hour', run: logAuditHeads },
  { name: 'days', every: 'day', run: writeUpDays },
  { name: 'login attempts', every: 'day', run: forgetAttempts },
  { name: 'idempotency keys', every: 'day', run: forgetKeys },
];

/** The handler of the cron trigger. */
export function createScheduled(given: AppParts = {}): ExportedHandlerScheduledHandler<Env> {
  const parts = partsOf(given);
  return async function scheduled(controller, bindings, execution) {
    const settings = settingsOf(bindings);
    if (!settings.ok) {
      parts.log('error', { event: 'misconfigured', reason: settings.refusal.reason });
      return;
    }
    const scope = makeScope(parts, bindings, settings.value, (work) => execution.waitUntil(work));
    await runScheduled(scope, controller.scheduledTime, SCHEDULED_JOBS);
  };
}

/** One app is one isolate: its caches begin empty. */
export function createApp(given: AppParts = {}): Hono<AppEnv> {
  const parts = partsOf(given);
  const app = makeRoutes();
  app.use(frameRequest(parts));
  app.route('/', registrationRoutes());
  app.route('/', parRoutes());
  app.route('/', authorizePages(journeyPorts));
  app.route('/', tokenRoutes());
  app.route('/', metadataRoutes());
  app.route('/', consentsRoutes());
  app.route('/', accountsRoutes());
  app.route('/', paymentsRoutes(settlementOf));
  app.route('/', fundsConfirmationsRoutes());
  if (sandbox !== undefined) app.route('/', sandbox.routes());
  app.route('/', operatorRoutes());
  app.route('/', openapiRoutes());
  app.route('/', metricsPages());
  app.route('/', docsPages());
  app.notFound(answerUnrouted(app, answerNoPage));
  app.onError((error, c) => {
    const answer = answerError(error, c);
    return answer.status >= 500 && wantsPage(c) ? answerFaultPage(c, answer.status === 503) : answer;
  });
  return app;
}
