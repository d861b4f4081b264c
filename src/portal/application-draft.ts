/** An application that is being put together, step by step; each developer has one in each organisation. */
import type { PublicJwk } from '#clients/client.ts';
import type { Statement } from '#clients/statement.ts';
import { type FieldProblem, problemIf } from '#portal/answered.ts';
import { type KeyAnswers, problemsOfProof, type SoftwareAnswers } from '#portal/application-answers.ts';
import type { SoftwareDescription } from '#portal/statement-mint.ts';

/** What has been answered so far. Nothing in it is secret. */
export interface DraftContent {
  readonly software?: SoftwareAnswers;
  readonly keys?: KeyAnswers;
  /** The software statement, a JWT. */
  readonly statement?: string;
}

export interface ApplicationDraft {
  readonly draftId: string;
  readonly organisationId: string;
  readonly developerId: string;
  readonly content: DraftContent;
  /** The client it became; null while it is open. */
  readonly clientId: string | null;
  /** Epoch seconds. */
  readonly updatedAt: number;
}

/** The steps in their order. */
export const STEPS = ['software', 'keys', 'statement', 'review'] as const;
export type Step = (typeof STEPS)[number];

/** The first step that is not answered. */
export function firstOpenStep({ software, keys, statement }: DraftContent): Step {
  if (software === undefined) return 'software';
  if (keys === undefined) return 'keys';
  return statement === undefined ? 'statement' : 'review';
}

/** Whether a step can be shown: all before it are answered. */
export function isReached(content: DraftContent, step: Step): boolean {
  return STEPS.indexOf(step) <= STEPS.indexOf(firstOpenStep(content));
}

/** The software as the sandbox directory is told of it. */
export function describeSoftware(software: SoftwareAnswers, keys: KeyAnswers): SoftwareDescription {
  return {
    software_client_name: software.name,
    software_redirect_uris: [...software.redirectUris],
    software_roles: [...software.roles],
    software_jwks: keys.by === 'value' ? { keys: [...keys.jwks.keys] } : undefined,
    software_jwks_endpoint: keys.by === 'reference' ? keys.jwksUri : undefined,
  };
}

/** The body of the registration request, as it is shown and as it is posted. The keys stand in the software statement. */
export function registrationBody({ software, statement }: DraftContent): string {
  return JSON.stringify(
    {
      software_statement: statement,
      redirect_uris: software?.redirectUris,
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      client_name: software?.name,
      logo_uri: software?.logoUri,
    },
    undefined,
    2,
  );
}

function thumbprintOf({ kty, crv, x, y, n, e }: PublicJwk): string {
  return JSON.stringify([kty, crv, x, y, n, e]);
}

/** Whether a statement names what step 2 answered: one of its keys, or the address of them. */
function namesKeys(certified: Statement['keys'], keys: KeyAnswers): boolean {
  if (keys.by === 'reference') return certified?.by === 'reference' && certified.jwksUri === keys.jwksUri;
  if (keys.by === 'statement' || certified?.by !== 'value') return true;
  const known = new Set(certified.jwks.keys.map(thumbprintOf));
  return keys.jwks.keys.some((key) => known.has(thumbprintOf(key)));
}

/** What does not fit between a software statement and the steps before it, in words for who can ask its directory for another. */
export function problemsOfStatement(
  { software, keys }: DraftContent,
  statement: Statement,
): readonly FieldProblem[] {
  const field = 'software_statement';
  const missing = (software?.redirectUris ?? []).filter((uri) => !statement.redirectUris.includes(uri));
  return [
    ...problemIf(
      missing.length > 0,
      field,
      `The software statement does not name ${missing.join(', ')}. Add it at your directory, or take it out of step 1.`,
    ),
    ...problemIf(
      statement.keys === undefined,
      field,
      'The software statement has no keys. Add yours at your directory, and get a new one.',
    ),
    ...(statement.keys?.by === 'value' ? problemsOfProof(statement.keys.jwks.keys, field) : []),
    ...problemIf(
      keys !== undefined && !namesKeys(statement.keys, keys),
      field,
      'The key of step 2 is not in the software statement. Add it, or its address, at your directory, and get a new one.',
    ),
    ...problemIf(
      statement.roles.length === 0,
      field,
      'The software statement has none of the roles AISP, PISP and CBPII.',
    ),
  ];
}
