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

interface FetchedKeys {
  /** The last good set, undefined before the first. */
  readonly keys: JWTVerifyGetKey | undefined;
  /** Epoch milliseconds of the last good answer. */
  readonly fetchedAtMs: number;
  /** Epoch milliseconds of the last attempt. */
  readonly triedAtMs: number;
}

const memories = defineIsolateSlot(() => ({
  /** Of records. A record is one object as long as it is remembered, another in its next version. */
  ofRecords: new WeakMap<Client, JWTVerifyGetKey>(),
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
  const tried = { ...(byUri.get(jwksUri) ?? NEVER), triedAtMs: scope.nowMs };
  byUri.set(jwksUri, tried);
  const set = await fetchSet(scope, jwksUri, host);
  if (!set.ok) {
    scope.log('warn', { event: 'jwks_uri_failed', request_id: scope.requestId, reason: set.refusal.reason });
    return tried;
  }
  const fetched = { ...tried, keys: verifyingSet(set.value.keys), fetchedAtMs: scope.nowMs };
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

/** The set at hand; undefined where there is none, and where its host is to be asked first. */
function keysAtHand(known: FetchedKeys, nowMs: number): JWTVerifyGetKey | undefined {
  return isDue(known, nowMs) ? undefined : usableKeys(known, nowMs);
}

/** `no_keys`: the host has not given a good set, or not for too long. */
export type KeysCheck = 'signed' | 'not_signed' | 'no_keys';

/**
 * Whether one of these keys made the signature. Those in a record are imported anew: for what is verified once. Those behind
 * a URL (a client's `jwks_uri`, a directory's keys) are fetched where the set is due, or where the set at hand does not
 * explain the signature: to be called behind the limit on strangers alone.
 */
export async function checkSignature(
  scope: Scope,
  keys: ClientKeys | DirectoryKeys,
  signed: Signed,
  host: KeyHost = 'client',
): Promise<KeysCheck> {
  if (keys.by === 'value') {
    return (await isSignedBy(verifyingSet(keys.jwks.keys), signed)) ? 'signed' : 'not_signed';
  }
  const { jwksUri } = keys;
  const { nowMs } = scope;
  const { byUri, flights } = memories.of(scope.isolate)[host];
  const known = byUri.get(jwksUri) ?? NEVER;
  const atHand = keysAtHand(known, nowMs);
  if (atHand !== undefined && (await isSignedBy(atHand, signed))) return 'signed';
  // A fetch under way is joined; one is begun only after the pause.
  const mayFetch =
    flights.has(jwksUri) || isDue(known, nowMs) || nowMs - known.triedAtMs >= UNKNOWN_KEY_PAUSE_MS;
  const latest = mayFetch
    ? await joinFlight(flights, jwksUri, () => fetchKeys(scope, jwksUri, host), FETCH_WAIT_MS)
    : known;
  const latestKeys = usableKeys(latest, nowMs);
  if (latestKeys === undefined) return 'no_keys';
  return latestKeys !== atHand && (await isSignedBy(latestKeys, signed)) ? 'signed' : 'not_signed';
}

/** A client registered for one algorithm uses that one. */
function isAlgorithmOf({ assertionAlgorithm }: Client, { algorithm }: Signed): boolean {
  return assertionAlgorithm === undefined || assertionAlgorithm === algorithm;
}

function recordKeys(
  scope: Scope,
  client: Client,
  { keys }: { readonly keys: readonly object[] },
): JWTVerifyGetKey {
  const { ofRecords } = memories.of(scope.isolate);
  const made = ofRecords.get(client) ?? verifyingSet(keys);
  ofRecords.set(client, made);
  return made;
}

/**
 * Whether the client's keys, as this isolate has them, made the signature in the client's algorithm. Fetches nothing: false
 * where the keys behind a `jwks_uri` are not at hand or are due.
 */
export async function isSignedByKnownKeys(scope: Scope, client: Client, signed: Signed): Promise<boolean> {
  const { keys } = client;
  const known =
    keys.by === 'value'
      ? recordKeys(scope, client, keys.jwks)
      : keysAtHand(memories.of(scope.isolate).client.byUri.get(keys.jwksUri) ?? NEVER, scope.nowMs);
  return known !== undefined && isAlgorithmOf(client, signed) && isSignedBy(known, signed);
}

/** The same, fetching the set behind a `jwks_uri` as `checkSignature` does. False where no good set can be had. */
export async function isSignedByClient(scope: Scope, client: Client, signed: Signed): Promise<boolean> {
  if (client.keys.by === 'value') return isSignedByKnownKeys(scope, client, signed);
  return isAlgorithmOf(client, signed) && (await checkSignature(scope, client.keys, signed)) === 'signed';
}
