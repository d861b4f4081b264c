/** Makes the OpenAPI document of each environment, as compact JSON. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDocument } from '#docs/openapi.schema.ts';
import { documentPath } from '#docs/openapi.ts';

/** Writes the documents below `publicDirectory`. */
export async function buildOpenapi(publicDirectory) {
  for (const environment of ['sandbox', 'production']) {
    const document = await makeDocument(environment);
    writeFileSync(join(publicDirectory, documentPath(environment)), JSON.stringify(document));
  }
}
