/** Access tokens as the token endpoint mints them, and the headers that carry them. */
import type { Scope } from '#edge/scope.ts';
import { type MintRequest, mintAccessToken } from '#tokens/mint-token.flow.ts';
import { testScope } from './scope.ts';

/** A token of the client itself, unless `parts` say otherwise, as of the scope's time. */
export async function accessToken(
  clientId: string,
  parts: Partial<MintRequest> = {},
  scope: Scope = testScope(),
): Promise<string> {
  const request = { clientId, subject: clientId, scopes: ['consents'], ...parts };
  return (await mintAccessToken(scope, request)).token;
}

export function bearer(token: string, more: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${token}`, ...more };
}
