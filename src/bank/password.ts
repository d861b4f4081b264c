/** Passwords as scrypt digests, hashed one at a time in an isolate. Source: OWASP Password Storage Cheat Sheet (scrypt). */
import { type PasswordDigest, parsePasswordDigest } from '#bank/password-digest.ts';
import { toBase64Url, utf8 } from '#kernel/encoding.ts';
import { ok, type Result, refuse } from '#kernel/result.ts';

/** OWASP's scrypt setting for 16 MiB of memory; about 200 ms of CPU. Workers cap N*r*p at 2^20. */
const COST = { N: 16_384, r: 8, p: 5 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Hashes that may wait behind the one that runs; each takes about 200 ms, so the last of them waits some 4 s. Beyond
 * that a refusal is kinder than the wait.
 */
const MAXIMUM_WAITING = 20;
/** How often a waiting hash looks whether its turn has come, milliseconds. */
const LOOK_MS = 5;
/**
 * Looks after which the hash in front counts as abandoned (2 s and more). A request whose caller hangs up stops at its
 * next await and never gives its turn back, so those behind take it.
 */
const LOOKS_UNTIL_ABANDONED = 400;

/** Shaped like a real digest, of a password that nobody has: names without a customer are compared with it. */
const NOBODYS_DIGEST = 'scrypt$16384$8$5$R2hvc3RseWhhbXN0ZXIhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

function parseDigest(text: string): PasswordDigest {
  const digest = parsePasswordDigest(text);
  if (digest === undefined) throw new Error('stored digest is malformed');
  return digest;
}

// The queue of this thread: hashing holds the thread itself, so it is no matter of one app's caches.
const turns: symbol[] = [];

function leave(turn: symbol): void {
  const place = turns.indexOf(turn);
  if (place >= 0) turns.splice(place, 1);
}

/** Waits until nobody is in front; false when too many wait already. */
async function takeTurn(turn: symbol): Promise<boolean> {
  if (turns.length > MAXIMUM_WAITING) return false;
  turns.push(turn);
  let looks = 0;
  let seen = turns[0];
  do {
    // Always at least one wait, so that other requests get the thread between two hashes.
    await scheduler.wait(LOOK_MS);
    const front = turns[0];
    looks = front === seen ? looks + 1 : 0;
    seen = front;
    if (front !== undefined && front !== turn && looks > LOOKS_UNTIL_ABANDONED) leave(front);
  } while (turns[0] !== turn && turns.includes(turn));
  return true;
}

const hashesRun = new Map<string, number>();

/** How often this thread has hashed at each cost, `N$r$p`: by it tests see that no name costs more or less than another. */
export function countHashes(): ReadonlyMap<string, number> {
  return new Map(hashesRun);
}

async function derive(password: string, { salt, N, r, p }: Omit<PasswordDigest, 'key'>): Promise<Uint8Array> {
  const cost = `${N}$${r}$${p}`;
  hashesRun.set(cost, (hashesRun.get(cost) ?? 0) + 1);
  // Imported here, as loading it costs several milliseconds that every isolate would pay before its first answer.
  const { scrypt } = await import('node:crypto');
  const options = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // NFKC: the same password typed on another keyboard is the same password (NIST SP 800-63B section 5.1.1.2).
    scrypt(utf8(password.normalize('NFKC')), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}

async function deriveInTurn(
  password: string,
  digest: Omit<PasswordDigest, 'key'>,
): Promise<Result<Uint8Array>> {
  const turn = Symbol('turn');
  if (!(await takeTurn(turn))) {
    return refuse('service_unavailable', 'too many passwords wait to be hashed', { retryAfterSeconds: 5 });
  }
  try {
    return ok(await derive(password, digest));
  } finally {
    leave(turn);
  }
}

/** A digest to keep, with its salt and cost: `scrypt$N$r$p$salt$key`. Refuses with `service_unavailable` when too many wait. */
export async function hashPassword(password: string): Promise<Result<string>> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await deriveInTurn(password, { ...COST, salt });
  if (!key.ok) return key;
  const { N, r, p } = COST;
  return ok(`scrypt$${N}$${r}$${p}$${toBase64Url(salt)}$${toBase64Url(key.value)}`);
}

/**
 * Whether the password is the digest's. Give `undefined` for a name that is unknown or refused: it costs the same and is
 * never right. Refuses with `service_unavailable` when too many hashes wait; nothing was compared then.
 */
export async function verifyPassword(digest: string | undefined, password: string): Promise<Result<boolean>> {
  const kept = parseDigest(digest ?? NOBODYS_DIGEST);
  const key = await deriveInTurn(password, kept);
  if (!key.ok) return key;
  const equal =
    key.value.byteLength === kept.key.byteLength && crypto.subtle.timingSafeEqual(key.value, kept.key);
  return ok(equal && digest !== undefined);
}
