/** Page cursors: a position in a keyset walk, bound to what the walk was about. */
import { digestOf, fromBase64Url, toBase64Url, utf8 } from '#kernel/encoding.ts';

/** Where a walk stands: the sort key of the row at the page's edge, and which way the next page lies. */
export interface CursorPosition {
  readonly createdAt: number;
  readonly id: string;
  readonly direction: 'next' | 'prev';
}

const BINDING_LENGTH = 22;

/** Renders an opaque cursor; `binding` names consent, route and filters, so that a cursor opens no other list. */
export async function renderCursor(position: CursorPosition, binding: string): Promise<string> {
  const body = JSON.stringify([position.createdAt, position.id, position.direction]);
  const seal = (await digestOf(`${binding}\n${body}`)).slice(0, BINDING_LENGTH);
  return `${seal}${toBase64Url(utf8(body))}`;
}

/** The position a cursor names, or undefined when it is malformed or belongs to another list. */
export async function parseCursor(text: string, binding: string): Promise<CursorPosition | undefined> {
  const bytes = fromBase64Url(text.slice(BINDING_LENGTH));
  if (text.length <= BINDING_LENGTH || text.length > 400 || bytes === undefined) return undefined;
  const body = new TextDecoder().decode(bytes);
  if (text.slice(0, BINDING_LENGTH) !== (await digestOf(`${binding}\n${body}`)).slice(0, BINDING_LENGTH)) {
    return undefined;
  }
  let parts: unknown;
  try {
    parts = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [createdAt, id, direction]: unknown[] = parts;
  if (typeof createdAt !== 'number' || !Number.isSafeInteger(createdAt) || typeof id !== 'string')
    return undefined;
  if (direction !== 'next' && direction !== 'prev') return undefined;
  return { createdAt, id, direction };
}
