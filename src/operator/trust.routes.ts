/** Commands on trust: directories, the bank's signing keys, operators' own keys. */
import type { Context, Hono } from 'hono';
import { readDirectories } from '#clients/directory-trust.flow.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { readJson } from '#edge/body.ts';
import { readRingKeys } from '#edge/ring-changes.ts';
import { makeRoutes } from '#edge/routes.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import { renderDirectory, renderOperatorKey, renderSigningKey } from '#operator/answer.schema.ts';
import { answerResult } from '#operator/answer-result.ts';
import {
  directoryBodySchema,
  newKeyBodySchema,
  reasonBodySchema,
  rotateBodySchema,
} from '#operator/operator.schema.ts';
import { createOperatorKey, listOperatorKeys, revokeOperatorKey } from '#operator/operator-keys.flow.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';
import { changeTrust, type TrustChange } from '#operator/trust-directory.flow.ts';
import { turnKeys } from '#operator/turn-keys.flow.ts';

async function changeDirectory(c: Context<OperatorEnv>, does: TrustChange['does']): Promise<Response> {
  const body = await readJson(c, directoryBodySchema);
  if (!body.ok) return answerRefusal(c, body.refusal);
  const { scope, operator } = c.var;
  return answerResult(c, await changeTrust(scope, operator, { does, ...body.value }), (all) => ({
    directories: all.map(renderDirectory),
  }));
}

function directoryRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/directories', requireOperator('read'), async (c) =>
    answerJson(c, { directories: (await readDirectories(c.var.scope)).map(renderDirectory) }, 200),
  );
  routes.post('/operator/v1/directories/distrust', requireOperator('write'), (c) =>
    changeDirectory(c, 'distrust'),
  );
  routes.post('/operator/v1/directories/trust', requireOperator('write'), (c) => changeDirectory(c, 'trust'));
  return routes;
}

function signingKeyRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/signing-keys', requireOperator('read'), async (c) =>
    answerJson(c, { signing_keys: (await readRingKeys(c.var.scope)).map(renderSigningKey) }, 200),
  );
  routes.post('/operator/v1/signing-keys/rotate', requireOperator('write'), async (c) => {
    const body = await readJson(c, rotateBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { scope, operator } = c.var;
    return answerResult(c, await turnKeys(scope, operator, { does: 'rotate', ...body.value }), (keys) => ({
      signing_keys: keys.map(renderSigningKey),
    }));
  });
  routes.post('/operator/v1/signing-keys/:kid/remove', requireOperator('write'), async (c) => {
    const body = await readJson(c, reasonBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { scope, operator } = c.var;
    const command = { does: 'remove', kid: c.req.param('kid'), ...body.value } as const;
    return answerResult(c, await turnKeys(scope, operator, command), (keys) => ({
      signing_keys: keys.map(renderSigningKey),
    }));
  });
  return routes;
}

function operatorKeyRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.get('/operator/v1/operator-keys', requireOperator('read'), async (c) =>
    answerJson(c, { operator_keys: (await listOperatorKeys(c.var.scope)).map(renderOperatorKey) }, 200),
  );
  routes.post('/operator/v1/operator-keys', requireOperator('write'), async (c) => {
    const body = await readJson(c, newKeyBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { expires_in_days: days, ...wanted } = body.value;
    const { scope, operator } = c.var;
    const expiresAt = days === undefined ? undefined : scope.now + days * DAY_SECONDS;
    return answerResult(
      c,
      await createOperatorKey(scope, operator, { ...wanted, expiresAt }),
      ({ key, kept }) => ({ operator_key: key, ...renderOperatorKey(kept) }),
    );
  });
  routes.post('/operator/v1/operator-keys/:name/revoke', requireOperator('write'), async (c) => {
    const body = await readJson(c, reasonBodySchema);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const { scope, operator } = c.var;
    const command = { name: c.req.param('name'), ...body.value };
    return answerResult(c, await revokeOperatorKey(scope, operator, command), (keys) => ({
      operator_keys: keys.map(renderOperatorKey),
    }));
  });
  return routes;
}

export function operatorTrustRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  routes.route('/', directoryRoutes());
  routes.route('/', signingKeyRoutes());
  routes.route('/', operatorKeyRoutes());
  return routes;
}
