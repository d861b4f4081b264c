/** `/dashboard/applications`: the list, one application, joining, and the changes of RFC 7592 as forms. */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { Child } from 'hono/jsx';
import type { ClientStatus } from '#clients/client.ts';
import { readStanding } from '#clients/client-standing.flow.ts';
import {
  clientsOfOrganisation,
  findClientOfOrganisation,
  type OwnedRegistration,
} from '#clients/organisation-clients.flow.ts';
import { type Answer, answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { Note, type Problem } from '#developers/parts.view.tsx';
import { answerRefused, answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { checkOutboundUrl } from '#edge/outbound.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { cleanName } from '#kernel/text.ts';
import type { Answered, FieldOf } from '#portal/answered.ts';
import { parseKeys, parseSoftware } from '#portal/application-answers.ts';
import { type ApplicationChange, isCertifiedHere } from '#portal/application-change.ts';
import { DeleteView, EditView, LeaveView, RotateView } from '#portal/application-change.view.tsx';
import { softwareValues } from '#portal/application-form.view.tsx';
import { APPLICATIONS_PATH, applicationPath, JOIN_PATH } from '#portal/application-paths.ts';
import { applicationStepPages } from '#portal/application-steps.pages.tsx';
import { ApplicationsView, ApplicationView, JoinView } from '#portal/applications.view.tsx';
import {
  CHANGED_MEANWHILE,
  changeApplication,
  deleteApplication,
  rotateToken,
  sealRotation,
} from '#portal/change-application.flow.ts';
import { joinApplication, leaveOrganisation } from '#portal/join-application.flow.ts';
import type { Asked } from '#portal/portal-page.view.tsx';
import { askedAgain, problemsOf } from '#portal/refused-form.pages.tsx';
import { RotatedView } from '#portal/registered-application.view.tsx';
import type { MintStatement } from '#portal/statement-mint.ts';

/** What was done, told by the page it leads to. */
const DONE: Readonly<Record<string, string>> = {
  changed: 'The application was changed.',
  joined: 'The application has joined your organisation.',
  left: 'The application has left your organisation.',
  deleted: 'The application was deleted.',
  stopped: 'The application was deleted or suspended before: nothing more was changed.',
  before: 'This application was registered already, and its token shown: rotate it if it is lost.',
};

function noticeOf<E extends MemberEnv>(c: Context<E>): Child {
  const done = c.req.query('done') ?? '';
  return Object.hasOwn(DONE, done) ? <Note>{DONE[done]}</Note> : null;
}

interface OwnedEnv extends MemberEnv {
  Variables: MemberEnv['Variables'] & { owned: OwnedRegistration };
}

/** The application of the path in `c.var.owned`; another organisation's and none are the same 404. An `unfit` status leads back to its page. */
function requireOwned(...unfit: readonly ClientStatus[]): MiddlewareHandler<OwnedEnv> {
  return async function ownedGuard(c, next) {
    const { scope, member } = c.var;
    const { organisationId } = member.organisation;
    const owned = await findClientOfOrganisation(scope, organisationId, c.req.param('client_id') ?? '');
    if (owned === undefined) return answerStop(c, 'no_page', 'no application of the organisation');
    const { clientId, status } = owned.registration.client;
    if (unfit.includes(status)) {
      const shown = applicationPath(clientId);
      return seeOther(c, c.req.method === 'POST' ? `${shown}?done=stopped` : shown);
    }
    c.set('owned', owned);
    return next();
  };
}

/** What is registered, as the form of a change shows it. */
function valuesOf({ registration: { client } }: OwnedRegistration, isMinted: boolean): Asked['values'] {
  const { client_name: name, logo_uri: logo } = client.metadata;
  return softwareValues({
    name: isMinted || typeof name !== 'string' ? client.softwareName : name,
    logoUri: typeof logo === 'string' ? logo : undefined,
    redirectUris: client.redirectUris,
    roles: client.roles,
  });
}

/** `mint` is the sandbox directory's; without one statements are pasted. */
export function applicationPages(mint: MintStatement | undefined): Hono<MemberEnv> {
  const pages = makeRoutes<MemberEnv>();
  const change = requireMember('applications.change');
  pages.route('/', applicationStepPages(mint));

  pages.get(APPLICATIONS_PATH, requireMember('applications.read'), async (c) => {
    const { scope, member } = c.var;
    const clients = await clientsOfOrganisation(scope, member.organisation.organisationId);
    return answerBoard(c, <ApplicationsView {...boardOf(c)} clients={clients} notice={noticeOf(c)} />);
  });

  pages.get(JOIN_PATH, change, (c) =>
    answerBoard(c, <JoinView {...boardOf(c)} asked={{ values: {}, problems: [] }} />),
  );

  pages.post(
    JOIN_PATH,
    change,
    withForm(async (c: BoardContext, field, fields) => {
      const { scope, member } = c.var;
      const clientId = field('client_id').trim().toLowerCase();
      const token = field('registration_access_token').trim();
      const joined = await joinApplication(scope, member, clientId, token);
      if (joined.ok) return seeOther(c, `${applicationPath(clientId)}?done=joined`);
      if (joined.refusal.code === 'rate_limit_exceeded') return answerRefused(c, joined.refusal);
      const problems = problemsOf(joined.refusal, 'registration_access_token');
      return answerBoard(c, <JoinView {...boardOf(c)} asked={askedAgain(fields, problems)} />);
    }),
  );

  pages.route('/', oneApplicationPages(mint));
  return pages;
}

function oneApplicationPages(directory: MintStatement | undefined): Hono<OwnedEnv> {
  const pages = makeRoutes<OwnedEnv>();
  const path = `${APPLICATIONS_PATH}/:client_id`;
  const change = requireMember('applications.change');
  const confirmed = requireMember('applications.change', { confirmed: true });
  const active = requireOwned('ended', 'suspended');
  const live = requireOwned('ended');
  const any = requireOwned();
  const ownedOf = <E extends OwnedEnv>(c: Context<E>) => ({ ...boardOf(c), owned: c.var.owned });
  const mintOf = <E extends OwnedEnv>({ var: { scope, member, owned } }: Context<E>) =>
    scope.settings.environment === 'sandbox' && isCertifiedHere(owned.registration, member.organisation)
      ? directory
      : undefined;

  pages.get(path, requireMember('applications.read'), any, async (c) => {
    const { scope, owned } = c.var;
    const standing = await readStanding(scope, owned.registration.client.clientId);
    const perMinute = scope.settings.rateLimitPerMinute;
    return answerBoard(
      c,
      <ApplicationView {...ownedOf(c)} standing={standing} perMinute={perMinute} notice={noticeOf(c)} />,
    );
  });

  const edit = <E extends OwnedEnv>(c: Context<E>, posted?: Asked): Answer => {
    const isMinted = mintOf(c) !== undefined;
    const asked = posted ?? { values: valuesOf(c.var.owned, isMinted), problems: [] };
    return answerBoard(c, <EditView {...ownedOf(c)} asked={asked} isMinted={isMinted} />);
  };

  pages.get(`${path}/edit`, confirmed, active, (c) => edit(c));

  pages.post(
    `${path}/edit`,
    confirmed,
    active,
    withForm(async (c: Context<OwnedEnv>, field, fields) => {
      const { scope, member, owned } = c.var;
      const { registration } = owned;
      const mint = mintOf(c);
      const again = (problems: readonly Problem[]) => edit(c, askedAgain(fields, problems));
      const read = readChange(field, scope, owned, mint !== undefined);
      if (!read.ok) return again(read.problems);
      if (field('version') !== String(registration.client.version)) {
        return again([CHANGED_MEANWHILE]);
      }
      const changed = await changeApplication(scope, member, registration, read.value, mint);
      return changed.ok
        ? seeOther(c, `${applicationPath(registration.client.clientId)}?done=changed`)
        : again(problemsOf(changed.refusal));
    }),
  );

  const rotate = async <E extends OwnedEnv>(
    c: Context<E>,
    problems: readonly Problem[] = [],
  ): Promise<Response> => {
    const form = await sealRotation(c.var.scope, c.var.owned.registration);
    return answerBoard(c, <RotateView {...ownedOf(c)} form={form} problems={problems} />);
  };

  pages.get(`${path}/token`, confirmed, active, (c) => rotate(c));

  pages.post(
    `${path}/token`,
    confirmed,
    active,
    withForm(async (c: Context<OwnedEnv>, field) => {
      const { scope, member, owned } = c.var;
      const rotated = await rotateToken(scope, member, owned.registration, field('form'));
      if (!rotated.ok) return rotate(c, problemsOf(rotated.refusal));
      const { client } = owned.registration;
      return answerBoard(
        c,
        <RotatedView {...boardOf(c)} client={client} registrationToken={rotated.value} />,
        200,
      );
    }),
  );

  pages.get(`${path}/delete`, confirmed, live, (c) => answerBoard(c, <DeleteView {...ownedOf(c)} />));

  pages.post(
    `${path}/delete`,
    confirmed,
    live,
    withForm(async (c: Context<OwnedEnv>, field) => {
      const { scope, member, owned } = c.var;
      const again = (problems: readonly Problem[]) =>
        answerBoard(c, <DeleteView {...ownedOf(c)} problems={problems} />);
      if (!isSameName(field('confirmation'), owned.registration.client.softwareName)) {
        return again([{ field: 'confirmation', message: 'Type the name exactly.' }]);
      }
      const deleted = await deleteApplication(scope, member, owned.registration);
      return deleted.ok
        ? seeOther(c, `${APPLICATIONS_PATH}?done=deleted`)
        : again(problemsOf(deleted.refusal));
    }),
  );

  pages.get(`${path}/leave`, change, any, (c) => answerBoard(c, <LeaveView {...ownedOf(c)} />));

  pages.post(`${path}/leave`, change, any, async (c) => {
    const { scope, member, owned } = c.var;
    const left = await leaveOrganisation(scope, member, owned.registration);
    return left.ok
      ? seeOther(c, `${APPLICATIONS_PATH}?done=left`)
      : answerBoard(c, <LeaveView {...ownedOf(c)} problems={problemsOf(left.refusal)} />);
  });

  return pages;
}

/** Whether a name was typed: as names are kept, and with letters composed or not, as keyboards differ in both. */
function isSameName(typedName: string, name: string): boolean {
  return cleanName(typedName).normalize() === name.normalize();
}

/** The form of a change: software, keys unless they stay, and another statement where none is minted. */
function readChange(
  field: FieldOf,
  scope: Scope,
  { registration }: OwnedRegistration,
  isMinted: boolean,
): Answered<ApplicationChange> {
  const software = parseSoftware(field, {
    environment: scope.settings.environment,
    withRoles: isMinted,
    registeredLogo: registration.client.metadata['logo_uri'],
  });
  const keys = readKeys(field, scope);
  if (!software.ok) return { ok: false, problems: [...software.problems, ...(keys.ok ? [] : keys.problems)] };
  if (!keys.ok) return keys;
  const statement = isMinted ? undefined : field('software_statement').trim() || undefined;
  return { ok: true, value: { software: software.value, keys: keys.value, statement } };
}

/** Undefined: they stay. */
function readKeys(field: FieldOf, scope: Scope): Answered<ApplicationChange['keys']> {
  const source = field('key_source') || 'keep';
  if (source !== 'keep') return parseKeys(field, (url) => checkOutboundUrl(url, scope).ok);
  // A form without scripts leaves the choice as it is.
  const message = 'You chose to keep the keys: choose this way of bringing others, or empty the field.';
  const brought = ['jwks', 'jwks_uri'].filter((name) => field(name) !== '');
  return brought.length > 0
    ? { ok: false, problems: brought.map((name) => ({ field: name, message })) }
    : { ok: true, value: undefined };
}
