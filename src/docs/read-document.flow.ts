/** Reads a generated document and puts this deployment's address into it. Assets: one read. D1, objects: none. */
import { type DocumentSlug, type RenderedDocument, WRITTEN_BASE_URL } from '#docs/documents.ts';
import { outage } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Any host: the binding answers by path alone. */
const ASSETS_ORIGIN = 'https://assets.invalid';

/** A generated file as text. Throws an outage when it is not there: a deployment without its assets. */
async function readGenerated(scope: Scope, path: string): Promise<string> {
  const answer = await scope.bindings.ASSETS.fetch(new URL(`/generated/${path}`, ASSETS_ORIGIN));
  if (!answer.ok) throw outage(`asset ${path} answered ${answer.status}`);
  return (await answer.text()).replaceAll(WRITTEN_BASE_URL, scope.settings.issuer);
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
