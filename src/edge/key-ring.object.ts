/** The signing keys and server secrets of this deployment: one object, one writer, so never two key sets. */
import { DurableObject } from 'cloudflare:workers';
import { makeKeyPair } from '#edge/key-pair.ts';
import {
  activeKey,
  isPublished,
  isRetired,
  type Kept,
  type KeyUse,
  nextKey,
  PUBLISHED_AFTER_MS,
  PUBLISHED_AHEAD_MS,
  type PublicKey,
  type RingAnswer,
  type RingChange,
  type RingKey,
  SECRET_NAMES,
  type SecretName,
  SIGNING_ALGORITHMS,
  usesDue,
} from '#edge/key-ring.ts';
import { importWrappingKey, keep, type WrappingKey } from '#edge/key-wrapping.ts';
import { consoleLog, describeError } from '#edge/log.ts';
import { openObjectAlarm, setObjectAlarm } from '#edge/object-alarm.ts';
import { type Environment, parseSettings } from '#edge/settings.ts';

/** How often the alarm looks at the age of the keys. */
const LOOK_AGAIN_MS = 86_400_000;
/** When the alarm tries again after a failure: alarms that throw are given up after six retries. */
const TRY_AGAIN_MS = 60_000;

type KeyRow = {
  kid: string;
  use: string;
  public_key: string;
  private_key: string | null;
  wrapping_id: string | null;
  created_at_ms: number;
  active_from_ms: number;
  retired_at_ms: number | null;
};

type SecretRow = {
  name: string;
  value: string;
  wrapping_id: string | null;
};

function keyOf(row: KeyRow): RingKey {
  return {
    kid: row.kid,
    use: row.use as KeyUse,
    publicKey: JSON.parse(row.public_key) as PublicKey,
    privateKey: row.private_key === null ? undefined : { text: row.private_key, wrappingId: row.wrapping_id },
    createdAtMs: row.created_at_ms,
    activeFromMs: row.active_from_ms,
    retiredAtMs: row.retired_at_ms ?? undefined,
  };
}

interface Configured {
  readonly environment: Environment;
  readonly wrapping: WrappingKey | undefined;
}

export class KeyRing extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(state: DurableObjectState, bindings: Env) {
    super(state, bindings);
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS keys (kid TEXT PRIMARY KEY, use TEXT NOT NULL, public_key TEXT NOT NULL,
         private_key TEXT, wrapping_id TEXT, created_at_ms INTEGER NOT NULL, active_from_ms INTEGER NOT NULL,
         retired_at_ms INTEGER) STRICT;
       CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL, wrapping_id TEXT) STRICT`,
    );
  }

  /**
   * The ring as isolates need it. The first call makes the EC keys and the secrets; RSA keys come from the alarm, at
   * once after it. Refused (and nothing made) when what is stored was wrapped under another secret than the configured
   * one, or lies unwrapped in production.
   */
  async ring(nowMs: number): Promise<RingAnswer> {
    const configured = await this.#configured();
    if (!configured.ok) return configured;
    await this.#makeSecrets(configured.value);
    const isSandbox = configured.value.environment === 'sandbox';
    await this.#makeMissing(configured.value, isSandbox ? ['ES256', 'directory'] : ['ES256'], nowMs);
    if ((await this.ctx.storage.getAlarm()) === null) setObjectAlarm(this.ctx.storage, nowMs, nowMs);
    const secrets = this.#sql
      .exec<SecretRow>('SELECT * FROM secrets')
      .toArray()
      .map(({ name, value, wrapping_id: wrappingId }) => [name, { text: value, wrappingId }] as const);
    // What is retired cannot sign.
    const keys = Array.from(
      this.#keys().filter((key) => isPublished(key, nowMs)),
      (key) => (isRetired(key, nowMs) ? { ...key, privateKey: undefined } : key),
    );
    return { ok: true, ring: { keys, secrets: Object.fromEntries(secrets) as Record<SecretName, Kept> } };
  }

  /**
   * Publishes a next key for the use of `kid`, or for every algorithm this server signs with; it signs ten minutes later.
   * A use that has a next key already keeps it. The sandbox directory's key is rotated only by its name: statements
   * live a year, and it is another authority's key that only happens to lie here. An operator's or the alarm's call, never a customer's: it may make RSA keys.
   */
  async rotate(nowMs: number, kid?: string): Promise<RingChange> {
    const configured = await this.#configured();
    if (!configured.ok) return configured;
    const keys = this.#keys();
    const named = keys.find((key) => key.kid === kid);
    if (kid !== undefined && named === undefined) return { ok: false, reason: 'no such key' };
    const uses =
      named === undefined
        ? SIGNING_ALGORITHMS.filter((use) => keys.some((key) => key.use === use))
        : [named.use];
    return { ok: true, kids: await this.#replace(configured.value, uses, nowMs) };
  }

  /**
   * Removes a key at once, from signing and from what is published; isolates drop it within 60 s. Where it was the one
   * in use, the next key signs from now on, or a new one is made.
   */
  async compromised(nowMs: number, kid: string): Promise<RingChange> {
    const configured = await this.#configured();
    if (!configured.ok) return configured;
    const removed = this.#keys().find((key) => key.kid === kid);
    if (removed === undefined) return { ok: false, reason: 'no such key' };
    const { use } = removed;
    this.#sql.exec('DELETE FROM keys WHERE kid = ?', kid);
    const left = this.#keys().filter((key) => !isRetired(key, nowMs));
    const next = nextKey(left, use, nowMs);
    if (activeKey(left, use, nowMs) === undefined) {
      if (next === undefined)
        return { ok: true, kids: [await this.#make(configured.value, use, nowMs, nowMs)] };
      this.#sql.exec('UPDATE keys SET active_from_ms = ? WHERE kid = ?', nowMs, next.kid);
      return { ok: true, kids: [next.kid] };
    }
    // Where the removed key was the next one, the key in use has no successor any more.
    if (next === undefined) {
      this.#sql.exec('UPDATE keys SET retired_at_ms = NULL WHERE use = ? AND retired_at_ms > ?', use, nowMs);
    }
    return { ok: true, kids: [] };
  }

  /** Makes what is missing, replaces what is old, forgets what is past. Comes at least once; each step looks first. */
  override async alarm(): Promise<void> {
    const nowMs = openObjectAlarm(this.ctx.storage);
    let again = LOOK_AGAIN_MS;
    try {
      const configured = await this.#configured();
      if (configured.ok) {
        await this.#makeMissing(configured.value, SIGNING_ALGORITHMS, nowMs);
        await this.#replace(configured.value, usesDue(this.#keys(), nowMs), nowMs);
        this.#forget(nowMs);
      } else {
        consoleLog('error', { event: 'key_ring_misconfigured', reason: configured.reason });
      }
    } catch (error) {
      again = TRY_AGAIN_MS;
      consoleLog('error', { event: 'key_ring_alarm_failed', reason: describeError(error) });
    }
    setObjectAlarm(this.ctx.storage, nowMs, nowMs + again);
  }

  #keys(): readonly RingKey[] {
    return this.#sql.exec<KeyRow>('SELECT * FROM keys ORDER BY use, created_at_ms, kid').toArray().map(keyOf);
  }

  async #configured(): Promise<{ ok: true; value: Configured } | { ok: false; reason: string }> {
    const settings = parseSettings(this.env as unknown as Record<string, unknown>);
    if (!settings.ok) return { ok: false, reason: settings.refusal.reason };
    const { environment, keyWrappingSecret } = settings.value;
    const wrapping = keyWrappingSecret === undefined ? undefined : await importWrappingKey(keyWrappingSecret);
    const kept = this.#sql
      .exec<{ wrapping_id: string | null }>(
        'SELECT wrapping_id FROM keys WHERE private_key IS NOT NULL UNION SELECT wrapping_id FROM secrets',
      )
      .toArray()
      .map((row) => row.wrapping_id);
    if (environment === 'production' && kept.includes(null)) {
      return { ok: false, reason: 'key ring: unwrapped keys in production' };
    }
    return kept.every((wrappingId) => wrappingId === null || wrappingId === wrapping?.id)
      ? { ok: true, value: { environment, wrapping } }
      : { ok: false, reason: 'key ring: wrapped under another KEY_WRAPPING_SECRET' };
  }

  async #makeSecrets({ environment, wrapping }: Configured): Promise<void> {
    const present = this.#sql.exec<{ n: number }>('SELECT count(*) AS n FROM secrets').one().n;
    if (present === SECRET_NAMES.length) return;
    const kept = await Promise.all(
      SECRET_NAMES.map(async (name) => {
        const bytes = crypto.getRandomValues(new Uint8Array(32));
        return [name, await keep(bytes, { environment, name, use: 'secret' }, wrapping)] as const;
      }),
    );
    for (const [name, { text, wrappingId }] of kept) {
      this.#sql.exec(
        'INSERT OR IGNORE INTO secrets (name, value, wrapping_id) VALUES (?, ?, ?)',
        name,
        text,
        wrappingId,
      );
    }
  }

  /** Makes the first key of each use that has none; it signs at once, as there is no other. */
  async #makeMissing(configured: Configured, uses: readonly KeyUse[], nowMs: number): Promise<void> {
    for (const use of uses) {
      if (!this.#keys().some((key) => key.use === use)) await this.#make(configured, use, nowMs, 0);
    }
  }

  /** Makes next keys; the present ones retire when those become active. */
  async #replace(configured: Configured, uses: readonly KeyUse[], nowMs: number): Promise<readonly string[]> {
    const kids: string[] = [];
    for (const use of uses) {
      const pending = nextKey(this.#keys(), use, nowMs);
      kids.push(pending?.kid ?? (await this.#make(configured, use, nowMs, nowMs + PUBLISHED_AHEAD_MS)));
    }
    return kids;
  }

  /** Makes a key active from `activeFromMs`, when the one before it retires. */
  async #make(
    { environment, wrapping }: Configured,
    use: KeyUse,
    nowMs: number,
    activeFromMs: number,
  ): Promise<string> {
    const { publicKey, privateBytes } = await makeKeyPair(use);
    const place = { environment, name: publicKey.kid, use };
    const kept = await keep(privateBytes, place, wrapping);
    // Awaits of crypto let no other call in, but that is workerd's habit, not its promise: look again.
    const twin = this.#keys().find((key) => key.use === use && key.activeFromMs >= activeFromMs);
    if (twin !== undefined) return twin.kid;
    this.#sql.exec(
      'UPDATE keys SET retired_at_ms = ? WHERE use = ? AND retired_at_ms IS NULL',
      activeFromMs,
      use,
    );
    this.#sql.exec(
      `INSERT INTO keys (kid, use, public_key, private_key, wrapping_id, created_at_ms, active_from_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      publicKey.kid,
      use,
      JSON.stringify(publicKey),
      kept.text,
      kept.wrappingId,
      nowMs,
      activeFromMs,
    );
    return publicKey.kid;
  }

  /** Erases private keys that no longer sign, and keys no token refers to any more. */
  #forget(nowMs: number): void {
    this.#sql.exec('DELETE FROM keys WHERE retired_at_ms <= ?', nowMs - PUBLISHED_AFTER_MS);
    this.#sql.exec('UPDATE keys SET private_key = NULL, wrapping_id = NULL WHERE retired_at_ms <= ?', nowMs);
  }
}
