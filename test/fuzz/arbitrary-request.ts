/** Arbitrary requests: made from the OpenAPI document's operations, well meant and hostile, and from nothing at all. */
import * as fc from 'fast-check';
import type { ApiDocument } from '../support/documented.ts';

type Node = Readonly<Record<string, unknown>>;

/** What a request is made of; `body` is text or bytes. */
export interface ArbitraryRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array | undefined;
}

/** Values that are right somewhere, by the name of the parameter, member or header they belong to. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

const LONG = 'a'.repeat(9_000);

/** Texts that have broken parsers elsewhere. */
const HOSTILE: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'null',
  'undefined',
  '[]',
  '{}',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '..%2f..%2f',
  '%',
  '%zz',
  '%00',
  '%ff',
  '%c0%80',
  '%E2%80%AE',
  '\u0000',
  '\u202e',
  '\ud800',
  '\u{1f439}',
  "' OR 1=1 --",
  '";--',
  '<script>alert(1)</script>',
  '{{7*7}}',
  'a\r\nx-injected: 1',
  'a,b',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '0000-00-00',
  'consent_ais_',
  `consent_ais_${'f'.repeat(64)}`,
  `consent_pis_${'0'.repeat(64)}`,
  `c.${'0'.repeat(64)}.${'A'.repeat(43)}`,
  'urn:ietf:params:oauth:request_uri:',
  'https://[::1]:99999/',
  'javascript:alert(1)',
  'eyJhbGciOiJub25lIn0.e30.',
  'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.bnVsbA.AAAA',
  'eyJhbGciOiJFUzI1NiJ9.W10.AAAA',
  '.',
  '..',
  '.'.repeat(500),
  LONG,
];

const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
);

/** Half a surrogate pair is no character, and cannot be percent-encoded. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Percent-encodes what a URL cannot hold, and now and then more or less than that. */
const inUrl = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.integer({ min: 0, max: 9 })).map(([value, how]) => {
    if (how < 7) return encoded(value);
    if (how === 7) return value.replace(/[^\x21-\x7e]/g, '').replace(/[?#]/g, '');
    return Array.from(
      new TextEncoder().encode(value.slice(0, 200)),
      (byte) => `%${byte.toString(16).padStart(2, '0')}`,
    ).join('');
  });

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function known(vocabulary: Vocabulary, name: string): fc.Arbitrary<string> | undefined {
  const values = vocabulary[name] ?? [];
  return values.length === 0 ? undefined : fc.constantFrom(...values);
}

/** A value that fits a schema as far as types go; `name` finds a word that fits better. */
function fitting(schema: Node, vocabulary: Vocabulary, name: string, depth = 0): fc.Arbitrary<unknown> {
  if (Array.isArray(schema['oneOf'])) {
    const whole = known(vocabulary, name)?.map((text) => JSON.parse(text) as unknown);
    return fc.oneof(
      ...(whole === undefined ? [] : [whole]),
      ...schema['oneOf'].map((one: Node) => fitting(one, vocabulary, name, depth)),
    );
  }
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const words = known(vocabulary, name);
  switch (schema['type']) {
    case 'object': {
      const entries = Object.entries((schema['properties'] ?? {}) as Record<string, Node>);
      if (entries.length === 0) return words?.map((text) => JSON.parse(text) as unknown) ?? fc.constant({});
      const required = new Set((schema['required'] ?? []) as string[]);
      const made = fc.record(
        Object.fromEntries(entries.map(([key, one]) => [key, fitting(one, vocabulary, key, depth + 1)])),
        {
          requiredKeys: entries.map(([key]) => key).filter((key) => required.has(key)),
          noNullPrototype: true,
        },
      );
      return words === undefined
        ? made
        : fc.oneof(
            words.map((text) => JSON.parse(text) as unknown),
            made,
          );
    }
    case 'array':
      return fc.array(fitting((schema['items'] ?? {}) as Node, vocabulary, name, depth + 1), {
        maxLength: 3,
      });
    case 'integer':
    case 'number':
      return fc.integer({ min: -1, max: 200 });
    case 'boolean':
      return fc.boolean();
    default:
      return (
        words ??
        fc.oneof(
          { weight: 3, arbitrary: fc.string({ maxLength: 20 }) },
          { weight: 1, arbitrary: hostileText },
        )
      );
  }
}

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, 0, -0, 1e308, [], {}, [[]], { keys: null }, [null], Array(200).fill('x')),
);

/** The value with one member replaced, taken away or added. */
function mutate(whole: unknown, part: unknown, where: number, how: number): unknown {
  if (!isNode(whole)) return part;
  const keys = Object.keys(whole);
  const key = keys[where % Math.max(1, keys.length)] ?? 'extra';
  if (how === 0) return Object.assign({ ...whole }, { [key]: part });
  if (how === 1) return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));
  return Object.assign({ ...whole }, { extra: part, ['__proto__']: part });
}

function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, hostileValue, fc.nat(), fc.nat(2)).map((parts) => mutate(...parts));
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(
    Uint8Array.from([0xff, 0xfe, 0x00]),
    Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    new TextEncoder().encode('['.repeat(30_000)),
    new TextEncoder().encode(`{"a":${'{"a":'.repeat(5_000)}`),
    new TextEncoder().encode(`{"x":"${'y'.repeat(70_000)}"}`),
    new TextEncoder().encode('{"a":1,"a":2}'),
    new TextEncoder().encode('{"a":1}}'),
    new TextEncoder().encode(`a=${'%00'.repeat(500)}&a=&=&&=%`),
    new Uint8Array(),
  ),
);

const MEDIA = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/jwt',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'text/plain',
  'APPLICATION/JSON;;',
  '',
];

type Body = Pick<ArbitraryRequest, 'body'> & { readonly media: string };

function inForm(value: unknown): string {
  if (!isNode(value)) return JSON.stringify(value);
  const form = new URLSearchParams();
  for (const [key, member] of Object.entries(value)) {
    form.append(key, typeof member === 'string' ? member.toWellFormed() : JSON.stringify(member));
  }
  return form.toString();
}

function bodyFor(
  content: Record<string, { readonly schema: Node }>,
  vocabulary: Vocabulary,
): fc.Arbitrary<Body> {
  const ways = Object.entries(content).map(([media, { schema }]) => {
    const value = fitting(schema, vocabulary, 'body');
    const render = (one: unknown): string => {
      if (media.includes('form')) return inForm(one);
      return typeof one === 'string' && media !== 'application/json' ? one : JSON.stringify(one);
    };
    return fc.oneof(
      { weight: 8, arbitrary: value.map((one) => ({ media, body: render(one) })) },
      { weight: 4, arbitrary: mutated(value).map((one) => ({ media, body: render(one) })) },
    );
  });
  return fc.oneof(
    ...ways.map((arbitrary) => ({ weight: 8, arbitrary })),
    { weight: 2, arbitrary: fc.record({ media: fc.constantFrom(...MEDIA), body: bytes }) },
    { weight: 1, arbitrary: fc.record({ media: fc.constantFrom(...MEDIA), body: hostileText }) },
  );
}

/** Header values are what HTTP can carry: anything else never arrives. */
function inHeader(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, '').trim();
}

const HEADER_NAMES = [
  'x-consent-id',
  'x-fapi-interaction-id',
  'accept',
  'origin',
  'cookie',
  'content-encoding',
  'content-length',
  'if-none-match',
  'range',
  'x-forwarded-for',
  'cf-connecting-ip',
  'sec-fetch-site',
  'x-http-method-override',
  'forwarded',
  'mf-cf-blob',
];

/** `callers` name the words of the vocabulary that may call. */
function headersFor(
  vocabulary: Vocabulary,
  callers: readonly string[] = [],
): fc.Arbitrary<readonly (readonly [string, string])[]> {
  const right = callers.flatMap((caller) => vocabulary[caller] ?? []);
  const authorization = fc.oneof(
    ...(right.length === 0 ? [] : [{ weight: 12, arbitrary: fc.constantFrom(...right) }]),
    { weight: 2, arbitrary: known(vocabulary, 'authorization') ?? hostileText },
    { weight: 1, arbitrary: hostileText.map((text) => `Bearer ${text}`) },
    { weight: 1, arbitrary: hostileText },
  );
  const consent = fc.oneof(
    { weight: 5, arbitrary: known(vocabulary, 'consent_id') ?? hostileText },
    { weight: 1, arbitrary: hostileText },
  );
  const other = fc
    .constantFrom(...HEADER_NAMES)
    .chain((name) =>
      fc
        .oneof(known(vocabulary, name) ?? hostileText, hostileText)
        .map((value) => [name, inHeader(value)] as const),
    );
  const others = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(other, { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .tuple(fc.option(authorization, { freq: 8 }), fc.option(consent, { freq: 6 }), others)
    .map(([token, id, more]) => {
      const headers: (readonly [string, string])[] = more.slice();
      if (token !== null) headers.push(['authorization', inHeader(token)]);
      if (id !== null) headers.push(['x-consent-id', inHeader(id)]);
      return headers;
    });
}

function pathFor(template: string, vocabulary: Vocabulary): fc.Arbitrary<string> {
  const parts = template.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    return fc.oneof(
      {
        weight: 4,
        arbitrary: (known(vocabulary, `path ${name}`) ?? known(vocabulary, name) ?? hostileText).map(encoded),
      },
      { weight: 1, arbitrary: inUrl(hostileText) },
    );
  });
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

function queryFor(names: readonly string[], vocabulary: Vocabulary): fc.Arbitrary<string> {
  const pair = fc
    .constantFrom(...names, ...names, ...names, 'access_token', 'extra', 'limit', 'scope')
    .chain((name) =>
      inUrl(
        fc.oneof(
          { weight: 3, arbitrary: known(vocabulary, name) ?? hostileText },
          { weight: 1, arbitrary: hostileText },
        ),
      ).map((value) => `${name}=${value}`),
    );
  return fc.oneof(
    { weight: names.length === 0 ? 12 : 3, arbitrary: fc.constant('') },
    {
      weight: 3,
      arbitrary: fc.array(pair, { minLength: 1, maxLength: 5 }).map((pairs) => `?${pairs.join('&')}`),
    },
    { weight: 1, arbitrary: inUrl(hostileText).map((text) => `?${text}`) },
  );
}

/** Requests to the operations of the document. */
export function operationRequest(
  document: ApiDocument,
  vocabulary: Vocabulary,
): fc.Arbitrary<ArbitraryRequest> {
  const schemas = document.components['schemas'] ?? {};
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (!isNode(value)) return value;
    const target =
      typeof value['$ref'] === 'string' ? schemas[value['$ref'].split('/').at(-1) ?? ''] : undefined;
    return target === undefined
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member)]))
      : resolved(target);
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const names = ((operation as { parameters?: Node[] }).parameters ?? [])
      .filter((parameter) => parameter['in'] === 'query')
      .map((parameter) => String(parameter['name']));
    const callers = ((operation as { security?: Node[] }).security ?? []).flatMap(Object.keys);
    const content = resolved(operation.requestBody?.content ?? {}) as Record<string, { schema: Node }>;
    const body: fc.Arbitrary<Body | null> =
      operation.requestBody === undefined
        ? fc
            .option(fc.record({ media: fc.constantFrom(...MEDIA), body: bytes }), { freq: 1 })
            .map((one) => (method === 'GET' ? null : one))
        : bodyFor(content, vocabulary);
    return fc
      .tuple(pathFor(path, vocabulary), queryFor(names, vocabulary), headersFor(vocabulary, callers), body)
      .map(([where, query, headers, sent]) => ({
        method,
        path: `${where}${query}`,
        headers: sent === null ? headers : [...headers, ['content-type', sent.media] as const],
        body: sent?.body,
      }));
  });
}

/** Requests to any path by any method: mounted paths bent out of shape, and paths of nobody. */
export function strayRequest(
  paths: readonly string[],
  vocabulary: Vocabulary,
): fc.Arbitrary<ArbitraryRequest> {
  const bent = fc.tuple(fc.constantFrom(...paths), inUrl(hostileText), fc.nat(6)).map(([path, text, how]) => {
    const plain = path.replaceAll(/:\w+/g, 'x');
    if (how === 0) return `${plain}/${text}`;
    if (how === 1) return `/${text}${plain}`;
    if (how === 2) return plain.toUpperCase();
    if (how === 3) return plain.replace('/', '//');
    if (how === 4) return path.replaceAll(/:\w+/g, text);
    if (how === 5) return `${plain}?${text}`;
    return plain;
  });
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND');
  return fc
    .tuple(
      method,
      fc.oneof(
        { weight: 4, arbitrary: bent },
        { weight: 1, arbitrary: inUrl(hostileText).map((text) => `/${text}`) },
      ),
      headersFor(vocabulary),
      fc.option(fc.record({ media: fc.constantFrom(...MEDIA), body: bytes }), { freq: 1 }),
    )
    .map(([name, path, headers, sent]) => {
      const bare = sent === null || name === 'GET' || name === 'HEAD';
      return {
        method: name,
        path,
        headers: bare ? headers : [...headers, ['content-type', sent.media] as const],
        body: bare ? undefined : sent.body,
      };
    });
}
