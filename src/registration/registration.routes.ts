/** Dynamic client registration: `POST /register`, and `GET|PUT|DELETE /register/{client_id}`. Source: RFC 7591, RFC 7592. */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import { mediaTypeOf, readText } from '#edge/body.ts';
import { makeRoutes } from '#edge/routes.ts';
import type { AppEnv } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { ok, type Result } from '#kernel/result.ts';
import { endOwnRegistration, type RecordOwnChange } from '#registration/own-change.flow.ts';
import { findOwnRegistration, type OwnRegistration } from '#registration/own-registration.flow.ts';
import { type RegistrationBody, readRegistrationRequest } from '#registration/read-request.flow.ts';
import { registerClient } from '#registration/register-client.flow.ts';
import { registrationUri, renderRegistration } from '#registration/registration.schema.ts';
import { replaceRegistration } from '#registration/replace-registration.flow.ts';

const SIGNED = ['application/jwt', 'application/jose'];
const PLAIN = ['application/json'];

interface RegistrationEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { own: OwnRegistration };
}

/** Who registers has proven nothing yet, so every call counts against its source. */
const sourceLimitGuard: MiddlewareHandler<AppEnv> = async (c, next) => {
  const within = await limitSource(c.var.scope);
  return within.ok ? next() : answerRefusal(c, within.refusal);
};

/** Lets through who may manage the client of the path, which then stands in `c.var.own`. */
const ownRegistrationGuard: MiddlewareHandler<RegistrationEnv> = async (c, next) => {
  const { scope } = c.var;
  const own = await findOwnRegistration(scope, {
    clientId: c.req.param('client_id') ?? '',
    authorizationHeader: c.req.header('authorization'),
    query: new URL(c.req.url).searchParams,
  });
  if (!own.ok) return answerRefusal(c, own.refusal);
  scope.trace.clientId = own.value.registration.client.clientId;
  scope.trace.credential ??= 'registration token';
  c.set('own', own.value);
  return next();
};

async function readBody<E extends AppEnv>(
  c: Context<E>,
  accepted: readonly string[],
  ...audiences: string[]
): Promise<Result<RegistrationBody>> {
  const text = await readText(c, accepted);
  if (!text.ok) return text;
  const isSigned = SIGNED.includes(mediaTypeOf(c.req.header('content-type')));
  return ok({ text: text.value, isSigned, audiences });
}

export function registrationRoutes(record: RecordOwnChange): Hono<RegistrationEnv> {
  const routes = makeRoutes<RegistrationEnv>();

  routes.post('/register', sourceLimitGuard, async (c) => {
    const { scope } = c.var;
    const { issuer } = scope.settings;
    const body = await readBody(c, [...PLAIN, ...SIGNED], issuer, `${issuer}/register`);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const request = await readRegistrationRequest(scope, body.value);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const registered = await registerClient(scope, request.value, body.value.isSigned);
    if (!registered.ok) return answerRefusal(c, registered.refusal);
    const { registration, registrationToken } = registered.value;
    scope.trace.clientId = registration.client.clientId;
    scope.trace.credential = 'software statement';
    return answerJson(c, renderRegistration(registration, issuer, registrationToken), 201);
  });

  const guards = [sourceLimitGuard, ownRegistrationGuard] as const;

  routes.get('/register/:client_id', ...guards, (c) => {
    const { registration, registrationToken } = c.var.own;
    const { issuer } = c.var.scope.settings;
    return answerJson(c, renderRegistration(registration, issuer, registrationToken), 200);
  });

  routes.put('/register/:client_id', ...guards, async (c) => {
    const { scope, own } = c.var;
    const { issuer } = scope.settings;
    const { client, statement } = own.registration;
    const accepted = own.registrationToken === undefined ? SIGNED : [...PLAIN, ...SIGNED];
    const address = registrationUri(issuer, client.clientId);
    const body = await readBody(c, accepted, issuer, `${issuer}/register`, address);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const text = String(client.metadata['software_statement']);
    const request = await readRegistrationRequest(scope, body.value, { statement, text });
    if (!request.ok) return answerRefusal(c, request.refusal);
    const write = await record(scope, own, request.value.registered);
    const replaced = await replaceRegistration(scope, own.registration, request.value, write);
    if (!replaced.ok) return answerRefusal(c, replaced.refusal);
    return answerJson(c, renderRegistration(replaced.value, issuer, own.registrationToken), 200);
  });

  routes.delete('/register/:client_id', ...guards, async (c) => {
    await endOwnRegistration(c.var.scope, c.var.own, record);
    c.header('Cache-Control', 'no-store');
    return c.body(null, 204);
  });

  return routes;
}
