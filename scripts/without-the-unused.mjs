/** What the bundle of a deployment leaves out, of libraries and of the Worker's own schemas. Decision records 33 and 36. */
import { readFileSync } from 'node:fs';

/**
 * What deployments never come to of libraries that a bundler takes whole, by the modules' paths. Each value that such a
 * module exports is undefined instead, so a use of it at a module's start fails the test of the bundle.
 */
const LEFT_OUT = [
  // Attestations of passkeys other than `none`, which are refused before, and their certificates. Decision record 33.
  /@simplewebauthn\/server\/esm\/(registration\/verifications|services\/(defaultRootCerts|metadataService)|helpers\/(convertX509PublicKeyToCOSE|convertCertBufferToPEM|iso\/isoCrypto\/verifyAKP))\b/,
  // Drizzle's relational queries and counts, and kinds of column that no table has. Decision record 36.
  /drizzle-orm\/(relations|sqlite-core\/(query-builders\/(query|count)|columns\/(blob|custom|numeric|real)))\.js$/,
];

/** Drizzle asks of each part of a statement whether it is an enumeration of PostgreSQL, and brings that database's columns for it. */
const POSTGRES_ENUM = /drizzle-orm\/pg-core\/columns\/enum\.js$/;

/** The name of each value that a module exports, declared there or listed at its end. */
const exportsOf = (source) => [
  ...[...source.matchAll(/^export (?:(?:async )?function|class|const) (\w+)/gm)].map(([, name]) => name),
  ...[...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\w+/g) ?? []),
];

/** Methods of libraries that nothing here calls, by the modules' paths. The test of the bundle looks for calls of them. */
export const UNUSED_METHODS = [
  {
    // wrangler migrates. Relational queries, unions and tables made by a query are not asked for.
    module: /drizzle-orm\/(sqlite-core|d1)\/(db|dialect|session)\.js$/,
    names:
      '$count $with buildRelationalQuery buildSetOperationQuery buildSetOperations migrate rollback selectDistinct sync transaction with',
  },
  {
    module: /drizzle-orm\/sqlite-core\/query-builders\/select\.js$/,
    names:
      '$dynamic $withCache addSetOperators createSetOperator crossJoin except fullJoin having intersect rightJoin toSQL union unionAll',
  },
  {
    module: /drizzle-orm\/sqlite-core\/query-builders\/(delete|insert|update)\.js$/,
    names: '$dynamic toSQL',
  },
  // Apps of other frameworks, forms (src/edge/body.ts reads them within bounds), and layouts.
  { module: /hono\/dist\/hono-base\.js$/, names: 'fire mount request' },
  {
    module: /hono\/dist\/request\.js$/,
    names: 'addValidatedData blob bytes formData matchedRoutes parseBody queries routePath valid',
  },
  { module: /hono\/dist\/context\.js$/, names: 'getLayout redirect setLayout setRenderer' },
].map(({ module, names }) => ({ module, names: names.split(' ') }));

/** Which digits of an IBAN name the bank, its branch and the account, as ibantools has them for each country: not asked for. */
const IBAN_TABLE = /ibantools\/jsnext\/ibantools\.js$/;
const IBAN_PARTS = /^ +(?:bank_identifier|branch_indentifier|account_indentifier): '.*',?$/gm;

/** `code` with blanks in the place of `nodes` of it, so that its lines and columns stay. */
const blanked = (code, nodes) =>
  nodes.reduce(
    (text, { start, end }) =>
      text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end),
    code,
  );

/** The members of the classes that stand at the top of a module, declared there or as a value. */
const membersOf = ({ body }) =>
  body
    .flatMap((statement) => [statement, ...(statement.declarations ?? []).map(({ init }) => init)])
    .flatMap((node) => node?.body?.body ?? []);

/** What only the OpenAPI document says of a schema, made from the sources themselves: valibot keeps it and asks nothing of it. */
const SCHEMA = /[\\/]src[\\/].+\.schema\.ts$/;

/** Calls of `v.description` in the syntax tree `node` of `code`, with the comma behind. */
function descriptionsIn(node, code) {
  if (typeof node !== 'object' || node === null) return [];
  const { type, callee, start, end } = node;
  if (type === 'CallExpression' && callee.property?.name === 'description') {
    return [{ start, end: code[end] === ',' ? end + 1 : end }];
  }
  return Object.values(node).flatMap((child) => descriptionsIn(child, code));
}

/** @type {import('rolldown').Plugin} */
export const withoutTheUnused = {
  name: 'without-the-unused',
  load: {
    filter: {
      id: [...LEFT_OUT, POSTGRES_ENUM, IBAN_TABLE, SCHEMA, ...UNUSED_METHODS.map(({ module }) => module)],
    },
    handler(path) {
      if (POSTGRES_ENUM.test(path)) return 'export const isPgEnum = () => false;';
      const code = readFileSync(path, 'utf8');
      if (SCHEMA.test(path)) return blanked(code, descriptionsIn(this.parse(code, { lang: 'ts' }), code));
      if (IBAN_TABLE.test(path)) return code.replace(IBAN_PARTS, (line) => ' '.repeat(line.length));
      const unused = UNUSED_METHODS.find(({ module }) => module.test(path));
      if (unused !== undefined) {
        const isUnused = ({ key }) => unused.names.includes(key?.name);
        return blanked(code, membersOf(this.parse(code)).filter(isUnused));
      }
      return exportsOf(code)
        .map((name) => `export const ${name} = undefined;`)
        .join('\n');
    },
  },
};
