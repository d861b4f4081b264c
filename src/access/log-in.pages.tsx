/** The steps of the log-in to the customer's own page, and the log-out. */
import type { Context } from 'hono';
import { findPlace, placeOf } from '#access/access-link.flow.ts';
import { ACCESS_PATH } from '#access/access-path.ts';
import { ACCESS_ACTIONS, BANK_FIELD, type Left } from '#access/access-props.ts';
import {
  type Answer,
  answerEnd,
  fieldOf,
  frameOf,
  goLogIn,
  goTo,
  type Handler,
  type PostHandler,
} from '#access/answer-access.pages.tsx';
import { AccessCodeView, LogInView } from '#access/log-in.view.tsx';
import { type Place, SESSION_COOKIE, type Session } from '#access/session.ts';
import { giveCode, giveName } from '#access/sign-in.flow.ts';
import { endVisit, findVisit } from '#access/visit.flow.ts';
import { JOURNEY_FIELDS } from '#authorization/journey-props.ts';
import { CODE_FAILURE, LOGIN_FAILURE } from '#authorization/login-attempt.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import { answerPage } from '#edge/answer-page.ts';
import { dropHostCookie, putHostCookie, readHostCookie } from '#edge/host-cookie.ts';
import type { AppEnv } from '#edge/scope.ts';

export function answerLogIn(
  c: Context<AppEnv>,
  ports: JourneyPorts,
  { handle }: Place,
  told: { readonly left?: Left; readonly failure?: string },
): Answer {
  return answerPage(
    c,
    <LogInView {...frameOf(c.var.scope)} handle={handle} {...told} testCustomers={ports.testCustomers} />,
    { status: told.failure === undefined ? 200 : 400 },
  );
}

async function answerCode(
  c: Context<AppEnv>,
  ports: JourneyPorts,
  { organisationId, sentTo }: Session,
  failure?: string,
): Promise<Response> {
  const { scope } = c.var;
  const { handle } = await placeOf(scope, organisationId);
  return answerPage(
    c,
    <AccessCodeView
      {...frameOf(scope)}
      handle={handle}
      sentTo={sentTo}
      sandboxCode={ports.testCustomers?.oneTimeCode}
      failure={failure}
    />,
    { status: failure === undefined ? 200 : 400 },
  );
}

export function answerUnplaced(c: Context<AppEnv>, place: 'unknown' | 'unnamed'): Answer {
  return answerEnd(c, place === 'unknown' ? 'unknown_bank' : 'unnamed_bank', `${place} bank`);
}

export const postLogIn: PostHandler = async (c, ports, fields) => {
  const { scope } = c.var;
  const place = await findPlace(scope, fieldOf(fields, BANK_FIELD));
  if (typeof place === 'string') return answerUnplaced(c, place);
  const given = await giveName(scope, ports, place, {
    username: fieldOf(fields, JOURNEY_FIELDS.username) ?? '',
    password: fieldOf(fields, JOURNEY_FIELDS.password) ?? '',
    cookie: readHostCookie(c, SESSION_COOKIE),
  });
  if (given.outcome === 'unavailable') return answerEnd(c, 'unavailable', given.reason);
  if (given.outcome === 'wrong') return answerLogIn(c, ports, place, { failure: LOGIN_FAILURE });
  putHostCookie(c, SESSION_COOKIE, given.cookie);
  return goTo(c, ACCESS_ACTIONS.code);
};

export const getCode: Handler = async (c, ports) => {
  const visit = await findVisit(c.var.scope, readHostCookie(c, SESSION_COOKIE));
  if (visit.stage === 'code') return answerCode(c, ports, visit.session);
  if (visit.stage === 'over') return goLogIn(c, visit.session, 'code');
  return goTo(c, ACCESS_PATH);
};

export const postCode: PostHandler = async (c, ports, fields) => {
  const code = fieldOf(fields, JOURNEY_FIELDS.otp) ?? '';
  const given = await giveCode(c.var.scope, { cookie: readHostCookie(c, SESSION_COOKIE), code });
  if (given.outcome === 'again') return answerCode(c, ports, given.session, CODE_FAILURE);
  if (given.outcome === 'too_many') return goLogIn(c, given.session, 'tries');
  if (given.outcome === 'over') return goLogIn(c, given.session, 'code');
  if (given.outcome === 'open') putHostCookie(c, SESSION_COOKIE, given.cookie);
  return goTo(c, ACCESS_PATH);
};

export const postLogOut: PostHandler = async (c) => {
  const cookie = readHostCookie(c, SESSION_COOKIE);
  const { session } = await findVisit(c.var.scope, cookie);
  await endVisit(c.var.scope, cookie);
  dropHostCookie(c, SESSION_COOKIE);
  return goLogIn(c, session, 'out');
};
