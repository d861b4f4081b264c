/**
 * `/my/access`: the customer sees what they let apps of other companies do, and ends it. A session here is of this realm
 * alone: no interaction's cookie opens it, and it opens none. Source: RTS Article 4, CMA9 customer experience guidelines.
 */
import type { Hono } from 'hono';
import { AccessDetailView, StopIdentityView, StopView } from '#access/access-detail.view.tsx';
import { type AccessPart, isLive } from '#access/access-entry.ts';
import { findPlace, placeOf } from '#access/access-link.flow.ts';
import { AccessListView } from '#access/access-list.view.tsx';
import { ACCESS_PATH } from '#access/access-path.ts';
import {
  ACCESS_ACTIONS,
  BANK_FIELD,
  detailPath,
  isLeft,
  PARTS,
  stopIdentityPath,
  stopPath,
} from '#access/access-props.ts';
import {
  answerEnd,
  goTo,
  type Handler,
  posted,
  type SessionHandler,
  signedIn,
  signedInFrame,
  welcome,
} from '#access/answer-access.pages.tsx';
import {
  answerLogIn,
  answerUnplaced,
  getCode,
  postCode,
  postLogIn,
  postLogOut,
} from '#access/log-in.pages.tsx';
import { listAccess, listIdentities, readAccess } from '#access/read-access.flow.ts';
import { SESSION_COOKIE } from '#access/session.ts';
import { stopAccess, stopIdentity } from '#access/stop-access.flow.ts';
import { findVisit } from '#access/visit.flow.ts';
import type { JourneyPortsOf } from '#authorization/second-factor.ts';
import { answerPage } from '#edge/answer-page.ts';
import { readHostCookie } from '#edge/host-cookie.ts';
import { describeError } from '#edge/log.ts';
import { isOutage } from '#edge/outage.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';

/** The parameter of the front that says that an app was just kept from asking who the customer is. */
const STOPPED = 'stopped';

const listPart = (part: AccessPart): SessionHandler =>
  async function list(c, session) {
    const { scope } = c.var;
    const after = c.req.query('after');
    const isFirst = after === undefined;
    const [{ entries, next }, identities] = await Promise.all([
      listAccess(scope, session, part, after),
      part === 'live' && isFirst ? listIdentities(scope, session) : [],
    ]);
    return answerPage(
      c,
      <AccessListView
        {...signedInFrame(scope, session)}
        part={part}
        entries={entries}
        identities={identities}
        hasStopped={isFirst && c.req.query(STOPPED) !== undefined}
        isFirst={isFirst}
        next={next && `${PARTS[part].path}?after=${next}`}
      />,
    );
  };

const showLive = listPart('live');

/** The front: what opens something now, or the log-in of the bank that the link names. */
const getFront: Handler = async (c, ports) => {
  const { scope } = c.var;
  const handle = c.req.query(BANK_FIELD);
  const left = c.req.query('left');
  const { stage, session } = await findVisit(scope, readHostCookie(c, SESSION_COOKIE));
  const place =
    handle === undefined && session !== undefined
      ? await placeOf(scope, session.organisationId)
      : await findPlace(scope, handle);
  if (typeof place === 'string') return answerUnplaced(c, place);
  // A session of one bank is none in another.
  if (stage === 'open' && session.organisationId === place.organisationId) return showLive(c, session);
  return answerLogIn(c, ports, place, isLeft(left) ? { left } : {});
};

const showDetail: SessionHandler = async (c, session) => {
  const { scope } = c.var;
  const consentId = c.req.param('consent_id') ?? '';
  const detail = await readAccess(scope, session, consentId, c.req.query('checks'));
  if (detail === undefined) return answerEnd(c, 'not_yours', 'no consent of this customer');
  return answerPage(c, <AccessDetailView {...signedInFrame(scope, session)} {...detail} />);
};

const askStop: SessionHandler = async (c, session) => {
  const { scope } = c.var;
  const consentId = c.req.param('consent_id') ?? '';
  const detail = await readAccess(scope, session, consentId);
  if (detail === undefined) return answerEnd(c, 'not_yours', 'no consent of this customer');
  if (!isLive(detail.entry)) return goTo(c, detailPath(consentId));
  return answerPage(c, <StopView {...signedInFrame(scope, session)} entry={detail.entry} />);
};

const postStop: SessionHandler = async (c, session) => {
  const consentId = c.req.param('consent_id') ?? '';
  const stopped = await stopAccess(c.var.scope, session, consentId);
  if (stopped.ok) return goTo(c, detailPath(consentId));
  const { code, reason } = stopped.refusal;
  return code === 'consent_consumed'
    ? answerEnd(c, 'paid', reason, { onward: detailPath(consentId) })
    : answerEnd(c, 'not_yours', reason);
};

const askStopIdentity: SessionHandler = async (c, session) => {
  const { scope } = c.var;
  const identities = await listIdentities(scope, session);
  const entry = identities.find(({ clientId }) => clientId === c.req.param('client_id'));
  if (entry === undefined) return goTo(c, ACCESS_PATH);
  return answerPage(c, <StopIdentityView {...signedInFrame(scope, session)} entry={entry} />);
};

const postStopIdentity: SessionHandler = async (c, session) => {
  const stopped = await stopIdentity(c.var.scope, session, c.req.param('client_id') ?? '');
  if (!stopped.ok) return answerEnd(c, 'not_yours', stopped.refusal.reason);
  return goTo(c, `${ACCESS_PATH}?${STOPPED}=1`);
};

/** A form's address opened by itself: what it belongs to is shown. */
const goFront: Handler = async (c) => goTo(c, ACCESS_PATH);

/** `portsOf`: the second factor and its sender, as the authorization pages have them. */
export function accessPages(portsOf: JourneyPortsOf): Hono<AppEnv> {
  const pages = makeRoutes();
  const on = (handle: Handler) => welcome(portsOf, handle);
  pages.get(ACCESS_PATH, on(getFront));
  pages.get(ACCESS_ACTIONS.logIn, on(goFront));
  pages.post(ACCESS_ACTIONS.logIn, on(posted(postLogIn)));
  pages.get(ACCESS_ACTIONS.code, on(getCode));
  pages.post(ACCESS_ACTIONS.code, on(posted(postCode)));
  pages.get(ACCESS_ACTIONS.logOut, on(goFront));
  pages.post(ACCESS_ACTIONS.logOut, on(posted(postLogOut)));
  pages.get(PARTS.payments.path, on(signedIn(listPart('payments'))));
  pages.get(PARTS.past.path, on(signedIn(listPart('past'))));
  pages.get(detailPath(':consent_id'), on(signedIn(showDetail)));
  pages.get(stopPath(':consent_id'), on(signedIn(askStop)));
  pages.post(stopPath(':consent_id'), on(posted(signedIn(postStop))));
  pages.get(stopIdentityPath(':client_id'), on(signedIn(askStopIdentity)));
  pages.post(stopIdentityPath(':client_id'), on(posted(signedIn(postStopIdentity))));
  pages.onError((error, c) => answerEnd(c, isOutage(error) ? 'unavailable' : 'fault', describeError(error)));
  return pages;
}
