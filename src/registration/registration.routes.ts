/** Dynamic client registration: `POST /register`, and `GET|PUT|DELETE /register/{client_id}`. Source: RFC 7591, RFC 7592. */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { Registration } from '#clients/statement.ts';
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
import { renderRegistration } from '#registration/registration.schema.ts';
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

/** A signed body may be meant for this server, for registration, or for the URL called. */
async function readBody<E extends AppEnv>(
  c: Context<E>,
  accepted = [...PLAIN, ...SIGNED],
): Promise<Result<RegistrationBody>> {
  const text = await readText(c, accepted);
  if (!text.ok) return text;
  const { issuer } = c.var.scope.settings;
  const isSigned = SIGNED.includes(mediaTypeOf(c.req.header('content-type')));
  const audiences = [issuer, `${issuer}/register`, `${issuer}${c.req.path}`];
  return ok({ text: text.value, isSigned, audiences });
}

/** `token` only where the caller presented it or is given it now. */
function answer<E extends AppEnv>(
  c: Context<E>,
  registration: Registration,
  token: string | undefined,
  status: 200 | 201,
): Response {
  return answerJson(c, renderRegistration(registration, c.var.scope.settings.issuer, token), status);
}

export function registrationRoutes(record: RecordOwnChange): Hono<RegistrationEnv> {
  const routes = makeRoutes<RegistrationEnv>();

  routes.post('/register', sourceLimitGuard, async (c) => {
    const { scope } = c.var;
    const body = await readBody(c);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const request = await readRegistrationRequest(scope, body.value);
    if (!request.ok) return answerRefusal(c, request.refusal);
    const registered = await registerClient(scope, request.value, body.value.isSigned);
    if (!registered.ok) return answerRefusal(c, registered.refusal);
    const { registration, registrationToken } = registered.value;
    scope.trace.clientId = registration.client.clientId;
    scope.trace.credential = 'software statement';
    return answer(c, registration, registrationToken, 201);
  });

  const guards = [sourceLimitGuard, ownRegistrationGuard] as const;

  routes.get('/register/:client_id', ...guards, (c) => {
    const { registration, registrationToken } = c.var.own;
    return answer(c, registration, registrationToken, 200);
  });

  routes.put('/register/:client_id', ...guards, async (c) => {
    const { scope, own } = c.var;
    const { client, statement } = own.registration;
    const body = await readBody(c, own.registrationToken === undefined ? SIGNED : undefined);
    if (!body.ok) return answerRefusal(c, body.refusal);
    const text = String(client.metadata['software_statement']);
    const request = await readRegistrationRequest(scope, body.value, { statement, text });
    if (!request.ok) return answerRefusal(c, request.refusal);
    const write = await record(scope, own, request.value.registered);
    const replaced = await replaceRegistration(scope, own.registration, request.value, write);
    if (!replaced.ok) return answerRefusal(c, replaced.refusal);
    return answer(c, replaced.value, own.registrationToken, 200);
  });

  routes.delete('/register/:client_id', ...guards, async (c) => {
    await endOwnRegistration(c.var.scope, c.var.own, record);
    c.header('Cache-Control', 'no-store');
    return c.body(null, 204);
  });

  return routes;
}
