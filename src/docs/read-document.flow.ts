/** Reads static files and puts this deployment's address into generated documents. Assets: one read. D1, objects: none. */
import { type DocumentSlug, type RenderedDocument, WRITTEN_BASE_URL } from '#docs/documents.ts';
import { isOutage, outage, withDeadline } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Any host: the binding answers by path alone. */
const ASSETS_ORIGIN = 'https://assets.invalid';

/** Longest wait for a file, milliseconds. */
const DEADLINE_MS = 5_000;

async function fetchFile({ bindings }: Scope, path: string): Promise<string> {
  const answer = await bindings.ASSETS.fetch(new URL(path, ASSETS_ORIGIN));
  if (!answer.ok) throw outage(`asset ${path} answered ${answer.status}`);
  return answer.text();
}

/** A static file as text. Throws an outage when it cannot be had, or is not there: a deployment without its assets. */
export async function readStaticFile(scope: Scope, path: string): Promise<string> {
  try {
    return await withDeadline(fetchFile(scope, path), DEADLINE_MS, `asset ${path}`);
  } catch (error) {
    throw isOutage(error) ? error : outage(`asset ${path} could not be read`, error);
  }
}

async function readGenerated(scope: Scope, path: string): Promise<string> {
  const text = await readStaticFile(scope, `/generated/${path}`);
  return text.replaceAll(WRITTEN_BASE_URL, scope.settings.issuer);
}

/** A document for people. */
export async function readDocument(scope: Scope, slug: DocumentSlug): Promise<RenderedDocument> {
  return JSON.parse(await readGenerated(scope, `docs/${slug}.json`)) as RenderedDocument;
}

/** The same document as Markdown. */
export function readMarkdown(scope: Scope, slug: DocumentSlug): Promise<string> {
  return readGenerated(scope, `docs/${slug}.md`);
}

/** The site in one file, for language models. Source: llmstxt.org. */
export function readLlmsText(scope: Scope): Promise<string> {
  return readGenerated(scope, 'llms.txt');
}
