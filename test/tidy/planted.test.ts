/** The tidy rules are seen to fail: each finds the fault planted for it, and nothing in what stands beside it. */
import { describe, expect, it } from 'vitest';
import { checkCycles, checkDoors, checkFloors, checkPackages, checkRooms, floorOf } from './floors.ts';
import {
  checkClasses,
  checkClock,
  checkDefaultExports,
  checkErrorText,
  checkFetch,
  checkFirstSentence,
  checkHops,
  checkLeftovers,
  checkLength,
  checkMigrations,
  checkNames,
  checkRandom,
  checkSchema,
  checkTenant,
} from './habits.ts';
import { codeOf, headerOf, importsOf, type Rule } from './source.ts';

/** One file a pair: path, text. */
const files = (...pairs: [string, string][]) => pairs.map(([path, text]) => ({ path, text }));

/** A rule, a fault in these files (undefined: none), and the files. */
type Planted = [rule: Rule, fault: string | undefined, first: [string, string], ...more: [string, string][]];

function titled(table: readonly Planted[]): [string, Planted][] {
  return table.map((planted) => {
    const [, fault, [path, text]] = planted;
    return [`${path}: ${text.slice(0, 60)}: ${fault ?? 'no fault'}`, planted];
  });
}

function expectPlanted([rule, fault, ...pairs]: Planted): void {
  const faults = rule(files(...pairs));
  if (fault === undefined) expect(faults).toEqual([]);
  else expect(faults.join('\n')).toContain(fault);
}

const from = (specifier: string, what = '{ x }') => `import ${what} from '${specifier}';`;

describe('floors', () => {
  it.each(
    titled([
      [checkFloors, 'imports src/bank/a.store.ts (storage)', ['src/bank/a.ts', from('#bank/a.store.ts')]],
      [checkFloors, 'imports src/bank/a.flow.ts (flow)', ['src/bank/a.store.ts', from('#bank/a.flow.ts')]],
      [checkFloors, 'imports src/bank/a.schema.ts (http)', ['src/bank/a.flow.ts', from('#bank/a.schema.ts')]],
      [
        checkFloors,
        'imports src/bank/a.view.tsx (pages)',
        ['src/bank/a.routes.ts', from('#bank/a.view.tsx')],
      ],
      [checkFloors, 'imports src/app.ts (entry)', ['src/bank/a.pages.tsx', from('#app.ts')]],
      [checkFloors, 'imports src/edge/database.ts (edge)', ['src/bank/a.ts', from('#edge/database.ts')]],
      [checkFloors, 'imports src/edge/scope.ts (edge)', ['src/bank/a.ts', from('#edge/scope.ts')]],
      [checkFloors, 'a floor above it', ['src/bank/a.ts', "export { x } from '#bank/a.flow.ts';"]],
      [checkFloors, 'a floor above it', ['src/bank/a.ts', "const x = await import('#bank/a.flow.ts');"]],
      [
        checkFloors,
        'a floor above it',
        ['src/bank/a.ts', "import {\n  x,\n  type Y,\n} from '#bank/a.flow.ts';"],
      ],
      [
        checkFloors,
        'imports src/bank/b.ts (http)',
        ['src/bank/a.flow.ts', from('#bank/b.ts')],
        ['src/bank/b.ts', from('hono', 'type { Context }')],
      ],
      [checkFloors, undefined, ['src/bank/a.ts', "import type { Scope } from '#edge/scope.ts';"]],
      [checkFloors, 'a floor above it', ['src/bank/a.flow.ts', from('#clients/a.schema.ts', 'type { X }')]],
      [checkFloors, undefined, ['src/bank/a.ts', "import type { X } from '#bank/a.schema.ts';"]],
      [checkFloors, undefined, ['src/bank/a.ts', from('#edge/settings.ts')]],
      [checkFloors, undefined, ['src/bank/a.pages.tsx', from('#bank/a.flow.ts') + from('#bank/a.view.tsx')]],
      [checkFloors, undefined, ['src/bank/a.object.ts', from('#bank/a.ts') + from('#edge/log.ts')]],
      [checkFloors, undefined, ['src/edge/a.flow.ts', from('#edge/a.store.ts')]],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));

  it.each([
    ['src/app.ts', 'entry'],
    ['src/bank/account.ts', 'rules'],
    ['src/edge/log.ts', 'edge'],
    ['src/edge/settings.ts', 'rules'],
    ['src/edge/outbox.table.ts', 'storage'],
    ['src/bank/move.statements.ts', 'storage'],
    ['src/bank/find.flow.ts', 'flow'],
    ['src/bank/a.guard.ts', 'http'],
    ['src/bank/a.pages.tsx', 'pages'],
  ])('%s is of the floor %s', (path, floor) => {
    expect(floorOf(path)).toBe(floor);
  });
});

describe('packages', () => {
  it.each(
    titled([
      [checkPackages, '(rules) imports drizzle-orm', ['src/bank/a.ts', from('drizzle-orm')]],
      [checkPackages, '(flow) imports drizzle-orm', ['src/bank/a.flow.ts', from('drizzle-orm')]],
      [checkPackages, '(flow) imports hono', ['src/bank/a.flow.ts', from('hono')]],
      [checkPackages, '(flow) imports valibot', ['src/bank/a.flow.ts', from('valibot', '* as v')]],
      [checkPackages, '(storage) imports jose', ['src/bank/a.store.ts', from('jose')]],
      [checkPackages, '(http) imports hono/jsx', ['src/bank/a.routes.ts', from('hono/jsx')]],
      [checkPackages, 'imports left-pad', ['src/bank/a.flow.ts', from('left-pad')]],
      [checkPackages, 'imports node:fs', ['src/bank/a.flow.ts', from('node:fs')]],
      [checkPackages, 'write #room/file.ts', ['src/bank/a.flow.ts', from('./a.store.ts')]],
      [checkPackages, 'imports left-pad', ['src/bank/a.flow.ts', "import 'left-pad';"]],
      [checkPackages, undefined, ['src/bank/a.store.ts', from('drizzle-orm') + from('#edge/log.ts')]],
      [checkPackages, undefined, ['src/bank/a.view.tsx', from('hono/jsx')]],
      [checkPackages, undefined, ['src/bank/a.flow.ts', from('jose')]],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));
});

describe('rooms', () => {
  it.each(
    titled([
      [checkRooms, 'a room after its own', ['src/bank/a.flow.ts', from('#consents/b.flow.ts')]],
      [checkRooms, 'a room after its own', ['src/kernel/a.ts', from('#edge/settings.ts')]],
      [checkRooms, 'has no place', ['src/webhooks/a.ts', '']],
      [checkRooms, 'the entry', ['src/docs/a.ts', from('#schema.ts')]],
      [
        checkRooms,
        undefined,
        ['src/consents/a.flow.ts', from('#clients/b.flow.ts') + from('#consents/c.ts')],
      ],
      [checkRooms, undefined, ['src/app.ts', from('#docs/docs.pages.tsx')]],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));
});

describe('doors', () => {
  it.each(
    titled([
      [checkDoors, 'private to its room', ['src/consents/a.flow.ts', from('#clients/client.store.ts')]],
      [
        checkDoors,
        'private to its room',
        ['src/consents/a.flow.ts', from('#clients/client.object.ts', 'type { X }')],
      ],
      [checkDoors, 'private to its room', ['src/docs/a.pages.tsx', from('#grants/token.routes.ts')]],
      [checkDoors, 'ask a statement', ['src/consents/a.store.ts', from('#bank/account.table.ts')]],
      [checkDoors, undefined, ['src/consents/a.table.ts', from('#clients/client.table.ts')]],
      [checkDoors, undefined, ['src/clients/a.flow.ts', from('#clients/client.store.ts')]],
      [checkDoors, undefined, ['src/consents/a.flow.ts', from('#edge/outbox.statements.ts')]],
      [checkDoors, undefined, ['src/worker.ts', from('#clients/client.object.ts')]],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));
});

describe('cycles', () => {
  it.each(
    titled([
      [
        checkCycles,
        'cycle: src/bank/a.ts -> src/bank/b.ts -> src/bank/a.ts',
        ['src/bank/a.ts', from('#bank/b.ts')],
        ['src/bank/b.ts', from('#bank/a.ts', 'type { X }')],
      ],
      [checkCycles, 'cycle: src/bank/a.ts -> src/bank/a.ts', ['src/bank/a.ts', from('#bank/a.ts')]],
      [
        checkCycles,
        undefined,
        ['src/bank/a.ts', from('#bank/b.ts') + from('#bank/c.ts')],
        ['src/bank/b.ts', from('#bank/c.ts')],
        ['src/bank/c.ts', ''],
      ],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));
});

describe('habits', () => {
  const long = (header: string) => `${header}\n${'x;\n'.repeat(301)}`;

  it.each(
    titled([
      [checkFirstSentence, 'begins without', ['src/bank/a.ts', 'export const a = 1;']],
      [checkFirstSentence, 'begins without', ['src/bank/a.ts', '// Accounts of the bank.\n']],
      [checkFirstSentence, 'begins without', ['src/bank/a.ts', '/** accounts */\n']],
      [checkFirstSentence, 'begins without', ['src/bank/a.ts', '/** TBD. */\n']],
      [checkFirstSentence, undefined, ['src/bank/a.ts', '/** Accounts of the bank. */\n']],
      [checkFirstSentence, undefined, ['src/bank/a.ts', '/**\n * Accounts of the\n * bank. More.\n */\n']],
      [checkHops, 'hops', ['src/bank/a.flow.ts', '/** Finds accounts. */']],
      [checkHops, 'hops', ['src/bank/a.flow.ts', '/** Finds accounts. D1: one read. */ // Objects: none.']],
      [checkHops, undefined, ['src/bank/a.flow.ts', '/** Finds accounts. D1: one read. Objects: none. */']],
      [checkFetch, 'only edge/outbound.ts', ['src/bank/a.flow.ts', 'await fetch(url);']],
      [checkFetch, 'only edge/outbound.ts', ['src/bank/a.flow.ts', 'await globalThis.fetch(url);']],
      [checkFetch, 'only edge/outbound.ts', ['src/bank/a.flow.ts', 'createRemoteJWKSet(url);']],
      [
        checkFetch,
        undefined,
        ['src/bank/a.flow.ts', "// fetch(url)\nstub.fetch(url); prefetch(url); 'fetch(url)';"],
      ],
      [checkFetch, undefined, ['src/edge/outbound.ts', 'await fetch(url);']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = Date.now();']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = new Date();']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = new Date;']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = Date();']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = [1].map(Date.now);']],
      [checkClock, 'reads the clock', ['src/bank/a.ts', 'const a = performance.now();']],
      [checkClock, undefined, ['src/bank/a.ts', '/* Date.now() */ new Date(ms); Date.UTC(1); parseDate(x);']],
      [checkClock, undefined, ['src/edge/system-clock.ts', 'Date.now()']],
      [
        checkErrorText,
        'describeError',
        ['src/bank/a.flow.ts', `catch (error) { log(\`\${x}: \${String(error)}\`); }`],
      ],
      [checkErrorText, 'describeError', ['src/bank/a.flow.ts', 'catch (error) { log(error.message); }']],
      [checkErrorText, undefined, ['src/bank/a.flow.ts', 'errors[0].message; describeError(error);']],
      [checkRandom, 'Math.random', ['src/bank/a.ts', 'Math.random()']],
      [checkClasses, 'class Bank is no Durable Object', ['src/bank/a.ts', 'export class Bank {}']],
      [checkClasses, 'class Bank is', ['src/bank/a.ts', 'class Bank extends DurableObject<Env> {}']],
      [checkClasses, 'class Bank is', ['src/bank/a.object.ts', 'class Bank extends Other {}']],
      [checkClasses, undefined, ['src/bank/a.object.ts', 'export class Bank extends DurableObject<Env> {}']],
      [checkClasses, undefined, ['src/bank/a.view.tsx', '<p class="page">a class of its own</p>']],
      [checkDefaultExports, 'default export', ['src/bank/a.ts', 'export default 1;']],
      [checkDefaultExports, 'default export', ['src/bank/a.ts', 'export { a as default };']],
      [checkDefaultExports, undefined, ['src/worker.ts', 'export default {};']],
      [checkLength, '302 lines', ['src/bank/a.ts', long('/** Accounts of the bank. */')]],
      [checkLength, undefined, ['src/bank/a.ts', long('/** Accounts. One file because it is one table. */')]],
      [checkLength, undefined, ['src/bank/a.view.tsx', long('/** The page of accounts. */')]],
      [checkLength, undefined, ['src/bank/a.ts', '\n'.repeat(300)]],
      [checkNames, '"helper" in bank/date-helper.ts', ['src/bank/date-helper.ts', '']],
      [checkNames, '"user" in bank/user.table.ts', ['src/bank/user.table.ts', '']],
      [checkNames, '"data" in AccountData', ['src/bank/a.ts', 'export interface AccountData {}']],
      [checkNames, '"info" in fetchInfo', ['src/bank/a.ts', 'export async function fetchInfo() {}']],
      [checkNames, '"manager" in KEY_MANAGER', ['src/bank/a.ts', 'export const KEY_MANAGER = 1;']],
      [checkNames, 'kebab-case', ['src/bank/accountList.ts', '']],
      [checkNames, 'kebab-case', ['src/bank/account_list.ts', '']],
      [checkNames, undefined, ['src/bank/metadata.routes.ts', 'export const username = data.info;']],
      [checkLeftovers, 'left to do', ['src/bank/a.ts', '// TODO: later']],
      [checkLeftovers, 'skips', ['test/bank/a.test.ts', 'it.skip("x", () => {})']],
      [checkLeftovers, 'skips', ['test/bank/a.test.ts', 'describe.only("x", () => {})']],
      [checkLeftovers, undefined, ['test/bank/a.test.ts', 'it("x", () => {})']],
      [
        checkTenant,
        'findAccount touches bank data without its tenant',
        ['src/bank/a.store.ts', 'import x;\nexport async function findAccount() { return accountsTable; }\n'],
      ],
      [
        checkTenant,
        undefined,
        [
          'src/bank/a.store.ts',
          'import { accountsTable } from "x";\nexport function findAccount() { return [accountsTable, tenantId]; }\n',
        ],
      ],
      [checkSchema, 'src/bank/a.table.ts is not in', ['src/bank/a.table.ts', ''], ['src/schema.ts', '']],
      [
        checkSchema,
        undefined,
        ['src/bank/a.table.ts', ''],
        ['src/schema.ts', "export { aTable } from '#bank/a.table.ts';"],
      ],
      [checkMigrations, 'DROP TABLE is not', ['migrations/1.sql', 'DROP TABLE `a`;']],
      [checkMigrations, '__new_', ['migrations/1.sql', 'CREATE TABLE `__new_a` (id text) STRICT;']],
      [checkMigrations, 'drop column', ['migrations/1.sql', 'ALTER TABLE a drop column b;']],
      [checkMigrations, 'RENAME TO', ['migrations/1.sql', 'ALTER TABLE a RENAME TO b;']],
      [checkMigrations, 'CASCADE', ['migrations/1.sql', 'FOREIGN KEY (a) REFERENCES b ON DELETE CASCADE']],
      [checkMigrations, 'table a is not STRICT', ['migrations/1.sql', 'CREATE TABLE `a` (\n id text\n);\n']],
      [
        checkMigrations,
        'table a is not STRICT',
        ['migrations/1.sql', 'CREATE TABLE `a` (\n id text\n);\nCREATE TABLE b (id text) STRICT;'],
      ],
      [
        checkMigrations,
        undefined,
        ['migrations/1.sql', 'CREATE TABLE `a` (\n id text\n) STRICT;\nCREATE UNIQUE INDEX i ON a (id);'],
      ],
      [checkMigrations, 'DROP INDEX', ['migrations/1.sql', 'DROP INDEX i;']],
      [checkMigrations, 'DROP TRIGGER', ['migrations/1.sql', 'CREATE INDEX i ON a (b); DROP TRIGGER t;']],
      [checkMigrations, 'RENAME COLUMN', ['migrations/1.sql', 'ALTER TABLE a RENAME COLUMN b TO c;']],
      [checkMigrations, 'RENAME b TO', ['migrations/1.sql', 'ALTER TABLE a RENAME b TO c;']],
      [checkMigrations, 'PRAGMA', ['migrations/1.sql', 'PRAGMA foreign_keys=OFF;']],
      [checkMigrations, 'INSERT', ['migrations/1.sql', "INSERT INTO a VALUES ('x; y');"]],
      [checkMigrations, 'UPDATE', ['migrations/1.sql', 'CREATE INDEX i ON a (b);\nUPDATE a SET b = 1;']],
      [checkMigrations, 'not an additive', ['migrations/1.sql', 'CREATE TABLE a AS SELECT * FROM b;']],
      [checkMigrations, 'a.b is NOT NULL', ['migrations/1.sql', 'ALTER TABLE `a` ADD `b` text NOT NULL;']],
      [
        checkMigrations,
        undefined,
        ['migrations/1.sql', "ALTER TABLE `a` ADD `b` text DEFAULT '' NOT NULL;\nALTER TABLE a ADD c text;"],
      ],
      [checkMigrations, 'unique index i', ['migrations/1.sql', 'CREATE UNIQUE INDEX `i` ON `a` (`b`);']],
      [
        checkMigrations,
        undefined,
        [
          'migrations/1.sql',
          "CREATE TRIGGER t BEFORE UPDATE ON a -- DROP TABLE a;\nBEGIN\n\tSELECT RAISE(ABORT, 'DROP TABLE b');\nEND;",
        ],
      ],
    ]),
  )('%s', (_title, planted) => expectPlanted(planted));
});

describe('reading a file', () => {
  it('finds each form of import', () => {
    const text = `/** Says. */
import a from 'a';
import type { B } from 'b';
import {
  c,
  type C,
} from 'c';
import * as d from 'd';
import 'e';
export { f } from 'f';
export * from 'g';
const h = await import('h');
const text = 'no import from here';
`;
    expect(importsOf({ path: 'x.ts', text }).map(({ specifier }) => specifier)).toEqual('abcdefgh'.split(''));
    expect(importsOf({ path: 'x.ts', text }).filter(({ isType }) => isType)).toHaveLength(1);
  });

  it('drops text and comments, keeping lines', () => {
    const text = `a; // b\n/* c\nd */ e('f // g', "h", \`i\nj\`); k('http://l');\n`;
    expect(codeOf({ path: 'x.ts', text })).toBe(`a; \n\n e('', '', ''\n); k('');\n`);
    const template = `f(\`g \${h} i \${j(k)} l\`);`;
    expect(codeOf({ path: 'x.ts', text: template })).toBe("f('' + (h) + (j(k)));");
  });

  it('reads a header of several lines', () => {
    expect(headerOf({ path: 'x.ts', text: '/**\n * One\n * two.\n */\ncode' })).toBe('One two.');
    expect(headerOf({ path: 'x.ts', text: 'code /** One. */' })).toBe('');
  });
});
