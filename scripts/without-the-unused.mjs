/** What the bundle of a deployment leaves out, of libraries and of the Worker's own tables and schemas. Decision records 33 and 36. */
import { readFileSync } from 'node:fs';

/**
 * What deployments never come to of libraries that a bundler takes whole, by the modules' paths. Each value that such a
 * module exports is undefined instead, so a use of it at a module's start fails the test of the bundle.
 */
const LEFT_OUT = [
  // Attestations of passkeys other than `none`, which are refused before, and their certificates. Decision record 33.
  /@simplewebauthn\/server\/esm\/(registration\/verifications|services\/(defaultRootCerts|metadataService)|helpers\/(convertX509PublicKeyToCOSE|convertCertBufferToPEM|iso\/isoCrypto\/verifyAKP))\b/,
  // Drizzle's relational queries and counts, conditions as callbacks, and kinds of column that no table has; keys to other
  // tables, which stand in the migrations. Decision record 36.
  /drizzle-orm\/(alias|relations|selection-proxy|sqlite-core\/(foreign-keys|query-builders\/(count|query|query-builder)|columns\/(blob|custom|numeric|real)))\.js$/,
];

/** Modules that are asked what has one answer here. */
const ANSWERED = [
  // Drizzle asks of each part of a statement whether it is an enumeration of PostgreSQL, and brings that database's columns for it.
  { module: /drizzle-orm\/pg-core\/columns\/enum\.js$/, code: 'export const isPgEnum = () => false;' },
  // The passkey library asks for certificates of attestations (record 33), and after a kind of key that no passkey here has.
  {
    module: /@simplewebauthn\/server\/esm\/services\/settingsService\.js$/,
    code: 'export const SettingsService = { getRootCertificates: () => [], runtimeSupportsPQC: () => false };',
  },
  // Hono asks of each element whether it moves into the document's head by itself. Those of the pages stand there.
  {
    module: /hono\/dist\/jsx\/intrinsic-element\/components\.js$/,
    code: 'export const components_exports = {};',
  },
  // Hono has each context rendered in the browser too.
  {
    module: /hono\/dist\/jsx\/dom\/context\.js$/,
    code: 'export const createContextProviderFunction = () => {};',
  },
];

const toNames = ({ module, names }) => ({ module, names: names.split(' ') });

/** Methods of libraries that nothing here calls, by the modules' paths. The test of the bundle looks for calls of them. */
export const UNUSED_METHODS = [
  {
    // wrangler migrates. Relational queries, unions and tables made by a query are not asked for.
    module: /drizzle-orm\/(sqlite-core|d1)\/(db|dialect|session)\.js$/,
    names:
      '$count $with buildRelationalQuery buildSetOperationQuery buildSetOperations extractRawGetValueFromBatchResult extractRawValuesValueFromBatchResult isResponseInArrayMode mapGetResult migrate rollback selectDistinct sync transaction with',
  },
  {
    module: /drizzle-orm\/sqlite-core\/query-builders\/select\.js$/,
    names:
      '$dynamic $withCache addSetOperators createSetOperator crossJoin except fullJoin getSelectedFields getUsedTables having intersect offset rightJoin toSQL union unionAll',
  },
  {
    module: /drizzle-orm\/sqlite-core\/query-builders\/(delete|insert|update)\.js$/,
    names: '$dynamic toSQL',
  },
  { module: /drizzle-orm\/sql\/sql\.js$/, names: 'append inlineParams mapInlineParam mapWith' },
  { module: /drizzle-orm\/sqlite-core\/columns\/(integer|text)\.js$/, names: 'getSQLType' },
  { module: /drizzle-orm\/sqlite-core\/columns\/common\.js$/, names: 'generatedAlwaysAs references' },
  // Apps of other frameworks, forms (src/edge/body.ts reads them within bounds), and layouts.
  { module: /hono\/dist\/hono-base\.js$/, names: 'fire mount' },
  {
    module: /hono\/dist\/request\.js$/,
    names: 'addValidatedData blob bytes formData matchedRoutes parseBody queries routePath valid',
  },
  { module: /hono\/dist\/context\.js$/, names: 'event getLayout redirect setLayout setRenderer' },
].map(toNames);

/**
 * Functions and classes at the top of libraries' modules, for what nothing here has: of pages, styles of elements (their
 * policy forbids them) and parts to wait for; of Drizzle a cache, columns of truth values, dates and JSON; of jose's checks,
 * spans of time in words. A call of such a function, or of a method of such a class, is an exception.
 */
const UNUSED_FUNCTIONS = [
  {
    module: /hono\/dist\/jsx\/base\.js$/,
    names: 'markRenderedJSX renderUntrustedObject resolveFunctionComponentResult',
  },
  { module: /hono\/dist\/jsx\/context\.js$/, names: 'captureRenderContext warnIfStorelessAccess' },
  { module: /hono\/dist\/jsx\/utils\.js$/, names: 'styleObjectForEach' },
  {
    module: /hono\/dist\/utils\/html\.js$/,
    names: 'resolveCallback resolveCallbackSync stringBufferToString',
  },
  { module: /hono\/dist\/utils\/url\.js$/, names: 'getPathNoStrict' },
  {
    module: /drizzle-orm\/sqlite-core\/columns\/integer\.js$/,
    names: 'SQLiteBoolean SQLiteBooleanBuilder SQLiteTimestamp SQLiteTimestampBuilder',
  },
  { module: /drizzle-orm\/sqlite-core\/columns\/text\.js$/, names: 'SQLiteTextJson SQLiteTextJsonBuilder' },
  { module: /drizzle-orm\/utils\.js$/, names: 'haveSameKeys' },
  { module: /drizzle-orm\/cache\/core\/cache\.js$/, names: 'hashQuery' },
  { module: /jose\/dist\/webapi\/lib\/jwt_claims_set\.js$/, names: 'secs' },
].map(toNames);

/**
 * Of ibantools, which digits of an IBAN name the bank, its branch and the account in each country, which countries are in
 * the registry, and the names of errors of functions that are not asked.
 */
const IBAN_TABLE = /ibantools\/jsnext\/ibantools\.js$/;
const IBAN_PARTS =
  /^ +(?:(?:bank|branch|account)_in?dentifier: '.*'|IBANRegistry: true),?$|^\(function \(ValidationErrors(?:.|\n)*?^\}.*$/gm;

/** What only migrations and types ask of a column: D1 holds rows to it by itself. */
const TABLE = /[\\/]src[\\/].+\.table\.ts$/;
const CONSTRAINTS = /\.(?:notNull|primaryKey)\(\)/g;

/** What only the OpenAPI document says of a schema, made from the sources themselves: valibot keeps it and asks nothing of it. */
const SCHEMA = /[\\/]src[\\/].+\.schema\.ts$/;
const METADATA = /^(description|title|told)$/;

/** The name of each value that a module exports, declared there or listed at its end. */
const exportsOf = (code) => [
  ...[...code.matchAll(/^export (?:(?:async )?function|class|const) (\w+)/gm)].map(([, name]) => name),
  ...[...code.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\w+/g) ?? []),
];

/** `text` as blanks, `instead` before them: what stands behind it keeps its line and column. */
const blanks = (text, instead = '') => instead + text.replace(/[^\n]/g, ' ').slice(instead.length);

/** `code` with `insteadOf(node)` and blanks in the place of `nodes` of it. */
const blanked = (code, nodes, insteadOf = () => '') =>
  nodes.reduce(
    (text, node) =>
      text.slice(0, node.start) +
      blanks(text.slice(node.start, node.end), insteadOf(node)) +
      text.slice(node.end),
    code,
  );

/** What stands at the top of a module: each declaration, of values one by one, and each other statement. */
const atTheTop = ({ body }) => body.flatMap(({ declarations, ...statement }) => declarations ?? [statement]);

/** The members of classes that stand at the top of a module, declared there or as a value. */
const membersOf = (module) => atTheTop(module).flatMap(({ init, body }) => (init?.body ?? body)?.body ?? []);

/** Calls in the syntax tree `node` of `code` that give a schema metadata, with the comma behind. */
function metadataIn(node, code) {
  if (typeof node !== 'object' || node === null) return [];
  const { type, callee, start, end } = node;
  if (type === 'CallExpression' && METADATA.test((callee.property ?? callee).name)) {
    return [{ start, end: code[end] === ',' ? end + 1 : end }];
  }
  return Object.values(node).flatMap((child) => metadataIn(child, code));
}

const withoutMethods = (names) => (code, parse) =>
  blanked(
    code,
    membersOf(parse(code)).filter(({ key }) => names.includes(key?.name)),
  );

const withoutFunctions = (names) => (code, parse) => {
  const found = atTheTop(parse(code)).filter(({ id }) => names.includes(id?.name));
  if (found.length < names.length) throw new Error(`not all of ${names} were found`);
  return blanked(
    code,
    found.map(({ init, body }) => init ?? body),
    ({ type }) => (type === 'BlockStatement' ? '{throw 0}' : '{}'),
  );
};

/** What becomes of which modules. */
const CHANGES = [
  ...LEFT_OUT.map((module) => ({
    module,
    change: (code) =>
      exportsOf(code)
        .map((name) => `export const ${name} = undefined;`)
        .join('\n'),
  })),
  ...ANSWERED.map(({ module, code }) => ({ module, change: () => code })),
  ...UNUSED_METHODS.map(({ module, names }) => ({ module, change: withoutMethods(names) })),
  ...UNUSED_FUNCTIONS.map(({ module, names }) => ({ module, change: withoutFunctions(names) })),
  { module: IBAN_TABLE, change: (code) => code.replace(IBAN_PARTS, (part) => blanks(part)) },
  { module: TABLE, change: (code) => code.replace(CONSTRAINTS, (part) => blanks(part)) },
  {
    module: SCHEMA,
    change: (code, parse) => blanked(code, metadataIn(parse(code, { lang: 'ts' }), code)),
  },
];

/** @type {import('rolldown').Plugin} */
export const withoutTheUnused = {
  name: 'without-the-unused',
  load: {
    filter: { id: CHANGES.map(({ module }) => module) },
    handler(path) {
      const parse = (code, options) => this.parse(code, options);
      const changes = CHANGES.filter(({ module }) => module.test(path));
      return changes.reduce((code, { change }) => change(code, parse), readFileSync(path, 'utf8'));
    },
  },
};
