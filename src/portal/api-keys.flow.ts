/**
 * Makes, rolls and revokes an organisation's API keys, each recorded in its audit log. D1: one read and one batch, one read
 * more for a roll or a refusal. Objects: none; for a key of production see live-key.flow.ts.
 */
import {
  endRolledStatement,
  insertKeyStatement,
  isLiveKey,
  mayMakeKey,
  mayRollKey,
  revokeKeyStatement,
} from '#clients/api-key.statements.ts';
import {
  type ApiKey,
  KEY_PREFIXES,
  keptPartsOf,
  keyLabelOf,
  keyStatusOf,
  LOCAL_KEY_ID,
  newApiKey,
} from '#clients/api-key.ts';
import { type LiveKeyStep, readLiveKeyStanding } from '#clients/live-key.flow.ts';
import { findKeyOfOrganisation } from '#clients/organisation-keys.flow.ts';
import type { Doer } from '#developers/audit.ts';
import { recordDeed } from '#developers/record-deed.flow.ts';
import type { MemberAction } from '#developers/role.ts';
import type { Scope } from '#edge/scope.ts';
import { digestOf } from '#kernel/encoding.ts';
import { ok, type Refused, type Result } from '#kernel/result.ts';
import type { KeyWanted } from '#portal/key-wanted.ts';

/** Keys of one organisation that live at once, rolled ones in their overlap among them. */
export const LIVE_KEYS_MAXIMUM = 20;
/** 132 bits. */
const ID_DIGEST_LENGTH = 22;

/** A key made just now: told this once. */
export interface MadeKey {
  readonly secret: string;
  readonly apiKey: ApiKey;
  /** The one whose place it took. */
  readonly old?: ApiKey;
}

/** Why no key was made or changed. */
export type KeyRefusal =
  | { readonly code: 'not_found' }
  /** Another form, or the same one sent twice, has done it: the key it made. */
  | { readonly code: 'made_already'; readonly keyId: string }
  | { readonly code: 'too_many_keys' }
  /** The key has ended. */
  | { readonly code: 'ended' }
  /** It comes with the deployment. */
  | { readonly code: 'built_in' }
  /** What production still asks for. */
  | { readonly code: 'not_ready'; readonly missing: LiveKeyStep };

function refused(refusal: KeyRefusal): Refused<KeyRefusal> {
  return { ok: false, refusal };
}

async function keyIdOf(...parts: readonly string[]): Promise<string> {
  return `key_${(await digestOf(JSON.stringify(parts))).slice(0, ID_DIGEST_LENGTH)}`;
}

/** What the audit log says of a key. */
function detailOf(apiKey: ApiKey): Readonly<Record<string, unknown>> {
  return {
    name: apiKey.name,
    key: keyLabelOf(apiKey),
    scopes: apiKey.scopes,
    allowed_ips: apiKey.allowedIps,
    expires_at: apiKey.expiresAt,
  };
}

/** A key as it will be kept, or what production still asks for. A key that takes another's place is a new one. */
async function makeKey(
  scope: Scope,
  doer: Doer,
  parts: Pick<ApiKey, 'keyId' | 'name' | 'scopes' | 'allowedIps' | 'expiresAt' | 'rolledFrom'>,
): Promise<Result<MadeKey & { readonly digest: string }, KeyRefusal>> {
  const { environment } = scope.settings;
  const { organisationId } = doer;
  if (environment === 'production') {
    const { missing } = await readLiveKeyStanding(scope, organisationId);
    if (missing !== undefined) return refused({ code: 'not_ready', missing });
  }
  const secret = await newApiKey(environment);
  const { digest, lastFour } = await keptPartsOf(secret);
  const apiKey: ApiKey = {
    ...parts,
    organisationId,
    environment,
    prefix: KEY_PREFIXES[environment],
    lastFour,
    createdAt: scope.now,
    createdBy: doer.actorId,
    lastUsedAt: null,
    revokedAt: null,
    rolledAt: null,
  };
  return ok({ secret, apiKey, digest });
}

/**
 * The new key. A form sent twice makes one: its `nonce` is spent. Refuses with `made_already`, `too_many_keys`, and in
 * production `not_ready`.
 */
export async function createApiKey(
  scope: Scope,
  doer: Doer,
  { nonce, lifetimeSeconds, ...wanted }: KeyWanted,
): Promise<Result<MadeKey, KeyRefusal>> {
  const { database, now } = scope;
  const { organisationId } = doer;
  const keyId = await keyIdOf(organisationId, doer.actorId, nonce);
  const expiresAt = lifetimeSeconds === undefined ? null : now + lifetimeSeconds;
  const made = await makeKey(scope, doer, { ...wanted, keyId, expiresAt, rolledFrom: null });
  if (!made.ok) return made;
  const { apiKey, secret, digest } = made.value;
  const isMade = await recordDeed(
    scope,
    doer,
    { action: 'api_key.create', subject: keyId, detail: detailOf(apiKey) },
    {
      condition: mayMakeKey(apiKey, now, LIVE_KEYS_MAXIMUM),
      allowed: 'api_keys.change',
      changes: (isRecorded) => [insertKeyStatement(database, apiKey, digest, isRecorded)],
    },
  );
  if (isMade) return ok({ secret, apiKey });
  const there = await findKeyOfOrganisation(scope, organisationId, keyId);
  return refused(there === undefined ? { code: 'too_many_keys' } : { code: 'made_already', keyId });
}

/** The id of the one key that can take a key's place. */
function successorIdOf({ organisationId, keyId }: ApiKey): Promise<string> {
  return keyIdOf(organisationId, keyId, 'roll');
}

/** A key that a developer may revoke or roll, or why not. */
async function findChangeable(
  scope: Scope,
  doer: Doer,
  keyId: string,
  change: 'revoke' | 'roll',
): Promise<Result<ApiKey, KeyRefusal>> {
  if (keyId === LOCAL_KEY_ID) return refused({ code: 'built_in' });
  const apiKey = await findKeyOfOrganisation(scope, doer.organisationId, keyId);
  if (apiKey === undefined) return refused({ code: 'not_found' });
  // One that was rolled has its successor, also where it had no overlap and has ended.
  if (change === 'roll' && apiKey.rolledAt !== null) {
    return refused({ code: 'made_already', keyId: await successorIdOf(apiKey) });
  }
  const status = keyStatusOf(apiKey, scope.now);
  return status === 'revoked' || status === 'expired' ? refused({ code: 'ended' }) : ok(apiKey);
}

/**
 * A key like the old one, which lives as long anew; the old one works `overlapSeconds` more, and not beyond its own end.
 * Refuses with `not_found`, `ended`, `built_in`, `made_already` (it was rolled), `too_many_keys`, and in production
 * `not_ready`.
 */
export async function rollApiKey(
  scope: Scope,
  doer: Doer,
  { keyId: oldId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
): Promise<Result<MadeKey, KeyRefusal>> {
  const found = await findChangeable(scope, doer, oldId, 'roll');
  if (!found.ok) return found;
  const old = found.value;
  const { database, now } = scope;
  const { name, scopes, allowedIps } = old;
  const keyId = await successorIdOf(old);
  const expiresAt = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
  const made = await makeKey(scope, doer, {
    keyId,
    name,
    scopes,
    allowedIps,
    expiresAt,
    rolledFrom: oldId,
  });
  if (!made.ok) return made;
  const { apiKey, secret, digest } = made.value;
  const oldEndsAt = Math.min(old.expiresAt ?? Number.POSITIVE_INFINITY, now + overlapSeconds);
  const isRolled = await recordDeed(
    scope,
    doer,
    {
      action: 'api_key.roll',
      subject: oldId,
      detail: { ...detailOf(old), expires_at: oldEndsAt, new_key: detailOf(apiKey), new_key_id: keyId },
    },
    {
      condition: mayRollKey(old, now, overlapSeconds === 0 ? undefined : LIVE_KEYS_MAXIMUM),
      allowed: 'api_keys.change',
      changes: (isRecorded) => [
        insertKeyStatement(database, apiKey, digest, isRecorded),
        endRolledStatement(database, { keyId: oldId, now, endsAt: oldEndsAt }, isRecorded),
      ],
    },
  );
  if (isRolled) return ok({ secret, apiKey, old: { ...old, rolledAt: now, expiresAt: oldEndsAt } });
  // Somebody was first, or there is no room.
  const again = await findChangeable(scope, doer, oldId, 'roll');
  return again.ok ? refused({ code: 'too_many_keys' }) : again;
}

/**
 * Ends a key at its next use, in every isolate; with `allowed` while the doer is a member whose role allows that. Refuses with
 * `not_found`, `ended`, `built_in`.
 */
export async function revokeApiKey(
  scope: Scope,
  doer: Doer,
  keyId: string,
  allowed?: MemberAction,
): Promise<Result<void, KeyRefusal>> {
  const found = await findChangeable(scope, doer, keyId, 'revoke');
  if (!found.ok) return found;
  const { database, now } = scope;
  const isRevoked = await recordDeed(
    scope,
    doer,
    { action: 'api_key.revoke', subject: keyId, detail: detailOf(found.value) },
    {
      condition: isLiveKey(found.value, now),
      ...(allowed === undefined ? {} : { allowed }),
      changes: (isRecorded) => [revokeKeyStatement(database, found.value, now, isRecorded)],
    },
  );
  return isRevoked ? ok(undefined) : refused({ code: 'ended' });
}
