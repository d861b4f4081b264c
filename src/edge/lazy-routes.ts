/**
 * Routes that are loaded with the first request to one of their paths: what an isolate is never asked for it never runs.
 * Decision record 35.
 */
import type { Hono } from 'hono';
import type { AppEnv } from '#edge/scope.ts';

type App = Hono<AppEnv>;

/** Routes that are not loaded yet. */
export interface LazyRoutes {
  /** Each of the routes is at one of these paths or below it. */
  readonly paths: readonly string[];
  readonly load: () => Promise<App>;
}

/** Routes at or below `paths`. The module that makes them is imported within `load`, nowhere else. */
export function lazyRoutes<E extends AppEnv>(
  paths: readonly string[],
  load: () => Promise<Hono<E>>,
): LazyRoutes {
  // What they carry beside the app's own is between them and their guards.
  return { paths, load: load as () => Promise<unknown> as () => Promise<App> };
}

function isAmong(paths: readonly string[], path: string): boolean {
  return paths.some(
    (base) => path.startsWith(base) && (path.length === base.length || path[base.length] === '/'),
  );
}

/**
 * Has `app` mount each of these before it answers the first request to one of its paths. A request to routes that are
 * loaded costs a look at the paths of those that are not. Gives a function that loads all, for who lists the routes.
 */
export function mountLazily(app: App, all: readonly LazyRoutes[]): () => Promise<void> {
  const waiting = new Set(all);
  const answer = app.fetch;

  // Each request loads for itself: a promise of the first one's would bind the others to that request.
  async function mount(needed: readonly LazyRoutes[]): Promise<void> {
    for (const routes of needed) {
      const loaded = await routes.load();
      if (waiting.delete(routes)) app.route('/', loaded);
    }
  }

  app.fetch = (request, ...rest) => {
    const path = app.getPath(request);
    const needed: LazyRoutes[] = [];
    for (const routes of waiting) if (isAmong(routes.paths, path)) needed.push(routes);
    return needed.length === 0
      ? answer(request, ...rest)
      : mount(needed).then(() => answer(request, ...rest));
  };
  return () => mount([...waiting]);
}
