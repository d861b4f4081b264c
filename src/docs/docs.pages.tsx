/** The front door, the documentation, the OpenAPI document with its reference, and the status page. */
import type { Context, Hono } from 'hono';
import { siteOf } from '#developers/site.ts';
import { checkStatus, isUsable } from '#docs/check-status.flow.ts';
import { DocumentsView, DocumentView } from '#docs/document.view.tsx';
import type { RenderedDocument } from '#docs/documents.ts';
import { readDocuments, readGenerated } from '#docs/read-document.flow.ts';
import { FaultView, FrontDoorView, NotFoundView, ReferenceView, StatusView } from '#docs/site.view.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { answerRefusal } from '#edge/answers.ts';
import { allowAnyOrigin } from '#edge/any-origin.guard.ts';
import { servesDevelopers } from '#edge/developer-host.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { wantsPage } from '#edge/unrouted.ts';
import { refuse } from '#kernel/result.ts';
import { renderInstant } from '#kernel/time.ts';

/** Seconds after which to look at the status again. */
const STATUS_RETRY_SECONDS = 10;

function answerText(c: Context<AppEnv>, text: string, mediaType: 'text/markdown' | 'text/plain'): Response {
  c.header('Cache-Control', 'no-store');
  c.header('Content-Type', `${mediaType}; charset=utf-8`);
  return c.body(text);
}

/** Whose pages an address is among. */
function audienceOf({ req }: Context<AppEnv>): 'customer' | 'developer' {
  return /^\/(oauth|my)\//.test(req.path) ? 'customer' : 'developer';
}

/** The page for an address that has none. */
export function answerNoPage(c: Context<AppEnv>, status: 404 | 405 = 404): Response | Promise<Response> {
  const page = <NotFoundView site={siteOf(c.var.scope)} audience={audienceOf(c)} />;
  return answerPage(c, page, { status });
}

/** The page for a fault or an outage of ours, of the site or of the customer's journey. */
export function answerFaultPage(c: Context<AppEnv>, isOutage: boolean): Response | Promise<Response> {
  return answerPage(
    c,
    <FaultView
      site={siteOf(c.var.scope)}
      audience={audienceOf(c)}
      isOutage={isOutage}
      requestId={c.var.scope.requestId}
    />,
    { status: isOutage ? 503 : 500 },
  );
}

/** Where a route of ours has nothing to show: a page for a browser, the API's form for a program. */
function answerNothing(c: Context<AppEnv>): Response | Promise<Response> {
  return wantsPage(c) ? answerNoPage(c) : answerRefusal(c, refuse('not_found', 'no such page').refusal);
}

async function answerDocument(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const name = c.req.param('name') ?? '';
  const slug = name.replace(/\.md$/, '');
  const documents = await readDocuments(scope);
  if (!documents.some((entry) => entry.slug === slug)) return answerNothing(c);
  if (slug !== name) return answerText(c, await readGenerated(scope, `docs/${name}`), 'text/markdown');
  const document = JSON.parse(await readGenerated(scope, `docs/${slug}.json`)) as RenderedDocument;
  const page = <DocumentView site={siteOf(scope)} slug={slug} document={document} documents={documents} />;
  return answerPage(c, page, { scripts: 'own' });
}

async function answerStatus(c: Context<AppEnv>): Promise<Response> {
  const { scope } = c.var;
  const limited = await limitSource(scope);
  if (!limited.ok) return answerRefusal(c, limited.refusal);
  const parts = await checkStatus(scope);
  const usable = isUsable(parts);
  const status = usable ? 200 : 503;
  if (!usable) c.header('Retry-After', String(STATUS_RETRY_SECONDS));
  if (wantsPage(c)) {
    return answerPage(c, <StatusView site={siteOf(c.var.scope)} parts={parts} checkedAt={scope.now} />, {
      status,
    });
  }
  c.header('Cache-Control', 'no-store');
  return c.json(
    {
      status: usable ? 'usable' : 'unavailable',
      environment: scope.settings.environment,
      checked_at: renderInstant(scope.now),
      parts: Object.fromEntries(parts.map((part) => [part.part, part.usable ? 'usable' : 'unavailable'])),
    },
    status,
  );
}

function answerReference(c: Context<AppEnv>): Response | Promise<Response> {
  if (!servesDevelopers(c.var.scope.settings, c.req.url)) return answerNothing(c);
  return answerPage(c, <ReferenceView {...siteOf(c.var.scope)} />, { scripts: 'reference' });
}

export function docsPages(): Hono<AppEnv> {
  const routes = makeRoutes();
  routes.get('/', async (c) => {
    const { scope } = c.var;
    // The front door is open without the list of documents too.
    const documents = await readDocuments(scope).catch(() => []);
    return answerPage(c, <FrontDoorView site={siteOf(scope)} documents={documents} />);
  });
  routes.get('/docs', async (c) => {
    const { scope } = c.var;
    return answerPage(c, <DocumentsView site={siteOf(scope)} documents={await readDocuments(scope)} />);
  });
  routes.get('/docs/:name', answerDocument);
  routes.get('/llms.txt', async (c) =>
    answerText(c, await readGenerated(c.var.scope, 'llms.txt'), 'text/plain'),
  );
  routes.get('/reference', answerReference);
  routes.get('/status', answerStatus);
  routes.use('/openapi.json', allowAnyOrigin());
  routes.get('/openapi.json', async (c) => {
    const { scope } = c.var;
    // It changes only when the Worker does.
    c.header('Cache-Control', 'public, max-age=300');
    c.header('Content-Type', 'application/json; charset=utf-8');
    return c.body(await readGenerated(scope, `openapi-${scope.settings.environment}.json`));
  });
  return routes;
}
