/** An organisation's audit log as it lies in D1. */
import { env } from 'cloudflare:workers';
import type { AuditRow } from '#developers/audit.ts';

/** All rows, in their order. */
export async function deedsOf(organisationId: string): Promise<AuditRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT organisation_id AS organisationId, sequence, at, actor_id AS actorId, actor, action, subject, detail, source,
      request_id AS requestId, previous_hash AS previousHash, hash
    FROM developer_deeds WHERE organisation_id = ? ORDER BY sequence`,
  )
    .bind(organisationId)
    .all();
  return results as unknown as AuditRow[];
}
