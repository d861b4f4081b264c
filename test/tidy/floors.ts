/** Floors and doors: which suffix may import which, in which order rooms stand, and what is private to a room. */
import { fileOf, importsOf, type Rule, type Source } from './source.ts';

/** A room imports only rooms before it. Source: docs/architecture, the order of rooms. */
const ROOMS = [
  'kernel',
  'edge',
  'bank',
  'clients',
  'tokens',
  'registration',
  'consents',
  'accounts',
  'payments',
  'funds',
  'authorization',
  'grants',
  'access',
  'traffic',
  'developers',
  'portal',
  'sandbox',
  'operator',
  'docs',
];

/** Floors from the ground; a floor may import itself and those below. */
const FLOORS = ['rules', 'edge', 'storage', 'flow', 'http', 'pages', 'entry'] as const;
type Floor = (typeof FLOORS)[number];

const FLOOR_OF_SUFFIX: readonly (readonly [RegExp, Floor])[] = [
  [/\.(?:table|store|statements|object)\.ts$/, 'storage'],
  [/\.flow\.ts$/, 'flow'],
  [/\.(?:schema|guard|routes)\.ts$/, 'http'],
  // A guard of pages answers in HTML.
  [/\.(?:view|pages|guard)\.tsx$/, 'pages'],
];

/** Suffixes that only their own room (and the entry, which mounts and exports) imports. */
const PRIVATE = /\.(?:store|object)\.ts$|\.(?:routes|pages)\.tsx?$/;

/** Files of edge that are words and checks alone. */
const EDGE_RULES = /^src\/edge\/(?:settings|setting-rules|key-ring|developer-host)\.ts$/;
const SCOPE = 'src/edge/scope.ts';

/** The floors that may import a package. What stands nowhere here is imported by none. */
const PACKAGES: readonly (readonly [RegExp, readonly Floor[]])[] = [
  [/^drizzle-orm(?:\/|$)/, ['edge', 'storage']],
  [/^cloudflare:workers$/, ['edge', 'storage']],
  // Signatures and key sets are checks; what would fetch (createRemoteJWKSet) is refused among the habits.
  [/^jose$/, ['rules', 'edge', 'flow', 'http', 'pages']],
  [/^ibantools$/, ['rules']],
  [/^@simplewebauthn\/server$/, ['flow']],
  [/^valibot$|^@valibot\/|^hono-openapi$/, ['edge', 'http', 'pages']],
  [/^hono\/(?:jsx|html)/, ['edge', 'pages']],
  [/^hono(?:\/|$)/, ['edge', 'http', 'pages', 'entry']],
  [/^node:crypto$/, ['rules', 'edge']],
];

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/**
 * Plain files of edge reach bindings and the wire, so they are a floor of their own, above rules. A plain file that
 * speaks of Hono's context is of the wire, like `clients/rate-headers.ts`.
 */
export function floorOf(path: string, source?: Source): Floor {
  if (roomOf(path) === undefined) return 'entry';
  const found = FLOOR_OF_SUFFIX.find(([suffix]) => suffix.test(path));
  if (found !== undefined) return found[1];
  if (roomOf(path) === 'edge') return EDGE_RULES.test(path) ? 'rules' : 'edge';
  const isWire = source !== undefined && importsOf(source).some(({ specifier }) => specifier === 'hono');
  return isWire ? 'http' : 'rules';
}

function isAbove(lower: Floor, upper: Floor): boolean {
  return FLOORS.indexOf(lower) < FLOORS.indexOf(upper);
}

function modulesOf(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => path.startsWith('src/') && !path.endsWith('.d.ts'));
}

/**
 * Whether an import upwards is of types that are words alone: the scope, as a port's first argument, and the shapes of
 * the room's own wire forms, whose members a standard has named.
 */
function isWord(path: string, target: string, isType: boolean): boolean {
  return isType && (target === SCOPE || (target.endsWith('.schema.ts') && roomOf(target) === roomOf(path)));
}

/** Each import goes down or stays on its floor. */
export const checkFloors: Rule = (sources) => {
  const modules = new Map(modulesOf(sources).map((source) => [source.path, source]));
  return [...modules.values()].flatMap((source) =>
    importsOf(source).flatMap(({ specifier, isType }) => {
      const target = fileOf(specifier);
      if (target === undefined || isWord(source.path, target, isType)) return [];
      const [from, to] = [floorOf(source.path, source), floorOf(target, modules.get(target))];
      return isAbove(from, to)
        ? [`${source.path} (${from}) imports ${target} (${to}), a floor above it`]
        : [];
    }),
  );
};

/** Each package is imported only on the floors that need it. */
export const checkPackages: Rule = (sources) =>
  modulesOf(sources).flatMap((source) =>
    importsOf(source).flatMap(({ specifier }) => {
      if (specifier.startsWith('#')) return [];
      if (specifier.startsWith('.')) return [`${source.path} imports ${specifier}: write #room/file.ts`];
      const floor = floorOf(source.path, source);
      const allowed = PACKAGES.find(([name]) => name.test(specifier))?.[1];
      return allowed?.includes(floor) === true ? [] : [`${source.path} (${floor}) imports ${specifier}`];
    }),
  );

/** A room imports only rooms before it; every room has its place. */
export const checkRooms: Rule = (sources) =>
  modulesOf(sources).flatMap((source) => {
    const room = roomOf(source.path);
    if (room === undefined) return [];
    const place = ROOMS.indexOf(room);
    if (place < 0) return [`${source.path}: the room ${room} has no place in the order of rooms`];
    return importsOf(source).flatMap(({ specifier }) => {
      const target = fileOf(specifier);
      if (target === undefined) return [];
      const other = roomOf(target);
      if (other === undefined) return [`${source.path} imports ${target}, the entry`];
      return ROOMS.indexOf(other) > place ? [`${source.path} imports ${target}, a room after its own`] : [];
    });
  });

/** Stores, objects, routes and pages are private to their room; a table is imported elsewhere for a foreign key only. */
export const checkDoors: Rule = (sources) =>
  modulesOf(sources).flatMap((source) => {
    const room = roomOf(source.path);
    if (room === undefined) return [];
    return importsOf(source).flatMap(({ specifier }) => {
      const target = fileOf(specifier);
      if (target === undefined || roomOf(target) === room) return [];
      if (PRIVATE.test(target)) return [`${source.path} imports ${target}, which is private to its room`];
      if (target.endsWith('.table.ts') && !source.path.endsWith('.table.ts')) {
        return [`${source.path} imports ${target}: ask a statement, a flow or a rule of that room`];
      }
      return [];
    });
  });

/** No file comes back to itself through imports, of types either. */
export const checkCycles: Rule = (sources) => {
  const modules = new Map(modulesOf(sources).map((source) => [source.path, source]));
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      faults.push(`cycle: ${[...trail.slice(start), path].join(' -> ')}`);
      return;
    }
    const source = modules.get(path);
    if (done.has(path) || source === undefined) return;
    for (const { specifier } of importsOf(source)) {
      const target = fileOf(specifier);
      if (target !== undefined) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of modules.keys()) visit(path, []);
  return faults;
};
