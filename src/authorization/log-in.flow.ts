/**
 * Log-in by name and password. Everything is counted before it is compared, and every failure takes one path: refused,
 * locked and unknown names are hashed like any other. D1: the client, the tenant, one conditional write, the customer.
 * Objects: the interaction's, twice.
 */
import { acceptLogin } from '#authorization/accept-login.flow.ts';
import type { PasswordTry } from '#authorization/interaction-moves.ts';
import { type CookieReader, deadEnd, type JourneyStep } from '#authorization/journey.ts';
import { clientGone, frameOf, purposeOf, reachJourney } from '#authorization/journey-client.flow.ts';
import { stopJourney } from '#authorization/leave-journey.flow.ts';
import { releaseAttempt, reserveAttempt } from '#authorization/login-attempt.store.ts';
import { normaliseName } from '#authorization/login-attempt.ts';
import { digestOfName } from '#authorization/login-name.flow.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import type { Customer } from '#bank/customer.ts';
import { findCustomerByUsername } from '#bank/find-customer.flow.ts';
import { verifyPassword } from '#bank/password.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { signingKeys } from '#edge/signing-keys.ts';
import { ok, type Result } from '#kernel/result.ts';

/** The one text of every failure: it tells neither whether the name exists nor whether it is refused or locked. */
const LOGIN_FAILURE =
  'We could not log you in with that username and password. After several failed attempts we wait before we accept another.';

export interface LoginPost {
  readonly form: SealedForm;
  /** The sealed form as it came, to go into the page once more. */
  readonly sealed: string;
  readonly username: string;
  readonly password: string;
}

interface Checked {
  /** Present only when name and password are right. */
  readonly customer: Customer | undefined;
  readonly nameDigest: string;
}

/** Counts the attempt, then compares. Refuses with `service_unavailable` when too many passwords wait; nothing counts then. */
async function checkPassword(
  scope: Scope,
  tenantId: string,
  { username, password }: LoginPost,
): Promise<Result<Checked>> {
  const name = normaliseName(username);
  const keys = await signingKeys(scope);
  const nameDigest = await digestOfName(keys, tenantId, name);
  const mayTry = await reserveAttempt(scope.database, { tenantId, nameDigest }, scope.now);
  const found = await findCustomerByUsername(scope, tenantId, name);
  const candidate = mayTry && found?.locked === false ? found : undefined;
  const right = await verifyPassword(candidate?.passwordDigest, password);
  if (!right.ok) {
    if (mayTry) await releaseAttempt(scope.database, { tenantId, nameDigest });
    return right;
  }
  return ok({ customer: right.value ? candidate : undefined, nameDigest });
}

/** Answers the log-in form. After the right password the browser gets a new cookie and goes on to the next page. */
export async function logIn(
  scope: Scope,
  ports: JourneyPorts,
  post: LoginPost,
  readCookie: CookieReader,
): Promise<JourneyStep> {
  const { form, sealed } = post;
  const reached = await reachJourney(scope, form, readCookie);
  if (reached === undefined) return clientGone();
  const { interaction, client, browser } = reached;
  const tried: PasswordTry = await callObject(scope, () =>
    interaction().tryPassword(scope.nowMs, form, browser),
  );
  if (tried.outcome !== 'try') return stopJourney(tried.outcome, form);
  if (browser === undefined) return stopJourney('foreign', form);
  const tenantId = await ports.tenants.ready(scope, client.organisationId);
  const checked = await checkPassword(scope, tenantId, post);
  if (!checked.ok) {
    await callObject(scope, () => interaction().returnPassword());
    return deadEnd('unavailable', checked.refusal.reason);
  }
  const { customer, nameDigest } = checked.value;
  if (customer !== undefined) {
    const { request } = tried;
    return acceptLogin(scope, ports, {
      form,
      interaction,
      client,
      presented: browser,
      request,
      customer,
      nameDigest,
    });
  }
  const refused = await callObject(scope, () => interaction().refusePassword());
  if (refused !== 'again') return stopJourney(refused, form);
  return {
    show: 'login',
    address: form.address,
    props: {
      ...frameOf(scope, client, sealed),
      purpose: purposeOf(tried.request),
      failure: LOGIN_FAILURE,
      ...(ports.testCustomers === undefined ? {} : { testCustomers: ports.testCustomers }),
    },
  };
}
