/** Reads what the build generated, with this deployment's address in it. Assets: one read a file. D1, objects: none. */
import { type DocumentEntry, WRITTEN_BASE_URL } from '#docs/documents.ts';
import { isOutage, outage, withDeadline } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

/** Any host: the binding answers by path alone. */
const ASSETS_ORIGIN = 'https://assets.invalid';

/** Longest wait for a file, milliseconds. */
const DEADLINE_MS = 5_000;

/** A generated file as text. Throws an outage when it cannot be had, or is not there: a deployment without its assets. */
export async function readGenerated({ bindings, settings }: Scope, path: string): Promise<string> {
  const read = async () => {
    const answer = await bindings.ASSETS.fetch(new URL(`/generated/${path}`, ASSETS_ORIGIN));
    if (!answer.ok) throw outage(`asset ${path} answered ${answer.status}`);
    return answer.text();
  };
  try {
    const text = await withDeadline(read(), DEADLINE_MS, `asset ${path}`);
    return text.replaceAll(WRITTEN_BASE_URL, settings.issuer);
  } catch (error) {
    throw isOutage(error) ? error : outage(`asset ${path} could not be read`, error);
  }
}

/** The documents there are. */
export async function readDocuments(scope: Scope): Promise<readonly DocumentEntry[]> {
  return JSON.parse(await readGenerated(scope, 'documents.json')) as DocumentEntry[];
}
