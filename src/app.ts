/** Mounts every room with its adapters; decides nothing. */
import type { Hono } from 'hono';
import { answerError } from '#edge/answer-error.ts';
import { type LazyRoutes, lazyRoutes, mountLazily } from '#edge/lazy-routes.ts';
import { consoleLog, describeError, type Log } from '#edge/log.ts';
import { recordAnswers } from '#edge/record-answers.flow.ts';
import { type FrameParts, frameRequest, makeScope, settingsOf } from '#edge/request-frame.ts';
import { makeRoutes } from '#edge/routes.ts';
import { runScheduled } from '#edge/scheduled-work.ts';
import type { AppEnv } from '#edge/scope.ts';
import { systemClock } from '#edge/system-clock.ts';
import { answerUnrouted, wantsPage } from '#edge/unrouted.ts';
import type { Clock } from '#kernel/time.ts';
import { recordRequests } from '#traffic/record-requests.flow.ts';

/** What a test may put in the place of the real thing. */
export interface AppParts {
  readonly clock?: Clock;
  readonly log?: Log;
  /** How long figures of what was answered are gathered before they are written, milliseconds; absent: not kept. */
  readonly gatherMs?: number;
  /** How long calls are gathered before they go to the request log's queue, milliseconds; absent: not logged. */
  readonly sendMs?: number;
}

/** Every route there is, by the paths it lies at or below. The import stands in the table: nothing is loaded before. */
const ROUTES: readonly LazyRoutes[] = [
  lazyRoutes(['/register'], async () => {
    const { registrationRoutes } = await import('#registration/registration.routes.ts');
    return registrationRoutes((await import('#developers/record-own-change.flow.ts')).recordOwnChange);
  }),
  lazyRoutes(['/oauth/par'], async () => (await import('#authorization/par.routes.ts')).parRoutes()),
  lazyRoutes(['/oauth/authorize'], async () => {
    const { authorizePages } = await import('#authorization/authorize.pages.tsx');
    return authorizePages((await import('#adapters.ts')).journeyPorts);
  }),
  lazyRoutes(['/my/access'], async () => {
    const { accessPages } = await import('#access/access.pages.tsx');
    return accessPages((await import('#adapters.ts')).journeyPorts);
  }),
  lazyRoutes(['/oauth/token'], async () => (await import('#grants/token.routes.ts')).tokenRoutes()),
  lazyRoutes(['/.well-known', '/oauth/jwks'], async () =>
    (await import('#grants/metadata.routes.ts')).metadataRoutes(),
  ),
  lazyRoutes(['/open-banking/v1/consents'], async () =>
    (await import('#consents/consents.routes.ts')).consentsRoutes(),
  ),
  lazyRoutes(
    ['/open-banking/v1/accounts', '/open-banking/v1/balances', '/open-banking/v1/transactions'],
    async () => (await import('#accounts/accounts.routes.ts')).accountsRoutes(),
  ),
  lazyRoutes(['/open-banking/v1/payments'], async () => {
    const { paymentsRoutes } = await import('#payments/payments.routes.ts');
    return paymentsRoutes((await import('#adapters.ts')).settlementOf);
  }),
  lazyRoutes(['/open-banking/v1/funds-confirmations'], async () =>
    (await import('#funds/funds-confirmations.routes.ts')).fundsConfirmationsRoutes(),
  ),
  lazyRoutes(['/dashboard/organisation', '/dashboard/invitation'], async () => {
    const { organisationPages } = await import('#developers/organisation.pages.tsx');
    return organisationPages((await import('#adapters.ts')).mailerOf);
  }),
  lazyRoutes(['/dashboard/audit', '/dashboard/audit.csv'], async () =>
    (await import('#developers/audit.pages.tsx')).auditPages(),
  ),
  lazyRoutes(['/developer/v1/api-key'], async () =>
    (await import('#portal/own-key.routes.ts')).ownKeyRoutes(),
  ),
  lazyRoutes(['/dashboard/api-keys'], async () =>
    (await import('#portal/api-keys.pages.tsx')).apiKeysPages(),
  ),
  lazyRoutes(
    [
      '/dashboard/sign-up',
      '/dashboard/confirm-email',
      '/dashboard/sign-in',
      '/dashboard/sign-out',
      '/dashboard/reset-password',
      '/dashboard/confirm',
      '/dashboard/security',
    ],
    async () => {
      const { accountPages } = await import('#developers/account.pages.tsx');
      return accountPages((await import('#adapters.ts')).mailerOf);
    },
  ),
  // Production's bundle is made without the sandbox room (`define` in wrangler.toml).
  ...(typeof INCLUDES_SANDBOX === 'undefined' || INCLUDES_SANDBOX
    ? [lazyRoutes(['/sandbox'], async () => (await import('#sandbox/sandbox.routes.ts')).sandboxRoutes())]
    : []),
  // No deployment shows mail: each sends it.
  ...(typeof INCLUDES_MAILBOX === 'undefined' || INCLUDES_MAILBOX
    ? [lazyRoutes(['/dev/mail'], async () => (await import('#sandbox/mailbox.pages.tsx')).mailboxPages())]
    : []),
  lazyRoutes(['/dashboard/applications'], async () => {
    const { applicationPages } = await import('#portal/applications.pages.tsx');
    return applicationPages((await import('#adapters.ts')).mintStatement);
  }),
  lazyRoutes(['/operator'], async () => (await import('#operator/operator.routes.ts')).operatorRoutes()),
  lazyRoutes(['/developer/v1/requests', '/developer/v1/usage'], async () =>
    (await import('#traffic/traffic.routes.ts')).trafficRoutes(),
  ),
  lazyRoutes(['/dashboard'], async () => {
    const { overviewPages } = await import('#portal/overview.pages.tsx');
    return overviewPages((await import('#adapters.ts')).testCustomersOf);
  }),
  lazyRoutes(['/dashboard/requests'], async () =>
    (await import('#portal/requests.pages.tsx')).requestsPages(),
  ),
  lazyRoutes(['/dashboard/usage'], async () => (await import('#portal/usage.pages.tsx')).usagePages()),
  lazyRoutes(['/metrics'], async () => (await import('#docs/metrics.pages.tsx')).metricsPages()),
  lazyRoutes(['/', '/docs', '/llms.txt', '/openapi.json', '/reference', '/status'], async () =>
    (await import('#docs/docs.pages.tsx')).docsPages(),
  ),
];

function partsOf(given: AppParts): FrameParts {
  const clock = given.clock ?? systemClock;
  return {
    clock,
    log: given.log ?? consoleLog,
    isolate: { startedAtMs: clock.nowMs() },
    record: [
      ...(given.gatherMs === undefined ? [] : [recordAnswers(given.gatherMs)]),
      ...(given.sendMs === undefined ? [] : [recordRequests(given.sendMs)]),
    ],
  };
}

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
    const { SCHEDULED_JOBS } = await import('#jobs.ts');
    await runScheduled(scope, controller.scheduledTime, SCHEDULED_JOBS);
  };
}

/** Seconds after which the queue delivers again what was not taken. */
const REDELIVERY_SECONDS = 30;

/** The consumer of the request log's queue. */
export function createQueue(given: AppParts = {}): ExportedHandlerQueueHandler<Env> {
  const parts = partsOf(given);
  return async function queue(batch, bindings, execution) {
    const settings = settingsOf(bindings);
    if (!settings.ok) {
      parts.log('error', { event: 'misconfigured', reason: settings.refusal.reason });
      batch.retryAll({ delaySeconds: REDELIVERY_SECONDS });
      return;
    }
    const scope = makeScope(parts, bindings, settings.value, (work) => execution.waitUntil(work));
    const { takeMessages } = await import('#traffic/take-messages.flow.ts');
    try {
      await takeMessages(
        scope,
        batch.messages.map(({ body }) => body),
      );
    } catch (error) {
      parts.log('warn', {
        event: 'request_log_put_off',
        request_id: scope.requestId,
        reason: describeError(error),
      });
      batch.retryAll({ delaySeconds: REDELIVERY_SECONDS });
    }
  };
}

function assemble(given: AppParts) {
  const app = makeRoutes();
  app.use(frameRequest(partsOf(given)));
  const loadAll = mountLazily(app, ROUTES);
  app.notFound(
    answerUnrouted(app, async (c, status) => (await import('#docs/docs.pages.tsx')).answerNoPage(c, status)),
  );
  app.onError(async (error, c) => {
    const answer = answerError(error, c);
    if (answer.status < 500 || !wantsPage(c)) return answer;
    return (await import('#docs/docs.pages.tsx')).answerFaultPage(c, answer.status === 503);
  });
  return { app, loadAll };
}

/** One app is one isolate: its caches begin empty, and no room is loaded. */
export function createApp(given: AppParts = {}): Hono<AppEnv> {
  return assemble(given).app;
}

/** An app whose rooms are all loaded, for who lists its routes. */
export async function createWholeApp(given: AppParts = {}): Promise<Hono<AppEnv>> {
  const { app, loadAll } = assemble(given);
  await loadAll();
  return app;
}
