/** The dashboard's pages of API keys. Making, rolling and revoking ask for a password or passkey of the last 15 minutes. */
import type { Context, Hono } from 'hono';
import { type ApiKey, keyScopesOf } from '#clients/api-key.ts';
import { readLiveKeyStanding } from '#clients/live-key.flow.ts';
import { findKeyOfOrganisation, keysOfOrganisation } from '#clients/organisation-keys.flow.ts';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { namesOfDevelopers } from '#developers/name-developers.flow.ts';
import { isShownForAnother } from '#developers/organisation.ts';
import { doerOf } from '#developers/record-deed.flow.ts';
import { mayDo } from '#developers/role.ts';
import { siteOf } from '#developers/site.ts';
import { answerRefused, answerStop, seeOther } from '#developers/stop.guard.tsx';
import { answerPage } from '#edge/answer-page.ts';
import { readForm } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { newSecret } from '#kernel/ids.ts';
import {
  NewKeyView,
  NotReadyView,
  RevokeView,
  RollView,
  ShownOnceView,
} from '#portal/api-key-change.view.tsx';
import {
  createApiKey,
  type KeyRefusal,
  LIVE_KEYS_MAXIMUM,
  revokeApiKey,
  rollApiKey,
} from '#portal/api-keys.flow.ts';
import { KEYS_PATH, type KeyPageProps, KeysView, KeyView, pathOfKey } from '#portal/api-keys.view.tsx';
import { checkKeyForm, emptyForm, overlapOf, readKeyForm } from '#portal/key-wanted.ts';

type PageContext = Context<MemberEnv>;
type Answer = Response | Promise<Response>;
type Node = Parameters<typeof answerPage>[1];
type Status = 200 | 400 | 409;

const TOO_MANY = `Your organisation has ${LIVE_KEYS_MAXIMUM} live API keys, which is the most: revoke one that is no longer used.`;

function pagePropsOf({ var: { scope, member } }: PageContext): KeyPageProps {
  return { site: siteOf(scope), member, now: scope.now, mayChange: mayDo(member.role, 'api_keys.change') };
}

function show(c: PageContext, node: Node, status: Status = 200): Answer {
  return answerPage(c as unknown as Context<AppEnv>, node, { scripts: 'own', status });
}

async function creatorsOf(c: PageContext, keys: readonly ApiKey[]): Promise<ReadonlyMap<string, string>> {
  return namesOfDevelopers(
    c.var.scope,
    keys.flatMap(({ createdBy }) => createdBy ?? []),
  );
}

/** Where a refusal leads that no form shows again. */
function answerKeyRefusal(c: PageContext, refusal: KeyRefusal, keyId: string): Answer {
  if (refusal.code === 'not_found') return answerStop(c, 'no_page', 'no key of this id');
  c.var.scope.trace.reason = `key ${refusal.code}`;
  return seeOther(
    c,
    refusal.code === 'made_already'
      ? `${pathOfKey(refusal.keyId)}?notice=made`
      : `${pathOfKey(keyId)}${refusal.code === 'ended' ? '?notice=ended' : ''}`,
  );
}

/** The member's key that the path names, or the page that says there is none. */
async function keyOf(c: PageContext): Promise<ApiKey | undefined> {
  const { scope, member } = c.var;
  return findKeyOfOrganisation(scope, member.organisation.organisationId, c.req.param('key_id') ?? '');
}

async function showForm(c: PageContext): Promise<Response> {
  const { scope, member } = c.var;
  const { environment } = scope.settings;
  if (environment === 'production') {
    const { missing } = await readLiveKeyStanding(scope, member.organisation.organisationId);
    if (missing !== undefined) return show(c, <NotReadyView {...pagePropsOf(c)} missing={missing} />);
  }
  const offered = keyScopesOf(environment);
  return show(c, <NewKeyView {...pagePropsOf(c)} form={emptyForm(newSecret(), offered)} offered={offered} />);
}

async function make(c: PageContext): Promise<Response> {
  const { scope, member } = c.var;
  const parameters = await readForm(c);
  if (!parameters.ok) return answerRefused(c, parameters.refusal);
  if (isShownForAnother(member, parameters.value)) {
    return answerStop(c, 'other_organisation', 'form of another organisation');
  }
  const form = readKeyForm(parameters.value);
  if (form === undefined) return answerStop(c, 'bad_form', 'form without its nonce');
  const offered = keyScopesOf(scope.settings.environment);
  const page = { ...pagePropsOf(c), form, offered };
  const checked = checkKeyForm(form, offered);
  if ('faults' in checked) return show(c, <NewKeyView {...page} faults={checked.faults} />, 400);
  const made = await createApiKey(scope, doerOf(member), checked.wanted);
  if (made.ok) {
    const { apiKey, key } = made.value;
    return show(c, <ShownOnceView {...pagePropsOf(c)} apiKey={apiKey} secret={key} />);
  }
  const { refusal } = made;
  if (refusal.code === 'not_ready') {
    return show(c, <NotReadyView {...pagePropsOf(c)} missing={refusal.missing} />, 409);
  }
  if (refusal.code === 'too_many_keys') return show(c, <NewKeyView {...page} problem={TOO_MANY} />, 409);
  return answerKeyRefusal(c, refusal, '');
}

async function roll(c: PageContext): Promise<Response> {
  const { scope, member } = c.var;
  const keyId = c.req.param('key_id') ?? '';
  const parameters = await readForm(c);
  if (!parameters.ok) return answerRefused(c, parameters.refusal);
  const overlapSeconds = overlapOf(parameters.value.get('overlap'));
  if (overlapSeconds === undefined) return answerStop(c, 'bad_form', 'no such overlap');
  const rolled = await rollApiKey(scope, doerOf(member), { keyId, overlapSeconds });
  if (rolled.ok) {
    const { apiKey, key, old } = rolled.value;
    return show(c, <ShownOnceView {...pagePropsOf(c)} apiKey={apiKey} secret={key} old={old} />);
  }
  const { refusal } = rolled;
  if (refusal.code === 'not_ready') {
    return show(c, <NotReadyView {...pagePropsOf(c)} missing={refusal.missing} />, 409);
  }
  const apiKey = refusal.code === 'too_many_keys' ? await keyOf(c) : undefined;
  return apiKey === undefined
    ? answerKeyRefusal(c, refusal, keyId)
    : show(
        c,
        <RollView {...pagePropsOf(c)} apiKey={apiKey} problem={`${TOO_MANY} Or roll without an overlap.`} />,
        409,
      );
}

async function revoke(c: PageContext): Promise<Response> {
  const { scope, member } = c.var;
  const keyId = c.req.param('key_id') ?? '';
  const revoked = await revokeApiKey(scope, doerOf(member), keyId, 'api_keys.change');
  return revoked.ok ? seeOther(c, pathOfKey(keyId)) : answerKeyRefusal(c, revoked.refusal, keyId);
}

export function apiKeysPages(): Hono<MemberEnv> {
  const routes = makeRoutes<MemberEnv>();
  const toRead = requireMember('api_keys.read');
  const toChange = requireMember('api_keys.change', { confirmed: true });

  routes.get(KEYS_PATH, toRead, async (c) => {
    const keys = await keysOfOrganisation(c.var.scope, c.var.member.organisation.organisationId);
    return show(c, <KeysView {...pagePropsOf(c)} keys={keys} creators={await creatorsOf(c, keys)} />);
  });
  routes.get(`${KEYS_PATH}/new`, toChange, showForm);
  routes.post(`${KEYS_PATH}/new`, toChange, make);

  routes.get(`${KEYS_PATH}/:key_id`, toRead, async (c) => {
    const apiKey = await keyOf(c);
    if (apiKey === undefined) return answerStop(c, 'no_page', 'no key of this id');
    const creators = await creatorsOf(c, [apiKey]);
    const notice = c.req.query('notice');
    return show(c, <KeyView {...pagePropsOf(c)} apiKey={apiKey} creators={creators} notice={notice} />);
  });
  for (const [path, View] of [
    ['roll', RollView],
    ['revoke', RevokeView],
  ] as const) {
    routes.get(`${KEYS_PATH}/:key_id/${path}`, toChange, async (c) => {
      const apiKey = await keyOf(c);
      if (apiKey === undefined) return answerStop(c, 'no_page', 'no key of this id');
      return show(c, <View {...pagePropsOf(c)} apiKey={apiKey} />);
    });
  }
  routes.post(`${KEYS_PATH}/:key_id/roll`, toChange, roll);
  routes.post(`${KEYS_PATH}/:key_id/revoke`, toChange, revoke);
  return routes;
}
