/**
 * Log-in at `/my/access`: password, then one-time code, by the rules of every other log-in of customers. Password. D1: the
 * tenant, one conditional write, the customer, one write, one batch. Code. D1: one read, two writes, one delete.
 * Objects: none.
 */
import { insertSession, selectSession, tryCode } from '#access/session.store.ts';
import type { Place, Session } from '#access/session.ts';
import { newSessionCookie, sessionKeyOf } from '#access/visit.flow.ts';
import { type Credentials, checkPassword } from '#authorization/check-password.flow.ts';
import { countAttempt, forgetFailures, returnAttempt } from '#authorization/count-attempt.flow.ts';
import { CODE_SECONDS } from '#authorization/interaction.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import type { Scope } from '#edge/scope.ts';
import { oneTimeCodeDigest } from '#edge/secrets.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { newUuid } from '#kernel/ids.ts';

/** Who asks for the code, in the message that carries it. */
const BANK_NAME = 'Hamster Bank';

/** The digest of a code for this log-in of this customer alone. */
async function digestOfCode(
  scope: Scope,
  code: string,
  { sessionId, tenantId, customerId }: Pick<Session, 'sessionId' | 'tenantId' | 'customerId'>,
): Promise<string> {
  return oneTimeCodeDigest(await signingKeys(scope), ['access-code', code, sessionId, tenantId, customerId]);
}

export type PasswordOutcome =
  /** The code is on its way, and the browser gets this cookie. */
  | { readonly outcome: 'code'; readonly cookie: string }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Answers the log-in form. `cookie` as the browser had it: that session ends. */
export async function giveName(
  scope: Scope,
  ports: JourneyPorts,
  place: Place,
  { cookie: former, ...credentials }: Credentials & { readonly cookie: string | undefined },
): Promise<PasswordOutcome> {
  // In production the bank's own tenant, whichever organisation is named.
  const tenantId = await ports.tenants.ready(scope, place.organisationId ?? '');
  const checked = await checkPassword(scope, tenantId, credentials);
  if (!checked.ok) return { outcome: 'unavailable', reason: checked.refusal.reason };
  const { customer, nameDigest } = checked.value;
  if (customer === undefined) return { outcome: 'wrong' };
  const { customerId, displayName } = customer;
  const code = ports.secondFactor.newCode();
  const sent = await ports.codeSender.send(scope, {
    tenantId,
    customerId,
    code,
    softwareName: BANK_NAME,
    organisationName: BANK_NAME,
    purpose: 'access',
  });
  // The password was right, whatever became of the code.
  await returnAttempt(scope, { tenantId, nameDigest });
  if (!sent.ok) return { outcome: 'unavailable', reason: sent.refusal.reason };
  const sessionId = newUuid();
  const { cookie, key } = await newSessionCookie(sessionId);
  const session = {
    ...key,
    tenantId,
    customerId,
    displayName,
    organisationId: place.organisationId,
    nameDigest,
    codeDigest: await digestOfCode(scope, code, { sessionId, tenantId, customerId }),
    codeExpiresAt: scope.now + CODE_SECONDS,
    sentTo: sent.value.sentTo ?? null,
  };
  await insertSession(scope.database, session, await sessionKeyOf(former), scope.now);
  return { outcome: 'code', cookie };
}

export type CodeOutcome =
  /** Logged in, by this cookie from here on. */
  | { readonly outcome: 'open'; readonly cookie: string }
  /** `too_many`, `over`: no try is left, or no time, and the log-in begins anew. */
  | { readonly outcome: 'again' | 'too_many' | 'over'; readonly session: Session }
  /** `open_already`: it came from a page of before. */
  | { readonly outcome: 'none' | 'open_already' };

/** Answers the form of the one-time code. Spaces in the code are ignored: people copy it as it was written to them. */
export async function giveCode(
  scope: Scope,
  { cookie, code }: { readonly cookie: string | undefined; readonly code: string },
): Promise<CodeOutcome> {
  const key = await sessionKeyOf(cookie);
  const session = key && (await selectSession(scope.database, key));
  if (key === undefined || session === undefined) return { outcome: 'none' };
  if (session.stage === 'open' && session.digest === key.digest) return { outcome: 'open_already' };
  if (scope.now >= session.codeExpiresAt) return { outcome: 'over', session };
  // A refused name's code is not looked at, but it counts as any wrong one.
  const mayTry = await countAttempt(scope, session);
  const codeDigest = mayTry ? await digestOfCode(scope, code.replace(/\s/g, ''), session) : undefined;
  const next = await newSessionCookie(key.sessionId);
  const tried = await tryCode(scope.database, key, { codeDigest, nextDigest: next.key.digest }, scope.now);
  if (tried !== 'right') return { outcome: tried, session };
  await forgetFailures(scope, session);
  return { outcome: 'open', cookie: next.cookie };
}
