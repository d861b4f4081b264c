/** Makes the OpenAPI document of each environment, as compact JSON. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDocument } from '#docs/openapi.schema.ts';

/** Writes the documents into `target`. */
export async function buildOpenapi(target) {
  for (const environment of ['sandbox', 'production']) {
    const document = await makeDocument(environment);
    writeFileSync(join(target, `openapi-${environment}.json`), JSON.stringify(document));
  }
}
