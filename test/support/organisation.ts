/** An organisation in D1 without a tenant yet. */
import { env } from 'cloudflare:workers';

/** Returns its id. */
export async function insertTestOrganisation(): Promise<string> {
  const organisationId = crypto.randomUUID();
  await env.DB.prepare(
    'INSERT INTO organisations (organisation_id, directory_issuer, org_id, name, tenant_id, created_at) VALUES (?1, ?2, ?1, ?3, NULL, 0)',
  )
    .bind(organisationId, 'https://directory.example', 'Test Organisation')
    .run();
  return organisationId;
}
