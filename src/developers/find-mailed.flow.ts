/** Finds what a mailed link is for. D1: one read; none for what is no token of ours. Objects: none. */
import { type OpenToken, readOpenToken } from '#developers/token.store.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { isSecret } from '#kernel/ids.ts';

/** Undefined where the link was used, has ended, or is for something else. Changes nothing. */
export async function findMailed(
  scope: Scope,
  token: string,
  purpose: 'confirm' | 'reset',
): Promise<OpenToken | undefined> {
  if (!isSecret(token)) return undefined;
  const digest = await digestOf(token);
  return retryRead(scope, () => readOpenToken(scope.database, { digest, purpose }, scope.now));
}
