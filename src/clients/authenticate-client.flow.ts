/**
 * Authenticates a client by private_key_jwt. Known client: D1 none, objects one (the client's). Unknown to the isolate,
 * or changed since: one read of D1 more. Malformed or expired assertions reach neither; wrongly signed ones no object,
 * and D1 at most once in 2 s for a client. Source: RFC 7523, OpenID Connect Core section 9, FAPI 2.0 section 5.3.2.1.
 */
import type { RateWindow } from '#clients/admission.ts';
import { type AdmissionRefusal, admitClient } from '#clients/admit-client.flow.ts';
import { type Assertion, type Credentials, parseAssertion } from '#clients/assertion.ts';
import type { Client } from '#clients/client.ts';
import { isSignedByClient, isSignedByKnownKeys } from '#clients/client-keys.flow.ts';
import { findClient, peekClient } from '#clients/find-client.flow.ts';
import { type Flights, joinFlight } from '#clients/flights.ts';
import { defineIsolateSlot } from '#edge/isolate.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource, refuseStranger } from '#edge/source-limit.ts';
import { digestOf } from '#kernel/encoding.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** A client that has proven itself and was admitted, as its newest record says. */
export interface Authenticated {
  readonly client: Client;
  readonly window: RateWindow;
}

/** Longest wait for a read that another request began; one takes milliseconds. */
const RECHECK_WAIT_MS = 1_000;

const rechecks = defineIsolateSlot((): Flights<Client | undefined> => new Map());

/** An unknown client and a bad signature read alike, on the wire. */
async function checkProof(scope: Scope, client: Client, assertion: Assertion): Promise<Result<Client>> {
  return (await isSignedByClient(scope, client, assertion))
    ? ok(client)
    : refuse('invalid_client', 'not signed by a registered key');
}

/** The client whose keys signed the assertion: by what the isolate knows, else by what D1 and its key host say now. */
async function proveClient(scope: Scope, assertion: Assertion): Promise<Result<Client>> {
  const { clientId } = assertion;
  const known = peekClient(scope, clientId);
  if (known !== undefined && (await isSignedByKnownKeys(scope, known, assertion))) return ok(known);
  const limit = await limitSource(scope);
  if (!limit.ok) return limit;
  const client = await joinFlight(
    rechecks.of(scope.isolate),
    clientId,
    () => findClient(scope, clientId, { recheck: true }),
    RECHECK_WAIT_MS,
  );
  return client === undefined
    ? refuse('invalid_client', 'client unknown')
    : checkProof(scope, client, assertion);
}

/** The record in the version the client object told of, whose keys must have made the signature too. */
async function renewClient(
  scope: Scope,
  { client, version }: { readonly client: Client; readonly version: number },
  assertion: Assertion,
): Promise<Result<Client>> {
  if (client.version >= version) return ok(client);
  const newest = await findClient(scope, client.clientId, { newerThan: version - 1 });
  // The row is written before the object is told, so it cannot be older than what the object says.
  if (newest === undefined) return refuse('service_unavailable', 'row older than its client object');
  return checkProof(scope, newest, assertion);
}

/**
 * Authenticates and admits the client of a request: counts it, uses up the assertion's `jti`, and notes that the client
 * has proven itself. Refuses with `invalid_client` (every fault of the assertion, unknown, ended or suspended client,
 * replay), `invalid_request` (a second method beside it), `rate_limit_exceeded` (of the client, or of a source that
 * proves none) and `service_unavailable`. Naming a client without its key touches neither its window nor its memory.
 */
export async function authenticateClient(
  scope: Scope,
  credentials: Credentials,
): Promise<Result<Authenticated, AdmissionRefusal>> {
  const parsed = parseAssertion(credentials, scope.now);
  if (!parsed.ok) return refuseStranger(scope, parsed);
  const assertion = parsed.value;
  const proven = await proveClient(scope, assertion);
  if (!proven.ok) return proven;
  const admitted = await admitClient(scope, assertion.clientId, {
    once: {
      digest: await digestOf(`client_assertion ${assertion.jwtId}`),
      expiresAt: assertion.expiresAt,
    },
    authenticated: true,
  });
  if (!admitted.ok) return admitted;
  const { version, window } = admitted.value;
  const client = await renewClient(scope, { client: proven.value, version }, assertion);
  if (!client.ok) return { ok: false, refusal: { ...client.refusal, window } };
  // A row may be ahead of the object for the moment between its batch and the telling.
  if (client.value.status !== 'active') {
    return { ok: false, refusal: { ...refuse('invalid_client', 'client not active').refusal, window } };
  }
  return ok({ client: client.value, window });
}
