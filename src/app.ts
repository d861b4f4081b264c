/** Mounts every room with its adapters; decides nothing. */
import { Hono } from 'hono';
import { accountsRoutes } from '#accounts/accounts.routes.ts';
import { authorizePages } from '#authorization/authorize.pages.tsx';
import { parRoutes } from '#authorization/par.routes.ts';
import { consentsRoutes } from '#consents/consents.routes.ts';
import { docsPages } from '#docs/docs.pages.tsx';
import { openapiRoutes } from '#docs/openapi.routes.ts';
import { answerRefusal } from '#edge/answers.ts';
import { consoleLog, type Log } from '#edge/log.ts';
import { frameRequest } from '#edge/request-frame.ts';
import type { AppEnv } from '#edge/scope.ts';
import { systemClock } from '#edge/system-clock.ts';
import { answerUnrouted } from '#edge/unrouted.ts';
import { metadataRoutes } from '#grants/metadata.routes.ts';
import { tokenRoutes } from '#grants/token.routes.ts';
import { refuse } from '#kernel/result.ts';
import type { Clock } from '#kernel/time.ts';
import { registrationRoutes } from '#registration/registration.routes.ts';
import { sandboxRoutes } from '#sandbox/sandbox.routes.ts';

/** What a test may put in the place of the real thing. */
export interface AppParts {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** One app is one isolate: its caches begin empty. */
export function createApp(given: AppParts = {}): Hono<AppEnv> {
  const clock = given.clock ?? systemClock;
  const parts = { clock, log: given.log ?? consoleLog, isolate: { startedAtMs: clock.nowMs() } };
  const app = new Hono<AppEnv>();
  app.use(frameRequest(parts));
  app.route('/', registrationRoutes());
  app.route('/', parRoutes());
  app.route('/', authorizePages());
  app.route('/', tokenRoutes());
  app.route('/', metadataRoutes());
  app.route('/', consentsRoutes());
  app.route('/', accountsRoutes());
  app.route('/', sandboxRoutes());
  app.route('/', openapiRoutes());
  app.route('/', docsPages());
  app.notFound(answerUnrouted(app, (c) => c.text('Not found', 404)));
  app.onError((error, c) => {
    c.var.scope.log('error', { event: 'fault', request_id: c.var.scope.requestId, reason: String(error) });
    return answerRefusal(c, refuse('internal_error', 'exception').refusal);
  });
  return app;
}
