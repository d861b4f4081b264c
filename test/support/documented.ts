/** Holds requests and answers against the OpenAPI document: what was sent, answered and headed must be described there. */
import { type Schema, Validator } from '@cfworker/json-schema';

type Node = Record<string, unknown>;

interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Node }> };
  readonly responses: Record<string, Described>;
}

interface Described {
  readonly headers?: Record<string, Node>;
  readonly content?: Record<string, { readonly schema: Node; readonly examples?: Node }>;
}

export interface ApiDocument {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, Node>>;
}

/** Schemas of what carries more members than are named. */
const OPEN = new Set(['ClientRegistration', 'ServerMetadata', 'KeySet', 'ApiDocument', 'DirectoryKeySet']);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema with no room for members that it does not name. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isNode(value) || OPEN.has(String(value['title']))) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  return value['type'] === 'object' && isNode(value['properties']) && !('additionalProperties' in value)
    ? { ...inner, additionalProperties: false }
    : inner;
}

function mediaTypeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
}

function membersOf(media: string, text: string): unknown {
  if (media === 'application/json') return JSON.parse(text);
  if (media === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
  return text;
}

/** The text of a body, whatever its type: reading bytes as text is not warned of when they are asked for as bytes. */
async function textOf(body: Request | Response): Promise<string> {
  return new TextDecoder().decode(await body.clone().arrayBuffer());
}

/** An operation of the document: its method and path as they stand there. */
export function findOperation(
  document: ApiDocument,
  method: string,
  pathname: string,
): { readonly name: string; readonly operation: Operation } | undefined {
  for (const [path, methods] of Object.entries(document.paths)) {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    const operation = methods[method.toLowerCase()];
    if (operation !== undefined && pattern.test(pathname)) return { name: `${method} ${path}`, operation };
  }
  return undefined;
}

/** Where a value does not fit a schema of the document, in words. */
function misfits(schema: Node, schemas: unknown, value: unknown): string[] {
  const whole: Schema = { ...schema, components: { schemas } };
  const { errors } = new Validator(whole, '2020-12', false).validate(value);
  return errors.map((fault) => `${fault.instanceLocation}: ${fault.error}`);
}

/** Headers that the answer must have and has not. */
function missingHeaders(document: ApiDocument, described: Described, answer: Response): string[] {
  return Object.entries(described.headers ?? {})
    .filter(([name, reference]) => {
      const target = document.components['headers']?.[name];
      const header = '$ref' in reference && target !== undefined ? target : reference;
      return header['required'] === true && !answer.headers.has(name);
    })
    .map(([name]) => `lacks ${name}`);
}

async function answerFaults(
  document: ApiDocument,
  described: Described,
  answer: Response,
): Promise<string[]> {
  const text = await textOf(answer);
  const media = mediaTypeOf(answer.headers);
  const content = described.content?.[media];
  if (content === undefined) {
    return text === '' && described.content === undefined ? [] : [`is of type ${media}`];
  }
  const body = membersOf(media, text);
  const schema = closed(content.schema) as Node;
  const faults = misfits(schema, closed(document.components['schemas']), body);
  const code = isNode(body) ? String(body['code']) : '';
  return answer.ok || content.examples === undefined || code in content.examples
    ? faults
    : [...faults, `does not describe ${code}`];
}

/** A request that was answered well; it may have more members than are described, for those are ignored. */
async function requestFaults(
  document: ApiDocument,
  { requestBody }: Operation,
  request: Request,
): Promise<string[]> {
  if (requestBody === undefined) return [];
  const media = mediaTypeOf(request.headers);
  const schema = requestBody.content[media]?.schema;
  if (schema === undefined) return [`does not describe a body of ${media}`];
  return misfits(schema, document.components['schemas'], membersOf(media, await textOf(request)));
}

/**
 * What of an exchange the document does not say, in words; empty when all is described. Leaves both bodies to be read
 * again.
 */
export async function undocumented(
  document: ApiDocument,
  request: Request,
  answer: Response,
): Promise<string[]> {
  const found = findOperation(document, request.method, new URL(request.url).pathname);
  if (found === undefined) return [`${request.method} ${request.url} is not described`];
  const { name, operation } = found;
  const where = `${name} ${answer.status}`;
  const described = operation.responses[String(answer.status)];
  if (described === undefined) return [`${where} is not described: ${await textOf(answer)}`];
  const faults = [
    ...missingHeaders(document, described, answer),
    ...(await answerFaults(document, described, answer)),
    ...(answer.ok ? await requestFaults(document, operation, request) : []),
  ];
  return faults.map((fault) => `${where} ${fault}`);
}
