/**
 * Finds the organisation of an API key. D1: one read (the smoke test's key: one batch); none for what is no key of this
 * environment. Objects: none.
 */
import { readApiKey } from '#clients/api-key.store.ts';
import { environmentOfKey, LOCAL_API_KEY } from '#clients/api-key.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { insertedOrganisation } from '#clients/organisation.store.ts';
import { type Organisation, organisationIdOf } from '#clients/organisation.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource } from '#edge/source-limit.ts';
import { digestOf, equalInConstantTime } from '#kernel/encoding.ts';
import { ok, type Refusal, type Result, refuse } from '#kernel/result.ts';

/** Keys an isolate has seen to be good, by digest: they are no strangers, so their source is not limited. */
const PROVEN_MAXIMUM = 1_000;
const provenKeys = defineIsolateSlot(() => boundedCache<true>(PROVEN_MAXIMUM));

/** Why a text cannot be a key here, whatever D1 holds. */
function problemOfKey(scope: Scope, key: string): Refusal | undefined {
  const named = environmentOfKey(key);
  if (named === undefined) return refuse('invalid_api_key', 'not of the form of a key').refusal;
  if (named !== scope.settings.environment) {
    return refuse('wrong_environment', 'key names the other one').refusal;
  }
  return key === LOCAL_API_KEY && !scope.isLocal
    ? refuse('invalid_api_key', 'local key outside a local sandbox').refusal
    : undefined;
}

/** A caller without a key of ours counts against its source. */
export async function refuseKey(scope: Scope, refusal: Refusal): Promise<Result<never>> {
  const within = await limitSource(scope);
  return within.ok ? { ok: false, refusal } : within;
}

const SMOKE_ORG_ID = 'smoketest';

/** Whether a digest is that of the key which this deployment was given for its smoke test. */
async function isSmokeKey({ settings }: Scope, digest: string): Promise<boolean> {
  return (
    settings.smokeApiKey !== undefined && equalInConstantTime(digest, await digestOf(settings.smokeApiKey))
  );
}

/** The key changes with each deployment, the organisation stays; the first use of all makes it. */
async function smokeOrganisation(scope: Scope): Promise<Organisation> {
  const organisation: Organisation = {
    organisationId: await organisationIdOf(SANDBOX_DIRECTORY_KEY, SMOKE_ORG_ID),
    directoryIssuer: SANDBOX_DIRECTORY_KEY,
    orgId: SMOKE_ORG_ID,
    name: 'Smoke test',
    tenantId: undefined,
    createdAt: scope.now,
  };
  // Made or there already: asking twice is the same.
  return retryRead(scope, () => insertedOrganisation(scope.database, organisation));
}

/**
 * Refuses with `invalid_api_key`, `wrong_environment`, or `rate_limit_exceeded` (a source that keeps trying keys). Each
 * call reads D1, so that a revoked key ends at once.
 */
export async function findKeyOrganisation(scope: Scope, key: string): Promise<Result<Organisation>> {
  const impossible = problemOfKey(scope, key);
  if (impossible !== undefined) return refuseKey(scope, impossible);
  const digest = await digestOf(key);
  if (await isSmokeKey(scope, digest)) return ok(await smokeOrganisation(scope));
  const proven = provenKeys.of(scope.isolate);
  if (proven.get(digest) === undefined) {
    const within = await limitSource(scope);
    if (!within.ok) return within;
  }
  const known = await retryRead(scope, () => readApiKey(scope.database, digest));
  if (known === undefined) return refuse('invalid_api_key', 'unknown key');
  if (known.environment !== scope.settings.environment) {
    return refuse('wrong_environment', 'key is kept for the other one');
  }
  const ended = Math.min(known.revokedAt ?? Infinity, known.expiresAt ?? Infinity) <= scope.now;
  if (ended) {
    proven.delete(digest);
    return refuse('invalid_api_key', 'key revoked or expired');
  }
  proven.set(digest, true);
  return ok(known.organisation);
}
