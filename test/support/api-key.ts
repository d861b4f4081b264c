/** An organisation of the sandbox directory with an API key, as the developer dashboard would leave them in D1. */
import { env } from 'cloudflare:workers';
import { type KeyScope, newApiKey } from '#clients/api-key.ts';
import { SANDBOX_DIRECTORY_KEY } from '#clients/directory.ts';
import { organisationIdOf } from '#clients/organisation.ts';
import { digestOf } from '#kernel/encoding.ts';

export interface TestOrganisation {
  readonly organisationId: string;
  readonly orgId: string;
  readonly name: string;
  readonly apiKey: string;
  readonly keyId: string;
}

export interface TestKeyParts {
  readonly environment?: 'sandbox' | 'production';
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** What it opens; all unless given. */
  readonly scopes?: readonly KeyScope[];
  /** Ranges it may come from; any unless given. */
  readonly allowedIps?: readonly string[];
  /** The key itself, where a test needs a certain one. */
  readonly apiKey?: string;
}

/** Inserts both; every call makes an organisation of its own. */
export async function insertOrganisationWithKey(parts: TestKeyParts = {}): Promise<TestOrganisation> {
  const word = crypto.randomUUID().replaceAll('-', '');
  const orgId = `org${word}`;
  const name = `Organisation ${word.slice(0, 6)}`;
  const apiKey = parts.apiKey ?? (await newApiKey('sandbox'));
  const organisationId = await organisationIdOf(SANDBOX_DIRECTORY_KEY, orgId);
  await env.DB.batch([
    env.DB.prepare('INSERT INTO organisations VALUES (?, ?, ?, ?, NULL, 0)').bind(
      organisationId,
      SANDBOX_DIRECTORY_KEY,
      orgId,
      name,
    ),
    env.DB.prepare(
      `INSERT OR REPLACE INTO api_keys (key_id, digest, organisation_id, environment, name, prefix, last_four, created_at,
         expires_at, revoked_at, scopes, allowed_ips) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
    ).bind(
      word,
      await digestOf(apiKey),
      organisationId,
      parts.environment ?? 'sandbox',
      'Test key',
      'sk_sandbox_',
      apiKey.slice(-4),
      parts.expiresAt ?? null,
      parts.revokedAt ?? null,
      (parts.scopes ?? ['sandbox', 'requests', 'usage']).join(' '),
      (parts.allowedIps ?? []).join(' '),
    ),
  ]);
  return { organisationId, orgId, name, apiKey, keyId: word };
}
