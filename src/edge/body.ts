/** Request bodies parsed at the door: size, content type and encoding, then JSON by a schema or a form's parameters. */
import type { Context } from 'hono';
import * as v from 'valibot';
import { readAtMost } from '#edge/read-at-most.ts';
import type { AppEnv } from '#edge/scope.ts';
import { type FieldError, ok, type Result, refuse, refuseOpenly } from '#kernel/result.ts';

/** The media type of a Content-Type header, lower case, without parameters. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function readBytes(request: Request, maximum: number): Promise<Result<Uint8Array>> {
  const tooLarge = refuse('payload_too_large', 'too large');
  const declared = request.headers.get('content-length');
  if (declared !== null && !(Number(declared) <= maximum)) return tooLarge;
  try {
    // A body of declared length cannot be longer, and reading it whole costs a third of reading it in pieces.
    const bytes =
      declared === null
        ? await readAtMost(request.body, maximum)
        : new Uint8Array(await request.arrayBuffer());
    return bytes === undefined || bytes.byteLength > maximum ? tooLarge : ok(bytes);
  } catch {
    // The sender's connection, not a part of ours: a body that broke off or was wrongly framed.
    return refuseOpenly('invalid_request', 'The body could not be read to its end.');
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * The body as text. Refuses, in this order: `payload_too_large`, `unsupported_media_type` (type not in `accepted`, or
 * any Content-Encoding), `invalid_request` (broken off, not UTF-8).
 */
export async function readText<E extends AppEnv>(
  c: Context<E>,
  accepted: readonly string[],
): Promise<Result<string>> {
  const bytes = await readBytes(c.req.raw, c.var.scope.settings.bodyLimitBytes);
  if (!bytes.ok) return bytes;
  if (c.req.header('content-encoding') !== undefined) {
    return refuse('unsupported_media_type', 'content-encoding');
  }
  if (!accepted.includes(mediaTypeOf(c.req.header('content-type')))) {
    return refuseOpenly('unsupported_media_type', `Send the body as ${accepted.join(' or ')}.`);
  }
  try {
    return ok(decoder.decode(bytes.value));
  } catch {
    return refuseOpenly('invalid_request', 'The body is not UTF-8 text.');
  }
}

type Issue = v.BaseIssue<unknown>;

function messageOf({ kind, requirement, message }: Issue): string {
  if (kind === 'schema') return 'is not of the right type or not one of the allowed values';
  // Validations carry our own words; valibot's own would echo the input.
  return requirement !== undefined && message.startsWith('Invalid')
    ? 'is out of bounds or of the wrong form'
    : message;
}

/** Issues of a schema as field errors in our own words, by the members' wire names (`permissions.0`): the input is never echoed. */
export function fieldErrorsOf(issues: readonly Issue[]): readonly FieldError[] {
  return issues.slice(0, 20).map((issue) => {
    const field = (issue.path ?? [])
      .map(({ key }) => String(key))
      .join('.')
      .slice(0, 100);
    return issue.kind === 'schema' && issue.received === 'undefined'
      ? { field, code: 'required', message: 'is required' }
      : { field, code: 'invalid', message: messageOf(issue) };
  });
}

/** Checks a value by a schema; refuses with `invalid_request` naming each field. */
export function parseBy<S extends v.GenericSchema>(schema: S, input: unknown): Result<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return ok(parsed.output);
  const errors = fieldErrorsOf(parsed.issues);
  const named = [...new Set(errors.map((error) => error.field))].filter((field) => /^[\w.-]+$/.test(field));
  return refuse('invalid_request', 'shape', {
    message:
      named.length > 0
        ? `Check these members: ${named.join(', ')}.`
        : 'The request does not have the right shape.',
    errors,
  });
}

/** Parses JSON text to an object; refuses malformed JSON and anything but an object with `invalid_request`. */
export function parseJsonObject(text: string): Result<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuseOpenly('invalid_request', 'The body is not well-formed JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuseOpenly('invalid_request', 'The body must be a JSON object.');
  }
  return ok(value as Record<string, unknown>);
}

/** The JSON body of a request, checked by a schema. */
export async function readJson<S extends v.GenericSchema, E extends AppEnv>(
  c: Context<E>,
  schema: S,
): Promise<Result<v.InferOutput<S>>> {
  const text = await readText(c, ['application/json']);
  if (!text.ok) return text;
  const value = parseJsonObject(text.value);
  return value.ok ? parseBy(schema, value.value) : value;
}

/** Parameters of a form or query, each at most once (RFC 6749 section 3.1); empty ones count as absent. */
export type Parameters = ReadonlyMap<string, string>;

/** Refuses a parameter sent twice with `invalid_request`. */
export function parseParameters(search: URLSearchParams): Result<Parameters> {
  if (new Set(search.keys()).size < search.size) {
    return refuseOpenly('invalid_request', 'A parameter was sent more than once.');
  }
  return ok(new Map([...search].filter(([, value]) => value !== '')));
}

/** The form body of a request as parameters. */
export async function readForm<E extends AppEnv>(c: Context<E>): Promise<Result<Parameters>> {
  const text = await readText(c, ['application/x-www-form-urlencoded']);
  return text.ok ? parseParameters(new URLSearchParams(text.value)) : text;
}
