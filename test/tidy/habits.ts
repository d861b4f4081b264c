/** Habits of each file: its first sentence, its length, its names, and what only one place in the house does. */
import { migrationFaults } from '../../scripts/lint-migrations.mjs';
import { codeOf, headerOf, importsOf, type Rule, type Source } from './source.ts';

/** Longest file that needs no reason. */
const LONGEST_LINES = 300;
/** Tables, data and styles are as long as what they hold. */
const LONG_BY_NATURE = /\.table\.ts$|\.view\.tsx$|^src\/kernel\/errors\.ts$|^src\/sandbox\/seed-|^test\//;
/** What the header of a longer file says. */
const REASON = /\bone file because\b/i;

/** Words that say nothing; wire members and libraries keep theirs. */
const EMPTY_WORDS = new Set([
  'user',
  'users',
  'data',
  'info',
  'manager',
  'helper',
  'helpers',
  'util',
  'utils',
  'common',
  'service',
]);

function isSource({ path }: Source): boolean {
  return path.startsWith('src/') && !path.endsWith('.d.ts');
}

function perFile(check: (source: Source) => readonly string[]): Rule {
  return (sources) => sources.flatMap((source) => check(source).map((fault) => `${source.path}: ${fault}`));
}

/** Only in `allowed` does code match; the message says where it belongs. */
function onlyIn(allowed: RegExp, pattern: RegExp, message: string): Rule {
  return perFile((source) =>
    isSource(source) && !allowed.test(source.path) && pattern.test(codeOf(source)) ? [message] : [],
  );
}

/** Each file begins with a comment whose first sentence says what it is. */
export const checkFirstSentence: Rule = perFile((source) =>
  /^[^a-z]?[A-Z`/].{8,}?[.:;]/s.test(headerOf(source))
    ? []
    : ['begins without a sentence that says what it is'],
);

/** Each flow's header states its hops. */
export const checkHops: Rule = perFile((source) =>
  source.path.endsWith('.flow.ts') &&
  !(/\bD1\b/.test(headerOf(source)) && /\bobjects?\b/i.test(headerOf(source)))
    ? ['its header does not state its hops ("D1: one read. Objects: none.")']
    : [],
);

/** Only edge's outbound fetches; a stub's or binding's `.fetch()` is no outbound HTTP. */
export const checkFetch: Rule = onlyIn(
  /^src\/edge\/outbound\.ts$/,
  /(?<![.\w])fetch\(|\b(?:globalThis|self)\.fetch\b|\bcreateRemoteJWKSet\b/,
  'fetches; only edge/outbound.ts does',
);

/** Only edge's system clock reads the clock. */
export const checkClock: Rule = onlyIn(
  /^src\/edge\/system-clock\.ts$/,
  /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()|(?<!new )\bDate\(|\bperformance\.now\b/,
  'reads the clock; use scope.now, or nowMs as an argument',
);

/** Randomness that decides anything is the platform's. */
export const checkRandom: Rule = onlyIn(/^$/, /\bMath\.random\b/, 'uses Math.random; use crypto or a seed');

/** An exception's message may hold the values it was thrown over; edge's log knows which words may be told. */
export const checkErrorText: Rule = onlyIn(
  /^src\/edge\/(?:log|outbound)\.ts$/,
  /\bString\((?:error|thrown|cause)\)|\b(?:error|thrown)\.(?:message|stack)\b/,
  'tells an exception; use describeError',
);

/** Classes are Durable Objects, in their own files. */
export const checkClasses: Rule = perFile((source) => {
  if (!isSource(source)) return [];
  return [...codeOf(source).matchAll(/\bclass\s+(\w+)(?:\s+extends\s+([\w.]+)(?:<[^{]*>)?)?\s*\{/g)].flatMap(
    ([, name, base]) =>
      base === 'DurableObject' && source.path.endsWith('.object.ts')
        ? []
        : [`class ${name ?? ''} is no Durable Object`],
  );
});

/** Only the Worker's entry has a default export. */
export const checkDefaultExports: Rule = onlyIn(
  /^src\/worker\.ts$/,
  /\bexport\s+default\b|\bas\s+default\b/,
  'has a default export',
);

/** A long file says why it is one. */
export const checkLength: Rule = perFile((source) => {
  const lines = source.text.split('\n').length - 1;
  if (lines <= LONGEST_LINES || LONG_BY_NATURE.test(source.path) || REASON.test(headerOf(source))) return [];
  return [`${lines} lines; split it, or say in its header "One file because ..."`];
});

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

/** File names and exported names say something. */
export const checkNames: Rule = perFile((source) => {
  const file = source.path.split('/').slice(1).join('/');
  const exported = [
    ...codeOf(source).matchAll(
      /\bexport\s+(?:async\s+)?(?:const|let|function\*?|interface|type|class)\s+(\w+)/g,
    ),
  ].map(([, name]) => name ?? '');
  const kebab = /^(?:[a-z0-9-]+\/)*[a-z0-9-]+(?:\.[a-z-]+)*$/.test(file) ? [] : ['file names are kebab-case'];
  const names = isSource(source) ? [file, ...exported] : [file];
  return [
    ...kebab,
    ...names.flatMap((name) =>
      wordsOf(name)
        .filter((word) => EMPTY_WORDS.has(word))
        .map((word) => `"${word}" in ${name} says nothing`),
    ),
  ];
});

/** Nothing is left for later, skipped or run alone. */
export const checkLeftovers: Rule = perFile((source) => [
  ...(/\b(?:TODO|FIXME|XXX)\b/.test(source.text) ? ['has something left to do'] : []),
  ...(/\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b|\bdebugger\b/.test(codeOf(source))
    ? ['skips a test or runs one alone']
    : []),
]);

/** Tables of the bank, of which every key begins with the tenant. */
const BANK_TABLES =
  /\b(?:accountsTable|accountHoldersTable|customersTable|transactionsTable|ledgerEntriesTable|paymentsTable)\b/;

/** A function that runs or prepares a statement on bank data names its tenant. */
export const checkTenant: Rule = perFile((source) => {
  if (!/\.(?:store|statements)\.ts$/.test(source.path)) return [];
  return source.text
    .split(/\n(?=(?:export\s+)?(?:async\s+)?function\b)/)
    .slice(1)
    .filter((chunk) => BANK_TABLES.test(chunk) && !/\btenantId\b|\btenant_id\b/.test(chunk))
    .map((chunk) => `${/function\*?\s+(\w+)/.exec(chunk)?.[1] ?? '?'} touches bank data without its tenant`);
});

/** schema.ts lists every table file, so that migrations are made from all of them. */
export const checkSchema: Rule = (sources) => {
  const schema = sources.find(({ path }) => path === 'src/schema.ts');
  const listed = new Set(schema === undefined ? [] : importsOf(schema).map(({ specifier }) => specifier));
  return sources
    .filter(({ path }) => path.endsWith('.table.ts') && !listed.has(path.replace(/^src\//, '#')))
    .map(({ path }) => `${path} is not in src/schema.ts`);
};

/** Migrations add. A rebuild would delete child rows while reporting success; STRICT keeps types what they say. */
export const checkMigrations: Rule = perFile(({ text }) => migrationFaults(text));
