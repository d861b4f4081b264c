/** The dashboard's pages of API keys. Making, rolling and revoking ask for a password or passkey of the last 15 minutes. */
import type { Hono } from 'hono';
import { type ApiKey, keyScopesOf } from '#clients/api-key.ts';
import { readLiveKeyStanding } from '#clients/live-key.flow.ts';
import { findKeyOfOrganisation, keysOfOrganisation } from '#clients/organisation-keys.flow.ts';
import { type Answer, answerBoard, type BoardContext, boardOf, withForm } from '#developers/board.guard.tsx';
import { type MemberEnv, requireMember } from '#developers/member.guard.tsx';
import { namesOfDevelopers } from '#developers/name-developers.flow.ts';
import type { Problem } from '#developers/parts.view.tsx';
import { doerOf } from '#developers/record-deed.flow.ts';
import { answerStop } from '#developers/stop.guard.tsx';
import { seeOther } from '#edge/answer-page.ts';
import { makeRoutes } from '#edge/routes.ts';
import { isSecret, newSecret } from '#kernel/ids.ts';
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
  type MadeKey,
  revokeApiKey,
  rollApiKey,
} from '#portal/api-keys.flow.ts';
import { KEYS_PATH, KeysView, KeyView, pathOfKey } from '#portal/api-keys.view.tsx';
import { newKeyForm, overlapOf, parseKeyForm } from '#portal/key-wanted.ts';
import { askedAgain } from '#portal/refused-form.pages.tsx';

async function creatorsOf(c: BoardContext, keys: readonly ApiKey[]): Promise<ReadonlyMap<string, string>> {
  return namesOfDevelopers(
    c.var.scope,
    keys.flatMap(({ createdBy }) => createdBy ?? []),
  );
}

function keyIdOf(c: BoardContext): string {
  return c.req.param('key_id') ?? '';
}

/** The member's key that the path names. */
function keyOf(c: BoardContext): Promise<ApiKey | undefined> {
  const { scope, member } = c.var;
  return findKeyOfOrganisation(scope, member.organisation.organisationId, keyIdOf(c));
}

function tooMany(more = ''): readonly Problem[] {
  const message = `Your organisation has ${LIVE_KEYS_MAXIMUM} live API keys, which is the most: revoke one.${more}`;
  return [{ message }];
}

/** Where a refusal leads that no form shows again. */
function answerKeyRefusal(c: BoardContext, refusal: KeyRefusal): Answer {
  const { code } = refusal;
  if (code === 'not_found') return answerStop(c, 'no_page', 'no key of this id');
  if (code === 'not_ready') {
    return answerBoard(c, <NotReadyView {...boardOf(c)} missing={refusal.missing} />, 409);
  }
  c.var.scope.trace.reason = `key ${code}`;
  if (code === 'made_already') return seeOther(c, `${pathOfKey(refusal.keyId)}?notice=made`);
  return seeOther(c, `${pathOfKey(keyIdOf(c))}${code === 'ended' ? '?notice=ended' : ''}`);
}

function showMade(c: BoardContext, made: MadeKey): Answer {
  return answerBoard(c, <ShownOnceView {...boardOf(c)} {...made} now={c.var.scope.now} />, 200);
}

async function showForm(c: BoardContext): Promise<Response> {
  const { scope, member } = c.var;
  const { environment } = scope.settings;
  if (environment === 'production') {
    const { missing } = await readLiveKeyStanding(scope, member.organisation.organisationId);
    if (missing !== undefined) return answerBoard(c, <NotReadyView {...boardOf(c)} missing={missing} />);
  }
  const offered = keyScopesOf(environment);
  const asked = { values: newKeyForm(newSecret(), offered), problems: [] };
  return answerBoard(c, <NewKeyView {...boardOf(c)} asked={asked} offered={offered} />);
}

const make = withForm(async (c: BoardContext, field, fields) => {
  const { scope, member } = c.var;
  const nonce = field('nonce');
  if (!isSecret(nonce)) return answerStop(c, 'bad_form', 'form without its nonce');
  const offered = keyScopesOf(scope.settings.environment);
  const again = (problems: readonly Problem[], status?: 409) => {
    const asked = askedAgain(fields, problems);
    return answerBoard(c, <NewKeyView {...boardOf(c)} asked={asked} offered={offered} />, status);
  };
  const wanted = parseKeyForm(field, offered);
  if (!wanted.ok) return again(wanted.problems);
  const made = await createApiKey(scope, doerOf(member), { nonce, ...wanted.value });
  if (made.ok) return showMade(c, made.value);
  return made.refusal.code === 'too_many_keys' ? again(tooMany(), 409) : answerKeyRefusal(c, made.refusal);
});

const roll = withForm(async (c: BoardContext, field) => {
  const { scope, member } = c.var;
  const overlapSeconds = overlapOf(field('overlap'));
  if (overlapSeconds === undefined) return answerStop(c, 'bad_form', 'no such overlap');
  const rolled = await rollApiKey(scope, doerOf(member), { keyId: keyIdOf(c), overlapSeconds });
  if (rolled.ok) return showMade(c, rolled.value);
  const apiKey = rolled.refusal.code === 'too_many_keys' ? await keyOf(c) : undefined;
  if (apiKey === undefined) return answerKeyRefusal(c, rolled.refusal);
  const problems = tooMany(' Or roll without an overlap.');
  return answerBoard(c, <RollView {...boardOf(c)} apiKey={apiKey} problems={problems} />, 409);
});

async function revoke(c: BoardContext): Promise<Response> {
  const { scope, member } = c.var;
  const keyId = keyIdOf(c);
  const revoked = await revokeApiKey(scope, doerOf(member), keyId, 'api_keys.change');
  return revoked.ok ? seeOther(c, pathOfKey(keyId)) : answerKeyRefusal(c, revoked.refusal);
}

export function apiKeysPages(): Hono<MemberEnv> {
  const routes = makeRoutes<MemberEnv>();
  const toRead = requireMember('api_keys.read');
  const toChange = requireMember('api_keys.change', { confirmed: true });

  routes.get(KEYS_PATH, toRead, async (c) => {
    const { scope, member } = c.var;
    const keys = await keysOfOrganisation(scope, member.organisation.organisationId);
    const creators = await creatorsOf(c, keys);
    return answerBoard(c, <KeysView {...boardOf(c)} keys={keys} creators={creators} now={scope.now} />);
  });
  routes.get(`${KEYS_PATH}/new`, toChange, showForm);
  routes.post(`${KEYS_PATH}/new`, toChange, make);

  const path = `${KEYS_PATH}/:key_id`;
  routes.get(path, toRead, async (c) => {
    const apiKey = await keyOf(c);
    if (apiKey === undefined) return answerStop(c, 'no_page', 'no key of this id');
    const creators = await creatorsOf(c, [apiKey]);
    const shown = { apiKey, creators, now: c.var.scope.now, notice: c.req.query('notice') };
    return answerBoard(c, <KeyView {...boardOf(c)} {...shown} />);
  });
  for (const [change, View] of [
    ['roll', RollView],
    ['revoke', RevokeView],
  ] as const) {
    routes.get(`${path}/${change}`, toChange, async (c) => {
      const apiKey = await keyOf(c);
      if (apiKey === undefined) return answerStop(c, 'no_page', 'no key of this id');
      return answerBoard(c, <View {...boardOf(c)} apiKey={apiKey} problems={[]} />);
    });
  }
  routes.post(`${path}/roll`, toChange, roll);
  routes.post(`${path}/revoke`, toChange, revoke);
  return routes;
}
