/** Rooms are loaded by the first request to one of their paths, once, and every route there is can be that request. */
import { expect, it } from 'vitest';
import { createApp, createWholeApp } from '#app.ts';
import { lazyRoutes, mountLazily } from '#edge/lazy-routes.ts';
import { makeRoutes } from '#edge/routes.ts';
import { testApp } from '../support/app.ts';

/** An app with one lazy set of routes at and below /a, and one at /b; counts what was loaded. */
function appWithRooms() {
  const loaded: string[] = [];
  const room = (path: string) =>
    lazyRoutes([path], async () => {
      loaded.push(path);
      const routes = makeRoutes();
      routes.get(path, (c) => c.text(path));
      routes.get(`${path}/:id`, (c) => c.text(c.req.param('id')));
      return routes;
    });
  const app = makeRoutes();
  const loadAll = mountLazily(app, [room('/a'), room('/b')]);
  return { app, loaded, loadAll };
}

it('loads nothing for an app, and a room with its first request', async () => {
  const { app, loaded } = appWithRooms();
  expect(app.routes).toEqual([]);
  expect(await (await app.request('/a')).text()).toBe('/a');
  expect(await (await app.request('/a/1')).text()).toBe('1');
  expect(loaded).toEqual(['/a']);
});

it.each(['/a', '/a/', '/a/1', '/%61/1'])('loads a room for %s', async (path) => {
  const { app, loaded } = appWithRooms();
  expect((await app.request(path)).status).toBe(200);
  expect(loaded).toEqual(['/a']);
});

it.each(['/', '/ab', '/c', '/c/a'])('loads no room for %s', async (path) => {
  const { app, loaded } = appWithRooms();
  expect((await app.request(path)).status).toBe(404);
  expect(loaded).toEqual([]);
});

it('mounts a room once, however many ask for it at once', async () => {
  const { app } = appWithRooms();
  const answers = await Promise.all([1, 2, 3].map(async (id) => (await app.request(`/a/${id}`)).text()));
  expect(answers).toEqual(['1', '2', '3']);
  expect(app.routes).toHaveLength(2);
});

it('loads all for who lists the routes', async () => {
  const { app, loaded, loadAll } = appWithRooms();
  await app.request('/b');
  await loadAll();
  expect(loaded).toEqual(['/b', '/a']);
  expect(app.routes.map(({ path }) => path)).toEqual(['/b', '/b/:id', '/a', '/a/:id']);
});

it('reaches each route of the product with the first request of an isolate', async () => {
  expect(createApp().routes.filter(({ method }) => method !== 'ALL')).toEqual([]);
  const { routes } = await createWholeApp();
  for (const { method, path } of routes.filter((route) => route.method !== 'ALL')) {
    const address = path.replace(/:interaction(\{[^/]*\})?/, '0'.repeat(64)).replaceAll(/:\w+/g, 'x');
    const app = testApp();
    await app.request(address, { method, redirect: 'manual' });
    const line = app.lines.find(({ event }) => event === 'request');
    expect({ path, route: line?.['route'] }).not.toEqual({ path, route: `${method} unrouted` });
  }
});
