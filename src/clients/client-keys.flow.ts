/**
 * Verifies what a client signed with its registered keys. Keys in the record are imported once a version and isolate;
 * keys behind a `jwks_uri` are fetched at most once in 5 minutes, an unknown kid apart. D1: none. Objects: none.
 */
import type { JWTVerifyGetKey } from 'jose';
import type { Client, ClientKeys } from '#clients/client.ts';
import type { DirectoryKeys } from '#clients/directory.ts';
import { type Flights, joinFlight } from '#clients/flights.ts';
import { type KeySet, parseDirectoryKeySet, parseKeySet } from '#clients/key-set.ts';
import { isSignedBy, type Signed, verifyingSet } from '#clients/signature.ts';
import { boundedCache, defineIsolateSlot } from '#edge/isolate.ts';
import { fetchJson } from '#edge/outbound.ts';
import type { Scope } from '#edge/scope.ts';
import type { Result } from '#kernel/result.ts';

/** How long a fetched set serves before it is fetched again. Source: interface section 2. */
const SET_FRESH_MS = 300_000;
/** How much longer the last good set serves while the host fails. */
const SET_GRACE_MS = 300_000;
/** A set is fetched anew for a signature it does not explain at most this often. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** A host that failed is left alone for this long. */
const FAILED_HOST_PAUSE_MS = 5_000;
/** Longest wait for a fetch that another request began: as long as one may take. */
const FETCH_WAIT_MS = 5_000;
/** Key sets an isolate keeps, of 20 keys at most. */
const KEPT_SETS = 2_000;
/** Sets of directories it keeps, of 1,000 keys at most; a bank trusts a handful. */
const KEPT_DIRECTORY_SETS = 50;
/** Longest answer of a directory's key host: 1,000 keys of some 500 bytes. */
const DIRECTORY_SET_BYTES = 1_048_576;

/** Whose key host it is: a client's, whom anybody may be, or a directory's, which the bank configured. */
type KeyHost = 'client' | 'directory';

interface ValueKeys {
  readonly version: number;
  readonly keys: JWTVerifyGetKey;
}

interface FetchedKeys {
  /** The last good set, undefined before the first. */
  readonly keys: JWTVerifyGetKey | undefined;
  /** Epoch milliseconds of the last good answer. */
  readonly fetchedAtMs: number;
  /** Epoch milliseconds of the last attempt. */
  readonly triedAtMs: number;
}

const memories = defineIsolateSlot(() => ({
  byClient: boundedCache<ValueKeys>(KEPT_SETS),
  // Apart: a client that names a directory's address must not put its own bounds on the directory's set.
  client: { byUri: boundedCache<FetchedKeys>(KEPT_SETS), flights: new Map() as Flights<FetchedKeys> },
  directory: {
    byUri: boundedCache<FetchedKeys>(KEPT_DIRECTORY_SETS),
    flights: new Map() as Flights<FetchedKeys>,
  },
}));

async function fetchSet(scope: Scope, url: string, host: KeyHost): Promise<Result<KeySet>> {
  const answer = await fetchJson(scope, url, host === 'directory' ? DIRECTORY_SET_BYTES : undefined);
  if (!answer.ok) return answer;
  return host === 'directory' ? parseDirectoryKeySet(answer.value) : parseKeySet(answer.value);
}

const NEVER: FetchedKeys = {
  keys: undefined,
  fetchedAtMs: Number.NEGATIVE_INFINITY,
  triedAtMs: Number.NEGATIVE_INFINITY,
};

async function fetchKeys(scope: Scope, jwksUri: string, host: KeyHost): Promise<FetchedKeys> {
  const { byUri } = memories.of(scope.isolate)[host];
  const known = byUri.get(jwksUri) ?? NEVER;
  byUri.set(jwksUri, { ...known, triedAtMs: scope.nowMs });
  const set = await fetchSet(scope, jwksUri, host);
  if (!set.ok) {
    scope.log('warn', { event: 'jwks_uri_failed', request_id: scope.requestId, reason: set.refusal.reason });
    return { ...known, triedAtMs: scope.nowMs };
  }
  const keys = verifyingSet(set.value.keys);
  const fetched = { keys, fetchedAtMs: scope.nowMs, triedAtMs: scope.nowMs };
  byUri.set(jwksUri, fetched);
  return fetched;
}

/** The set to go on with: fresh, or for some minutes more the last good one of a host that fails. */
function usableKeys({ keys, fetchedAtMs }: FetchedKeys, nowMs: number): JWTVerifyGetKey | undefined {
  return nowMs - fetchedAtMs < SET_FRESH_MS + SET_GRACE_MS ? keys : undefined;
}

/** Whether the set is old and its host may be asked (again). */
function isDue({ fetchedAtMs, triedAtMs }: FetchedKeys, nowMs: number): boolean {
  return nowMs - fetchedAtMs >= SET_FRESH_MS && nowMs - triedAtMs >= FAILED_HOST_PAUSE_MS;
}

/** `no_keys`: the host has not given a good set, or not for too long. */
export type EndpointCheck = 'signed' | 'not_signed' | 'no_keys';

/**
 * Whether a key behind a URL (a client's `jwks_uri`, a directory's keys) made the signature. Fetches the set where it is
 * due, or where the set at hand does not explain the signature: to be called behind the limit on strangers alone.
 */
async function checkSignatureByEndpoint(
  scope: Scope,
  url: string,
  signed: Signed,
  host: KeyHost,
): Promise<EndpointCheck> {
  const { byUri, flights } = memories.of(scope.isolate)[host];
  const known = byUri.get(url) ?? NEVER;
  const { nowMs } = scope;
  const keys = isDue(known, nowMs) ? undefined : usableKeys(known, nowMs);
  if (keys !== undefined && (await isSignedBy(keys, signed))) return 'signed';
  const mayFetch = isDue(known, nowMs) || nowMs - known.triedAtMs >= UNKNOWN_KEY_PAUSE_MS;
  // A fetch under way is joined; one is begun only after the pause.
  if (!mayFetch && !flights.has(url)) return keys === undefined ? 'no_keys' : 'not_signed';
  const latest = await joinFlight(flights, url, () => fetchKeys(scope, url, host), FETCH_WAIT_MS);
  const latestKeys = usableKeys(latest, nowMs);
  if (latestKeys === undefined) return 'no_keys';
  return latestKeys !== keys && (await isSignedBy(latestKeys, signed)) ? 'signed' : 'not_signed';
}

/** The same for keys wherever they are. Those in a record are imported anew: for what is verified once. */
export async function checkSignature(
  scope: Scope,
  keys: ClientKeys | DirectoryKeys,
  signed: Signed,
  host: KeyHost = 'client',
): Promise<EndpointCheck> {
  if (keys.by === 'reference') return checkSignatureByEndpoint(scope, keys.jwksUri, signed, host);
  return (await isSignedBy(verifyingSet(keys.jwks.keys), signed)) ? 'signed' : 'not_signed';
}

function valueKeys(
  scope: Scope,
  client: Client,
  jwks: { readonly keys: readonly object[] },
): JWTVerifyGetKey {
  const { byClient } = memories.of(scope.isolate);
  const kept = byClient.get(client.clientId);
  if (kept?.version === client.version) return kept.keys;
  const keys = verifyingSet(jwks.keys);
  byClient.set(client.clientId, { version: client.version, keys });
  return keys;
}

/**
 * Whether the client's keys, as this isolate has them, made the signature. Fetches nothing: false where the keys behind
 * a `jwks_uri` are not at hand or are due.
 */
export async function isSignedByKnownKeys(scope: Scope, client: Client, signed: Signed): Promise<boolean> {
  if (client.keys.by === 'value') return isSignedBy(valueKeys(scope, client, client.keys.jwks), signed);
  const known = memories.of(scope.isolate).client.byUri.get(client.keys.jwksUri) ?? NEVER;
  const keys = isDue(known, scope.nowMs) ? undefined : usableKeys(known, scope.nowMs);
  return keys !== undefined && isSignedBy(keys, signed);
}

/**
 * The same, fetching the set behind a `jwks_uri` where it is due, or where the set at hand does not explain the
 * signature. To be called behind the limit on strangers alone. False where no good set can be had.
 */
export async function isSignedByClient(scope: Scope, client: Client, signed: Signed): Promise<boolean> {
  return client.keys.by === 'value'
    ? isSignedByKnownKeys(scope, client, signed)
    : (await checkSignature(scope, client.keys, signed)) === 'signed';
}
