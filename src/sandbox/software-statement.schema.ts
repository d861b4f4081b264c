/** The wire form of the sandbox directory's calls. */
import * as v from 'valibot';
import { ROLES } from '#clients/client.ts';
import { atMostCharacters } from '#edge/characters.ts';
import { URI_LENGTH_MAXIMUM } from '#kernel/uri.ts';

const NAME_LENGTH_MAXIMUM = 100;
const URIS_MAXIMUM = 20;

const uri = v.pipe(v.string(), v.minLength(1), v.maxLength(URI_LENGTH_MAXIMUM));

/** Ways in which a statement may be asked to be wrong, for a TPP's negative tests. */
const DEFECTS = ['expired', 'wrong_issuer', 'bad_signature'] as const;

export const softwareStatementRequestSchema = v.object({
  software_redirect_uris: v.pipe(v.array(uri), v.minLength(1), v.maxLength(URIS_MAXIMUM)),
  software_jwks: v.optional(v.looseObject({ keys: v.array(v.looseObject({})) })),
  software_jwks_endpoint: v.optional(uri),
  software_roles: v.optional(v.pipe(v.array(v.picklist(ROLES)), v.minLength(1)), ['AISP']),
  software_client_name: v.optional(v.pipe(v.string(), v.minLength(1), atMostCharacters(NAME_LENGTH_MAXIMUM))),
  software_id: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,22}$/))),
  defect: v.optional(v.picklist(DEFECTS)),
});

export type SoftwareStatementRequest = v.InferOutput<typeof softwareStatementRequestSchema>;
