/** What the bank's staff may do, under /operator/v1: each command with a named key, each written into the audit. */
import type { Context, Hono } from 'hono';
import type * as v from 'valibot';
import { readDirectories } from '#clients/directory-trust.flow.ts';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { parseBy, readJson, readText } from '#edge/body.ts';
import { readRingKeys } from '#edge/ring-changes.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';
import { DAY_SECONDS } from '#kernel/time.ts';
import {
  renderAction,
  renderClient,
  renderClientFound,
  renderConsentFound,
  renderConsentState,
  renderCustomer,
  renderDirectories,
  renderNewKey,
  renderOperatorKeys,
  renderPaymentFound,
  renderRequestFound,
  renderSigningKeys,
} from '#operator/answer.schema.ts';
import { changeClientStatus } from '#operator/change-client.flow.ts';
import { endConsentForBank } from '#operator/end-consent.flow.ts';
import { findClientFor, findConsentFor, findPaymentFor, findRequestFor } from '#operator/find.flow.ts';
import { importLines } from '#operator/import.flow.ts';
import { parseImport } from '#operator/import.schema.ts';
import { limitClient } from '#operator/limit-client.flow.ts';
import {
  auditQuerySchema,
  directoryBodySchema,
  limitBodySchema,
  newKeyBodySchema,
  reasonBodySchema,
  rotateBodySchema,
  unlockBodySchema,
} from '#operator/operator.schema.ts';
import type { Operator } from '#operator/operator-key.ts';
import { createOperatorKey, listOperatorKeys, revokeOperatorKey } from '#operator/operator-keys.flow.ts';
import { readAudit } from '#operator/read-audit.flow.ts';
import { type OperatorEnv, requireOperator } from '#operator/require-operator.guard.ts';
import { changeTrust } from '#operator/trust-directory.flow.ts';
import { turnKeys } from '#operator/turn-keys.flow.ts';
import { unlockCustomer } from '#operator/unlock-customer.flow.ts';

/** What came of a flow, rendered, or its refusal. */
function answer<T>(c: Context<OperatorEnv>, result: Result<T>, render: (value: T) => unknown): Response {
  return result.ok ? answerJson(c, render(result.value), 200) : answerRefusal(c, result.refusal);
}

/** The one thing that a path names. */
function namedIn(c: Context<OperatorEnv>): string {
  return Object.values(c.req.param())[0] ?? '';
}

/** Routes by which operators look at something: a list, or what a path names. */
function addLooks(routes: Hono<OperatorEnv>): void {
  const look = <T>(
    path: string,
    find: (scope: Scope, operator: Operator, id: string) => Promise<Result<T>>,
    render: (found: T) => unknown,
  ) =>
    routes.get(`/operator/v1/${path}`, requireOperator('read'), async (c) =>
      answer(c, await find(c.var.scope, c.var.operator, namedIn(c)), render),
    );
  look('clients/:client_id', findClientFor, renderClientFound);
  look('consents/:consent_id', findConsentFor, renderConsentFound);
  look('payments/:payment_id', findPaymentFor, renderPaymentFound);
  look('requests/:request_id', findRequestFor, renderRequestFound);
  look('directories', async (scope) => ok(await readDirectories(scope)), renderDirectories);
  look('signing-keys', async (scope) => ok(await readRingKeys(scope)), renderSigningKeys);
  look('operator-keys', async (scope) => ok(await listOperatorKeys(scope)), renderOperatorKeys);
  routes.get('/operator/v1/audit', requireOperator('read'), async (c) => {
    const query = parseBy(auditQuerySchema, c.req.query());
    if (!query.ok) return answerRefusal(c, query.refusal);
    const { request_id: requestId, ...rest } = query.value;
    const rows = await readAudit(c.var.scope, { ...rest, requestId });
    return answerJson(c, { actions: rows.map(renderAction) }, 200);
  });
}

type Variables = OperatorEnv['Variables'];

/** Routes by which operators change something; each brings a JSON object, why among it. */
function addCommands(routes: Hono<OperatorEnv>): void {
  const command = <S extends v.GenericSchema, T>(
    [method, path]: readonly ['POST' | 'PUT', string],
    schema: S,
    run: (by: Variables, body: v.InferOutput<S>, named: string) => Promise<Result<T>>,
    render: (value: T) => unknown,
  ) =>
    routes.on(method, `/operator/v1/${path}`, requireOperator('write'), async (c) => {
      const body = await readJson(c, schema);
      return body.ok
        ? answer(c, await run(c.var, body.value, namedIn(c)), render)
        : answerRefusal(c, body.refusal);
    });
  for (const [verb, to] of [
    ['suspend', 'suspended'],
    ['resume', 'active'],
  ] as const) {
    command(
      ['POST', `clients/:client_id/${verb}`],
      reasonBodySchema,
      ({ scope, operator }, { reason }, clientId) =>
        changeClientStatus(scope, operator, { clientId, to, reason }),
      renderClient,
    );
  }
  command(
    ['PUT', 'clients/:client_id/limit'],
    limitBodySchema,
    ({ scope, operator }, { requests_per_minute: limit, reason }, clientId) =>
      limitClient(scope, operator, { clientId, limit, reason }),
    renderClientFound,
  );
  command(
    ['POST', 'consents/:consent_id/end'],
    reasonBodySchema,
    ({ scope, operator }, { reason }, consentId) => endConsentForBank(scope, operator, { consentId, reason }),
    renderConsentState,
  );
  command(
    ['POST', 'customers/unlock'],
    unlockBodySchema,
    ({ scope, operator }, { tenant_id: tenantId, lift_lock: liftsLock, ...more }) =>
      unlockCustomer(scope, operator, { tenantId, liftsLock, ...more }),
    renderCustomer,
  );
  for (const does of ['distrust', 'trust'] as const) {
    command(
      ['POST', `directories/${does}`],
      directoryBodySchema,
      ({ scope, operator }, body) => changeTrust(scope, operator, { does, ...body }),
      renderDirectories,
    );
  }
  command(
    ['POST', 'signing-keys/rotate'],
    rotateBodySchema,
    ({ scope, operator }, body) => turnKeys(scope, operator, { does: 'rotate', ...body }),
    renderSigningKeys,
  );
  command(
    ['POST', 'signing-keys/:kid/remove'],
    reasonBodySchema,
    ({ scope, operator }, { reason }, kid) => turnKeys(scope, operator, { does: 'remove', kid, reason }),
    renderSigningKeys,
  );
  command(
    ['POST', 'operator-keys'],
    newKeyBodySchema,
    ({ scope, operator }, { expires_in_days: days, ...wanted }) => {
      const expiresAt = days === undefined ? undefined : scope.now + days * DAY_SECONDS;
      return createOperatorKey(scope, operator, { ...wanted, expiresAt });
    },
    renderNewKey,
  );
  command(
    ['POST', 'operator-keys/:name/revoke'],
    reasonBodySchema,
    ({ scope, operator }, { reason }, name) => revokeOperatorKey(scope, operator, { name, reason }),
    renderOperatorKeys,
  );
}

export function operatorRoutes(): Hono<OperatorEnv> {
  const routes = makeRoutes<OperatorEnv>();
  addLooks(routes);
  addCommands(routes);
  // Customers and accounts, brought in by lines of JSON.
  routes.post('/operator/v1/imports', requireOperator('write'), async (c) => {
    const text = await readText(c, ['application/x-ndjson']);
    if (!text.ok) return answerRefusal(c, text.refusal);
    const lines = parseImport(text.value);
    if ('faults' in lines) {
      const message = 'Lines are malformed; nothing was imported.';
      return answerRefusal(
        c,
        refuse('invalid_request', 'import lines', { message, errors: lines.faults }).refusal,
      );
    }
    return answer(c, await importLines(c.var.scope, c.var.operator, lines.value), (imported) => imported);
  });
  return routes;
}
