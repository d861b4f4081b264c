/**
 * Opens a developer's session, or gives the one in use another cookie after a proof: the doors of password and passkey.
 * D1: one batch; a proof: one write. Objects: none.
 */
import type { DeveloperSession } from '#developers/member.ts';
import { insertSession, turnSession } from '#developers/session.store.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { cleanName } from '#kernel/text.ts';

/** Of what a browser calls itself. */
const AGENT_LENGTH_MAXIMUM = 200;

export interface Visit {
  /** The session cookie the browser came with, if any: a session opened in its place ends it. */
  readonly cookie: string | undefined;
  /** `User-Agent`. */
  readonly agent: string | undefined;
}

/**
 * The value for the cookie of a new session, which no one saw before. Only after a password or passkey of theirs. After a
 * password, undefined where it was changed since it was compared, as who changes it ends every session there is, and this one
 * would come after.
 */
export async function openDeveloperSession(
  scope: Scope,
  proved: { readonly developerId: string; readonly passwordDigest?: string },
  { cookie = '', agent = '' }: Visit,
): Promise<string | undefined> {
  const value = newSecret();
  const opened = await insertSession(
    scope.database,
    {
      ...proved,
      sessionId: `ses_${newSecret().slice(0, 22)}`,
      digest: await digestOf(value),
      now: scope.now,
      source: scope.sourceAddress,
      agent: cleanName(agent, AGENT_LENGTH_MAXIMUM),
    },
    await digestOf(cookie),
  );
  return opened ? value : undefined;
}

/**
 * After a password or passkey of the session's own developer: the proof counts for 15 minutes, under a new cookie value.
 * Undefined where the session has ended, or another proof turned its cookie first.
 */
export async function confirmDeveloperSession(
  scope: Scope,
  { sessionId }: Pick<DeveloperSession, 'sessionId'>,
  cookie: string,
): Promise<string | undefined> {
  const value = newSecret();
  const [from, to] = await Promise.all([digestOf(cookie), digestOf(value)]);
  const turned = await turnSession(scope.database, { from, to, sessionId, now: scope.now });
  return turned ? value : undefined;
}
