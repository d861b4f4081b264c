/**
 * Sign-up: whoever it is, the password is hashed once and one row is written; a mail says the rest. An account begins only
 * when the mailed link is opened with the password that was chosen, so nobody holds an address that is not theirs. D1: one
 * batch; the link: one read, what compares the password, one read and one batch, one write. Objects: none.
 */
import { hashPassword } from '#bank/password.ts';
import { createDeveloper } from '#developers/create-developer.flow.ts';
import { deliverLater } from '#developers/deliver-message.flow.ts';
import { findMailed } from '#developers/find-mailed.flow.ts';
import { type AwaitedAccount, CONFIRM_SECONDS } from '#developers/mailed-token.ts';
import type { Mailer } from '#developers/mailer.ts';
import { confirmMessage, KNOWN_ADDRESS_MESSAGE } from '#developers/messages.ts';
import { newOrganisation } from '#developers/new-organisation.ts';
import { openDeveloperSession, type Visit } from '#developers/open-session.flow.ts';
import { provePassword } from '#developers/prove-password.flow.ts';
import { insertSignUp, type SignUpBounds } from '#developers/token.store.ts';
import type { Scope } from '#edge/scope.ts';
import { sourceOf } from '#edge/source-limit.ts';
import { digestOf } from '#kernel/encoding.ts';
import { newSecret } from '#kernel/ids.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

export interface SignUp {
  /** As `normaliseEmail` makes it. */
  readonly email: string;
  readonly name: string;
  readonly organisationName: string;
  /** Already found good enough. */
  readonly password: string;
}

/** A source gets a twentieth of the deployment's sign-ups, so that no stranger closes sign-up for all by using them up. */
const SHARE_OF_SOURCE = 20;
/** And at least these, for who mistyped an address. */
const LEAST_OF_SOURCE = 3;

function boundsOf({ isLocal, settings: { signUpsPerHour: maximum }, sourceAddress }: Scope): SignUpBounds {
  const ofSource = isLocal ? maximum : Math.max(LEAST_OF_SOURCE, Math.ceil(maximum / SHARE_OF_SOURCE));
  // Of IPv6 its /48, as a site may have one (RFC 6177): of /64s it would have 65,536.
  const source = sourceOf(sourceAddress).replace(/:[^:]+::\/64$/, '::/48');
  return { maximum, source, ofSource };
}

/**
 * Says nothing of whether the address is known. Refuses with `service_unavailable` when too many passwords wait, with
 * `rate_limit_exceeded` when the sign-ups of the hour are used up, of the deployment or of one source.
 */
export async function signUp(scope: Scope, mailer: Result<Mailer>, wanted: SignUp): Promise<Result<void>> {
  const { email, name, organisationName, password } = wanted;
  const passwordDigest = await hashPassword(password);
  if (!passwordDigest.ok) return passwordDigest;
  const token = newSecret();
  const { database, now } = scope;
  const kept = await insertSignUp(
    database,
    { digest: await digestOf(token), email, now, expiresAt: now + CONFIRM_SECONDS },
    { name, organisationName, passwordDigest: passwordDigest.value },
    boundsOf(scope),
  );
  if (kept === 'full') return refuse('rate_limit_exceeded', 'sign-ups of the hour used up');
  if (kept !== undefined) {
    const isNew = kept.purpose === 'confirm';
    deliverLater(scope, mailer, email, isNew ? confirmMessage(token) : KNOWN_ADDRESS_MESSAGE);
  }
  return ok(undefined);
}

/** What a confirmation came to: with a cookie's value signed in; without, the password was wrong. */
export interface Confirmation {
  readonly email: string;
  readonly cookie?: string;
}

/** Undefined where the link opens nothing. Refuses with `service_unavailable` when too many passwords wait. */
export async function confirmSignUp(
  scope: Scope,
  { token, password }: { readonly token: string; readonly password: string },
  visit: Visit,
): Promise<Result<Confirmation | undefined>> {
  const found = await findMailed(scope, token, 'confirm');
  if (found === undefined) return ok(undefined);
  const { digest, email, detail } = found;
  const awaited = JSON.parse(detail) as AwaitedAccount;
  // By the link, not the address: who fails at its sign-in would keep its owner from ever having an account.
  const proved = await provePassword(scope, `link ${digest}`, password, () => Promise.resolve(awaited));
  if (!proved.ok) return proved;
  if (proved.value === undefined) return ok({ email });
  const made = await newOrganisation(scope.settings.environment, awaited.organisationName, scope.now);
  const created = await createDeveloper(scope, {
    token: { digest, purpose: 'confirm' },
    email,
    name: awaited.name,
    passwordDigest: awaited.passwordDigest,
    organisationId: made.organisationId,
    role: 'owner',
    made,
  });
  const cookie = created && (await openDeveloperSession(scope, created, visit));
  return ok(cookie === undefined ? undefined : { email, cookie });
}
