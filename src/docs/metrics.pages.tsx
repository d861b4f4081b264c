/** Availability and performance by day: for people, for programs, and as a table for regulators. */
import type { Context, Hono } from 'hono';
import { siteOf } from '#developers/site.ts';
import { parseDaySpan, renderCsv, renderDay, renderFigures } from '#docs/metrics.schema.ts';
import { MetricsView } from '#docs/metrics.view.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { dayOf, readFigures } from '#edge/keep-figures.flow.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { wantsPage } from '#edge/unrouted.ts';

const PATH = '/metrics/open-banking';

async function answerMetrics(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const limited = await limitSource(scope);
  if (!limited.ok) return answerRefusal(c, limited.refusal);
  const span = parseDaySpan({ from: c.req.query('from'), to: c.req.query('to') }, dayOf(scope.now));
  if (!span.ok) return answerRefusal(c, span.refusal);
  const days = await readFigures(scope, span.value.from, span.value.to);
  if (c.req.path !== PATH) {
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', 'text/csv; charset=utf-8; header=present');
    c.header('Content-Disposition', 'attachment; filename="open-banking.csv"');
    return c.body(renderCsv(days));
  }
  if (!wantsPage(c)) return answerJson(c, renderFigures(days, scope.now), 200);
  const csv = `${PATH}.csv?from=${renderDay(span.value.from)}&to=${renderDay(span.value.to)}`;
  return answerPage(c, <MetricsView site={siteOf(scope)} days={days} csv={csv} />);
}

export function metricsPages(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.get(PATH, answerMetrics);
  routes.get(`${PATH}.csv`, answerMetrics);
  return routes;
}
