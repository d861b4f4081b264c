/**
 * Finds the API key that a call brings, and its organisation. D1: one read (the smoke test's key: one batch); none for what is
 * no key of this environment; once a minute a write after the answer. Objects: none.
 */
import { readApiKey, touchApiKey } from '#clients/api-key.store.ts';
import {
  type ApiKey,
  environmentOfKey,
  hasKeyForm,
  KEY_SCOPES,
  keyLabelOf,
  keyStatusOf,
  LOCAL_API_KEY,
} from '#clients/api-key.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { isInIpRanges } from '#clients/ip-range.ts';
import { insertedOrganisation } from '#clients/organisation.store.ts';
import { type Organisation, organisationIdOf } from '#clients/organisation.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { retryRead } from '#edge/outage.ts';
import type { Scope } from '#edge/scope.ts';
import { limitSource, refuseStranger } from '#edge/source-limit.ts';
import { digestOf, equalInConstantTime } from '#kernel/encoding.ts';
import { ok, type Refused, type Result, refuse } from '#kernel/result.ts';
import { MINUTE_SECONDS } from '#kernel/time.ts';

/** Keys an isolate has seen to be good where they came from, by digest and source: no strangers, so not limited as such. */
const PROVEN_MAXIMUM = 1_000;
const provenKeys = defineIsolateSlot(() => boundedCache<true>(PROVEN_MAXIMUM));

/** A key in force, and whose it is. */
export interface FoundKey {
  readonly apiKey: ApiKey;
  readonly organisation: Organisation;
}

/** Why a text cannot be a key here, whatever D1 holds. */
function problemOfKey(scope: Scope, key: string): Refused | undefined {
  const named = environmentOfKey(key);
  if (named === undefined) return refuse('invalid_api_key', 'not of the form of a key');
  if (named !== scope.settings.environment) return refuse('wrong_environment', 'key names the other one');
  return key === LOCAL_API_KEY && !scope.isLocal
    ? refuse('invalid_api_key', 'local key outside a local sandbox')
    : undefined;
}

const SMOKE_ORG_ID = 'smoketest';

/** Whether a digest is that of the key which this deployment was given for its smoke test. */
async function isSmokeKey({ settings }: Scope, digest: string): Promise<boolean> {
  return (
    settings.smokeApiKey !== undefined && equalInConstantTime(digest, await digestOf(settings.smokeApiKey))
  );
}

/** It may do all that a sandbox key can; no row is kept of it. */
function smokeKeyOf(organisation: Organisation, key: string): ApiKey {
  return {
    keyId: 'smoke',
    organisationId: organisation.organisationId,
    environment: 'sandbox',
    name: 'Smoke test',
    prefix: 'sk_sandbox_',
    lastFour: key.slice(-4),
    scopes: KEY_SCOPES,
    allowedIps: [],
    createdAt: organisation.createdAt,
    createdBy: null,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    rolledAt: null,
    rolledFrom: null,
  };
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

/** For the request log, of refusals too: who had the key learns where it is still in use. */
function traceKey({ trace }: Scope, apiKey: ApiKey): void {
  trace.organisationId = apiKey.organisationId;
  trace.credential = keyLabelOf(apiKey);
}

/** Writes down that a key is used, after the answer and once a minute. */
function noteUse(scope: Scope, { keyId, lastUsedAt }: ApiKey): void {
  const before = scope.now - MINUTE_SECONDS;
  if (lastUsedAt !== null && lastUsedAt > before) return;
  scope.defer(touchApiKey(scope.database, { keyId, now: scope.now, before: before + 1 }));
}

/**
 * Refuses with `invalid_api_key` (unknown, revoked, expired), `wrong_environment`, `ip_not_allowed`, or `rate_limit_exceeded`
 * (a source that keeps trying keys). Each call reads D1's primary, so that a revoked key ends at once. Up to what is decided of
 * its row a known key takes the steps of an unknown one, so that the time tells nothing.
 */
export async function findApiKey(scope: Scope, key: string): Promise<Result<FoundKey>> {
  const impossible = problemOfKey(scope, key);
  if (impossible !== undefined) return refuseStranger(scope, impossible);
  const digest = await digestOf(key);
  if (await isSmokeKey(scope, digest)) {
    const organisation = await smokeOrganisation(scope);
    const apiKey = smokeKeyOf(organisation, key);
    traceKey(scope, apiKey);
    return ok({ apiKey, organisation });
  }
  // Mistyped and invented keys are no reason to ask D1.
  if (key !== LOCAL_API_KEY && !(await hasKeyForm(key))) {
    return refuseStranger(scope, refuse('invalid_api_key', 'checksum of the key is wrong'));
  }
  const proven = provenKeys.of(scope.isolate);
  const use = `${digest} ${scope.sourceAddress}`;
  // A key seen to be good counts towards no source and is not limited here, but takes as long as one that was not.
  const isProven = proven.get(use) !== undefined;
  const within = await (isProven ? limitSource(scope, `key ${use}`) : limitSource(scope));
  if (!within.ok && !isProven) return within;
  const known = await retryRead(scope, () => readApiKey(scope.database, digest));
  if (known === undefined) return refuse('invalid_api_key', 'unknown key');
  const { apiKey } = known;
  if (apiKey.environment !== scope.settings.environment) {
    return refuse('wrong_environment', 'key is kept for the other one');
  }
  traceKey(scope, apiKey);
  const status = keyStatusOf(apiKey, scope.now);
  if (status === 'revoked' || status === 'expired') {
    proven.delete(use);
    return refuse('invalid_api_key', `key ${status}`);
  }
  if (apiKey.allowedIps.length > 0 && !isInIpRanges(scope.sourceAddress, apiKey.allowedIps)) {
    return refuse('ip_not_allowed', 'address not in the ranges of the key');
  }
  proven.set(use, true);
  noteUse(scope, apiKey);
  return ok(known);
}
