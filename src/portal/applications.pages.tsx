/** `/dashboard/applications`: the list, one application, joining, and the changes of RFC 7592 as forms. */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { readStanding } from '#clients/client-standing.flow.ts';
import { clientsOfOrganisation, type OwnedRegistration } from '#clients/organisation-clients.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { isShownForAnother } from '#developers/organisation.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { type Parameters, readForm } from '#edge/body.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { cleanName } from '#kernel/text.ts';
import { parseKeys, parseSoftware } from '#portal/application-answers.ts';
import { isCertifiedHere } from '#portal/application-change.ts';
import { DeleteView, EditView, LeaveView, RotateView } from '#portal/application-change.view.tsx';
import { type Asked, softwareValues } from '#portal/application-form.view.tsx';
import {
  type Answer,
  findOwned,
  problemsOf,
  show,
  typed,
  viewingOf,
} from '#portal/application-page.pages.tsx';
import { APPLICATIONS_PATH, applicationPath, JOIN_PATH } from '#portal/application-paths.ts';
import { applicationStepPages } from '#portal/application-steps.pages.tsx';
import { ApplicationsView, ApplicationView, JoinView } from '#portal/applications.view.tsx';
import {
  changeApplication,
  deleteApplication,
  rotateToken,
  sealRotation,
} from '#portal/change-application.flow.ts';
import { envText, firstCalls } from '#portal/first-steps.ts';
import { joinApplication, leaveOrganisation } from '#portal/join-application.flow.ts';
import { RotatedView } from '#portal/registered-application.view.tsx';
import type { MintStatement } from '#portal/statement-mint.ts';

/** What was done, told by the page it leads to. */
const DONE: Readonly<Record<string, string>> = {
  changed: 'The application was changed. It holds from your next request on.',
  joined: 'The application has joined your organisation.',
  left: 'The application has left your organisation.',
  deleted: 'The application was deleted.',
  stopped: 'By then the application had been deleted or suspended: nothing more was changed.',
  before:
    'This application was registered already; its registration token was shown then. Rotate it if you have lost it.',
};

function noticeOf<E extends MemberEnv>(c: Context<E>): string | undefined {
  const done = c.req.query('done') ?? '';
  return Object.hasOwn(DONE, done) ? DONE[done] : undefined;
}

interface OwnedEnv extends MemberEnv {
  Variables: MemberEnv['Variables'] & { owned: OwnedRegistration };
}

/** The application of the path in `c.var.owned`; another organisation's and none are the same 404. `live`: one that has not ended. */
function requireOwned(
  needs: { readonly live?: true; readonly active?: true } = {},
): MiddlewareHandler<OwnedEnv> {
  return async function ownedGuard(c, next) {
    const owned = await findOwned(c.var, c.req.param('client_id') ?? '');
    const status = owned?.registration.client.status;
    if (owned === undefined) return answerStop(c, 'no_page', 'no application of the organisation');
    const isFit = needs.active === true ? status === 'active' : needs.live !== true || status !== 'ended';
    if (!isFit) {
      const shown = applicationPath(owned.registration.client.clientId);
      return seeOther(c, c.req.method === 'POST' ? `${shown}?done=stopped` : shown);
    }
    c.set('owned', owned);
    return next();
  };
}

/** What is registered, as the form of a change shows it. */
function valuesOf({ registration: { client } }: OwnedRegistration, isMinted: boolean): Asked['values'] {
  const { client_name: name, logo_uri: logo } = client.metadata;
  return {
    ...softwareValues({
      name: isMinted || typeof name !== 'string' ? client.softwareName : name,
      redirectUris: client.redirectUris,
      roles: client.roles,
    }),
    logo_uri: typeof logo === 'string' ? logo : undefined,
  };
}

/** `mint` is the sandbox directory's; without one statements are pasted. */
export function applicationPages(mint: MintStatement | undefined): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  pages.route('/', applicationStepPages(mint));

  pages.get(APPLICATIONS_PATH, requireMember('applications.read'), async (c) => {
    const { scope, member } = c.var;
    const clients = await clientsOfOrganisation(scope, member.organisation.organisationId);
    return show(c, <ApplicationsView {...viewingOf(c.var)} clients={clients} notice={noticeOf(c)} />);
  });

  pages.get(JOIN_PATH, requireMember('applications.change'), (c) =>
    show(c, <JoinView {...viewingOf(c.var)} asked={{ values: {}, problems: [] }} />),
  );

  pages.post(JOIN_PATH, requireMember('applications.change'), async (c) => {
    const { scope, member } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    if (isShownForAnother(member, form.value)) {
      return answerStop(c, 'other_organisation', 'form of another organisation');
    }
    const clientId = form.value.get('client_id')?.trim().toLowerCase() ?? '';
    const token = form.value.get('registration_access_token')?.trim() ?? '';
    const joined = await joinApplication(scope, member, clientId, token);
    if (joined.ok) return seeOther(c, `${applicationPath(clientId)}?done=joined`);
    if (joined.refusal.code === 'rate_limit_exceeded') return answerRefused(c, joined.refusal);
    const problems = problemsOf(joined.refusal, 'registration_access_token');
    return show(
      c,
      <JoinView {...viewingOf(c.var)} asked={{ values: typed(form.value), problems }} />,
      problems,
    );
  });

  pages.route('/', oneApplicationPages(mint));
  return pages;
}

function oneApplicationPages(mint: MintStatement | undefined): Hono<OwnedEnv> {
  const pages = makeRoutes<OwnedEnv>();
  const path = `${APPLICATIONS_PATH}/:client_id`;
  const change = requireMember('applications.change');
  const confirmed = requireMember('applications.change', { confirmed: true });
  const isMinted = (c: { readonly var: Pick<OwnedEnv['Variables'], 'scope' | 'member' | 'owned'> }) =>
    mint !== undefined &&
    c.var.scope.settings.environment === 'sandbox' &&
    isCertifiedHere(c.var.owned.registration, c.var.member.organisation);

  pages.get(path, requireMember('applications.read'), requireOwned(), async (c) => {
    const { scope, owned } = c.var;
    const { client } = owned.registration;
    const { issuer, environment, rateLimitPerMinute } = scope.settings;
    return show(
      c,
      <ApplicationView
        {...viewingOf(c.var)}
        owned={owned}
        standing={await readStanding(scope, client.clientId)}
        perMinute={rateLimitPerMinute}
        env={envText(issuer, client, undefined)}
        blocks={firstCalls(client, environment)}
        notice={noticeOf(c)}
      />,
    );
  });

  const edit = <E extends OwnedEnv>(c: Context<E>, posted?: Asked): Answer => {
    const { owned } = c.var;
    const asked = posted ?? { values: valuesOf(owned, isMinted(c)), problems: [] };
    return show(
      c,
      <EditView {...viewingOf(c.var)} owned={owned} asked={asked} isMinted={isMinted(c)} />,
      posted?.problems,
    );
  };

  pages.get(`${path}/edit`, confirmed, requireOwned({ active: true }), (c) => edit(c));

  pages.post(`${path}/edit`, confirmed, requireOwned({ active: true }), async (c) => {
    const { scope, member, owned } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const { registration } = owned;
    const read = readChange(form.value, scope, owned, isMinted(c));
    const again = (problems: Asked['problems']) => edit(c, { values: typed(form.value), problems });
    if (!read.ok) return again(read.problems);
    if (form.value.get('version') !== String(registration.client.version)) {
      return again([
        { message: 'The application was changed meanwhile. Open this page again to see it as it is now.' },
      ]);
    }
    const changed = await changeApplication(
      scope,
      member,
      registration,
      read.value,
      isMinted(c) ? mint : undefined,
    );
    if (!changed.ok) return again(problemsOf(changed.refusal));
    return seeOther(c, `${applicationPath(registration.client.clientId)}?done=changed`);
  });

  const rotate = async <E extends OwnedEnv>(
    c: Context<E>,
    problems: Asked['problems'] = [],
  ): Promise<Response> => {
    const form = await sealRotation(c.var.scope, c.var.owned.registration);
    return show(
      c,
      <RotateView {...viewingOf(c.var)} owned={c.var.owned} form={form} problems={problems} />,
      problems,
    );
  };

  pages.get(`${path}/token`, confirmed, requireOwned({ active: true }), (c) => rotate(c));

  pages.post(`${path}/token`, confirmed, requireOwned({ active: true }), async (c) => {
    const { scope, member, owned } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const rotated = await rotateToken(scope, member, owned.registration, form.value.get('form'));
    if (!rotated.ok) return rotate(c, problemsOf(rotated.refusal));
    return show(
      c,
      <RotatedView
        {...viewingOf(c.var)}
        registration={owned.registration}
        registrationToken={rotated.value}
      />,
    );
  });

  pages.get(`${path}/delete`, confirmed, requireOwned({ live: true }), (c) =>
    show(c, <DeleteView {...viewingOf(c.var)} owned={c.var.owned} asked={{ values: {}, problems: [] }} />),
  );

  pages.post(`${path}/delete`, confirmed, requireOwned({ live: true }), async (c) => {
    const { scope, member, owned } = c.var;
    const form = await readForm(c);
    if (!form.ok) return answerRefused(c, form.refusal);
    const isConfirmed = isSameName(form.value.get('confirmation'), owned.registration.client.softwareName);
    const deleted = isConfirmed ? await deleteApplication(scope, member, owned.registration) : undefined;
    if (deleted?.ok === true) return seeOther(c, `${APPLICATIONS_PATH}?done=deleted`);
    const problems =
      deleted === undefined
        ? [{ field: 'confirmation', message: 'Type the name exactly as it stands above the field.' }]
        : problemsOf(deleted.refusal);
    return show(
      c,
      <DeleteView {...viewingOf(c.var)} owned={owned} asked={{ values: {}, problems }} />,
      problems,
    );
  });

  pages.get(`${path}/leave`, change, requireOwned(), (c) =>
    show(c, <LeaveView {...viewingOf(c.var)} owned={c.var.owned} problems={[]} />),
  );

  pages.post(`${path}/leave`, change, requireOwned(), async (c) => {
    const { scope, member, owned } = c.var;
    const left = await leaveOrganisation(scope, member, owned.registration);
    if (left.ok) return seeOther(c, `${APPLICATIONS_PATH}?done=left`);
    const problems = problemsOf(left.refusal);
    return show(c, <LeaveView {...viewingOf(c.var)} owned={owned} problems={problems} />, problems);
  });

  return pages;
}

/** Whether a name was typed: as names are kept, and with letters composed or not, as keyboards differ in both. */
function isSameName(typedName: string | undefined, name: string): boolean {
  return cleanName(typedName ?? '').normalize() === name.normalize();
}

/** Keys that were brought where the choice says to keep those there are, as a form without scripts leaves it. */
function problemsOfKept(form: Parameters): readonly Problem[] {
  const message =
    'You brought keys, but chose to keep those that are registered. Choose this way of bringing keys, or empty the field.';
  return ['jwks', 'jwks_uri'].filter((field) => form.has(field)).map((field) => ({ field, message }));
}

/** The form of a change: software, keys unless they stay, and another statement where none is minted. */
function readChange(form: Parameters, scope: Scope, { registration }: OwnedRegistration, isMinted: boolean) {
  const software = parseSoftware(form, {
    environment: scope.settings.environment,
    withRoles: isMinted,
    registeredLogo: registration.client.metadata['logo_uri'],
  });
  const isKept = (form.get('key_source') ?? 'keep') === 'keep';
  const kept = isKept ? problemsOfKept(form) : [];
  if (kept.length > 0) return { ok: false, problems: kept } as const;
  const keys = isKept
    ? ({ ok: true, value: undefined } as const)
    : parseKeys(form, (url) => checkOutboundUrl(url, scope).ok);
  if (!software.ok || !keys.ok) {
    const problems = [...(software.ok ? [] : software.problems), ...(keys.ok ? [] : keys.problems)];
    return { ok: false, problems } as const;
  }
  const statement = isMinted ? undefined : form.get('software_statement')?.trim() || undefined;
  return { ok: true, value: { software: software.value, keys: keys.value, statement } } as const;
}
