/**
 * Log-in by name and password; every failure takes one path. D1: the client, the tenant, one conditional write, the
 * customer. Objects: the interaction's, twice.
 */
import { acceptLogin } from '#authorization/accept-login.flow.ts';
import { checkPassword } from '#authorization/check-password.flow.ts';
import type { PasswordTry } from '#authorization/interaction-moves.ts';
import { type CookieReader, deadEnd, type JourneyStep } from '#authorization/journey.ts';
import { clientGone, frameOf, purposeOf, reachJourney } from '#authorization/journey-client.flow.ts';
import { stopJourney } from '#authorization/leave-journey.flow.ts';
import { LOGIN_FAILURE } from '#authorization/login-attempt.ts';
import type { SealedForm } from '#authorization/sealed-form.flow.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import { callObject } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';

export interface LoginPost {
  readonly form: SealedForm;
  /** The sealed form as it came, to go into the page once more. */
  readonly sealed: string;
  readonly username: string;
  readonly password: string;
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
      testCustomers: ports.testCustomers,
    },
  };
}
