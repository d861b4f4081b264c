/** The statement that keeps an operator's key, for who has the database but no operator yet: the seed, the first operator. */

/** `{ sql, params }`; harmless the second time. `key` is what `keptOf` made of it. */
export function insertKeySql(key) {
  return {
    sql: `INSERT OR IGNORE INTO operator_keys
            (key_id, name, digest, scope, created_by, created_at, expires_at, revoked_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    params: [
      key.keyId,
      key.name,
      key.digest,
      key.scope,
      key.createdBy,
      key.createdAt,
      key.expiresAt,
      key.revokedAt,
    ],
  };
}
