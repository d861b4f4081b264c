/** Answers people whose request goes no further. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answerPage } from '#edge/answer-page.ts';
import { type DeadEndProps, DeadEndView } from '#edge/dead-end.view.tsx';
import type { AppEnv } from '#edge/scope.ts';

interface DeadEnd extends Omit<DeadEndProps, 'environment' | 'host' | 'requestId'> {
  readonly status: ContentfulStatusCode;
  /** Where that is known; else a moment. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A page that says why it goes no further; `code` and `reason` are for the log alone. */
export function answerDeadEnd<E extends AppEnv>(
  c: Context<E>,
  code: string,
  reason: string,
  { status, retryAfterSeconds = 5, ...page }: DeadEnd,
): Response | Promise<Response> {
  const { scope } = c.var;
  const { environment, issuer } = scope.settings;
  scope.trace.code = code;
  scope.trace.reason = reason;
  if (status === 429 || status === 503) c.header('Retry-After', String(retryAfterSeconds));
  return answerPage(
    c,
    <DeadEndView
      {...page}
      environment={environment}
      host={new URL(issuer).host}
      requestId={scope.requestId}
    />,
    { status },
  );
}
