/**
 * What the local sandbox holds before its first request: the organisation "Local Developer" and its default API key,
 * and the local operator's key, which the Worker takes in a local sandbox alone. Migrations never seed.
 */
import { createHash } from 'node:crypto';
import { LOCAL_API_KEY } from '#clients/api-key.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { LOCAL_ORG_ID, organisationIdOf } from '#clients/organisation.ts';
import { keptOf, LOCAL_OPERATOR_KEY } from '#operator/operator-key.ts';
import { insertKeySql } from './operator/key-sql.mjs';

export { LOCAL_API_KEY };

const NAME = 'Local Developer';
const LOCAL_OPERATOR = { name: 'local', scope: 'write', createdBy: 'local' };
const ORGANISATION_ID = await organisationIdOf(SANDBOX_DIRECTORY_KEY, LOCAL_ORG_ID);

/**
 * The statements that seed a local database, in order: `{ sql, params }` each. They run again whenever the
 * migrations or the files of scripts/ change, so each must be harmless the second time (INSERT OR IGNORE).
 */
export async function seedStatements(nowSeconds) {
  return [
    {
      sql: `INSERT OR IGNORE INTO organisations (organisation_id, directory_issuer, org_id, name, created_at)
            VALUES (?, ?, ?, ?, ?)`,
      params: [ORGANISATION_ID, SANDBOX_DIRECTORY_KEY, LOCAL_ORG_ID, NAME, nowSeconds],
    },
    {
      sql: `INSERT OR IGNORE INTO api_keys
              (key_id, digest, organisation_id, environment, name, prefix, last_four, created_at)
            VALUES ('local', ?, ?, 'sandbox', 'Local default key', 'sk_sandbox_', ?, ?)`,
      params: [
        createHash('sha256').update(LOCAL_API_KEY).digest('base64url'),
        ORGANISATION_ID,
        LOCAL_API_KEY.slice(-4),
        nowSeconds,
      ],
    },
    insertKeySql(await keptOf(LOCAL_OPERATOR_KEY, { ...LOCAL_OPERATOR, now: nowSeconds })),
  ];
}
